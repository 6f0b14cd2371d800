//! Checking.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use chrono::{DateTime, Utc};

use super::bound::bound_to;
use super::{Bound, Run, SuiteRun, bound, clock, memory, untrusted};
use crate::data::{ColumnPath, Dataset, caught, redacted};
use crate::engine::{
    Control, Engine, EngineError, Measurements, MetricError, PolarsEngine, Progress, Strategy, Support,
};
use crate::evaluate::{Circumstances, Outcome, Verdict, judge};
use crate::gate::{Policies, decide};
use crate::plan::Plan;
use crate::privacy::Shown;
use crate::source::{Data, Identity, Opened, SourceError, StorageOptions, Trust};
use crate::suite::{Check, Suite};

/// How to check.
#[derive(Clone)]
pub struct CheckOptions {
    /// What opens the data and measures it.
    pub engine: Arc<dyn Engine>,
    /// How many failing rows to show for a check that does not say.
    pub samples: usize,
    /// The columns that name a failing row, instead of those of the suite; its own if empty.
    pub key: Vec<ColumnPath>,
    /// What stops each layer.
    pub policies: Policies,
    /// Whether a check that had nothing to judge passes.
    pub vacuous_passes: bool,
    /// Ids, expectations, columns or tags of the checks that are asked for; all if empty.
    pub select: Vec<String>,
    /// What lies under the name of another dataset that a check speaks of; its URI unless told.
    pub datasets: Arc<dyn Fn(&str) -> Data + Send + Sync>,
    /// What opens object stores, beside the environment.
    pub storage: StorageOptions,
    /// Whose statistics count, where they prove what then need not be read.
    pub trust: Trust,
    /// The time that counts as now; the clock's unless given.
    pub now: Option<DateTime<Utc>>,
    /// How many bytes of memory there are for what is kept within them; [`memory`] unless given.
    pub memory: Option<u64>,
    /// Set to stop at the next chance.
    pub cancelled: Arc<AtomicBool>,
    /// Hears how far the read is.
    pub progress: Arc<dyn Fn(Progress) + Send + Sync>,
}

impl Default for CheckOptions {
    fn default() -> Self {
        Self {
            engine: Arc::new(PolarsEngine::default()),
            samples: 10,
            key: Vec::new(),
            policies: Policies::default(),
            vacuous_passes: true,
            select: Vec::new(),
            datasets: Arc::new(|uri| Data::from(uri)),
            storage: StorageOptions::default(),
            trust: Trust::default(),
            now: None,
            memory: None,
            cancelled: Arc::default(),
            progress: Arc::new(|_| {}),
        }
    }
}

impl std::fmt::Debug for CheckOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CheckOptions")
            .field("engine", &self.engine.name())
            .field("samples", &self.samples)
            .field("key", &self.key)
            .field("policies", &self.policies)
            .field("vacuous_passes", &self.vacuous_passes)
            .field("select", &self.select)
            .field("storage", &self.storage)
            .field("trust", &self.trust)
            .field("now", &self.now)
            .field("memory", &self.memory)
            .finish_non_exhaustive()
    }
}

impl CheckOptions {
    /// Returns whether a check is asked for.
    #[must_use]
    pub fn selects(&self, check: &Check) -> bool {
        self.select.is_empty()
            || self.select.iter().any(|wanted| {
                *wanted == check.id
                    || *wanted == check.name
                    || wanted == check.definition.id
                    || check.tags.contains(wanted)
                    || check.column.as_ref().is_some_and(|column| column.to_string() == *wanted)
            })
    }
}

/// Checks data against a suite.
///
/// Whatever happens, every check of the suite ends in exactly one verdict: data that cannot be
/// read makes each an error.
pub fn check(suite: &Suite, data: impl Into<Data>, options: &CheckOptions) -> Run {
    let started_at = options.now.unwrap_or_else(clock::now);
    let start = Instant::now();
    let run = run_suite(suite, data.into(), &CheckOptions { now: Some(started_at), ..options.clone() });
    Run::new(started_at, start.elapsed(), vec![run])
}

/// Checks one suite of a run.
pub fn run_suite(suite: &Suite, data: Data, options: &CheckOptions) -> SuiteRun {
    let uri = Some(data.uri());
    run_bound(suite, uri, options, || bound(suite, data, options))
}

/// Checks one suite on data that the engine of the options has opened before, at a URI if they have any.
pub fn run_opened(
    suite: &Suite,
    data: Box<dyn Opened>,
    uri: Option<&str>,
    options: &CheckOptions,
) -> SuiteRun {
    let shown = uri.map(redacted);
    run_bound(suite, shown, options, || Ok(bound_to(suite, data, uri, options)))
}

/// Judges what is bound.
fn run_bound(
    suite: &Suite,
    uri: Option<String>,
    options: &CheckOptions,
    bind: impl FnOnce() -> Result<Bound, SourceError>,
) -> SuiteRun {
    let start = Instant::now();
    let policy = options.policies.of(suite.layer);
    let privacy = suite.privacy();
    let unjudged = |identity: Option<Identity>, error: Shown<str>, help: Option<&str>| {
        let outcome = |check: &Check| {
            if options.selects(check) {
                Outcome { help: help.map(Shown::<str>::vouched), ..Outcome::unjudged(Verdict::Error, &error) }
            } else {
                Outcome::unjudged(Verdict::Skip, &"not asked for".into())
            }
        };
        let outcomes = suite.checks.iter().map(outcome).collect();
        (identity, Some(error), None, outcomes)
    };
    let judge_it = || match bind() {
        Err(error) => unjudged(None, privacy.text(&untrusted(&error)), error.help()),
        Ok(Bound { plan: Err(error), snapshot, .. }) => {
            let line = error.span.map(|span| span.position(&suite.text).line);
            let path = if suite.path.is_empty() { "the suite" } else { suite.path.as_str() };
            let at = line.map_or_else(String::new, |line| format!("line {line} of {path}: "));
            let error = with_help(&format!("{at}{}", error.message), error.help.as_deref());
            unjudged(Some(snapshot.identity().clone()), Shown::vouched(error), None)
        }
        Ok(Bound { plan: Ok(plan), snapshot, others, now }) => {
            let measured = measure(&plan, snapshot.as_ref(), &others, options)
                .map_err(|error| privacy.text(&error.untrusted()));
            let circumstances = Circumstances {
                now,
                committed: snapshot.identity().committed,
                vacuous_passes: options.vacuous_passes,
            };
            let outcomes = judge(suite, &plan, &measured, &circumstances);
            let (execution, unread) = match measured {
                Ok(measured) => (Some((options.engine.name(), measured.execution)), None),
                Err(unread) => (None, Some(unread)),
            };
            (Some(snapshot.identity().clone()), unread, execution, outcomes)
        }
    };
    // A panic that nothing else has caught costs the suite its verdicts, and not the run its report.
    let (snapshot, error, execution, outcomes) = caught(judge_it).unwrap_or_else(|panic| {
        let error = EngineError::Query { reason: format!("it panicked: {panic}").into() };
        unjudged(None, privacy.text(&error.untrusted()), None)
    });
    let verdicts: Vec<Verdict> = outcomes.iter().map(|outcome| outcome.verdict).collect();
    let gate = decide(suite.layer, policy, &verdicts);
    let suite = suite.clone();
    SuiteRun { suite, uri, snapshot, error, execution, elapsed: start.elapsed(), outcomes, gate }
}

fn measure(
    plan: &Plan,
    data: &dyn Opened,
    others: &BTreeMap<Dataset, Box<dyn Opened>>,
    options: &CheckOptions,
) -> Result<Measurements, EngineError> {
    let mut found = controlled(options, |control| options.engine.measure(plan, data, others, control))?;
    // An engine need not say twice what it cannot.
    for (id, metric) in plan.metrics.entries() {
        if let Support::Refused(reason) = options.engine.support(metric) {
            found.measured[id] = Err(MetricError::Unsupported(reason));
        }
    }
    Ok(found)
}

/// What the engine will do for a plan: [`run_suite`] does just that.
///
/// # Errors
/// The metadata of the data cannot be read.
pub fn strategy(
    plan: &Plan,
    data: &dyn Opened,
    others: &BTreeMap<Dataset, Box<dyn Opened>>,
    options: &CheckOptions,
) -> Result<Strategy, EngineError> {
    controlled(options, |control| options.engine.strategy(plan, data, others, control))
}

/// Lets an engine work as the options say.
fn controlled<T>(options: &CheckOptions, work: impl FnOnce(Control<'_>) -> T) -> T {
    work(Control {
        trust: options.trust,
        memory: options.memory.or_else(memory).unwrap_or(u64::MAX),
        cancelled: &|| options.cancelled.load(Ordering::Relaxed),
        progress: options.progress.as_ref(),
    })
}

impl SuiteRun {
    /// A suite that was not run, with the reason.
    #[must_use]
    pub fn skipped(suite: &Suite, reason: &str, options: &CheckOptions) -> Self {
        let reason = Shown::vouched(reason);
        let outcomes: Vec<Outcome> =
            suite.checks.iter().map(|_| Outcome::unjudged(Verdict::Skip, &reason)).collect();
        let verdicts: Vec<Verdict> = outcomes.iter().map(|outcome| outcome.verdict).collect();
        let gate = decide(suite.layer, options.policies.of(suite.layer), &verdicts);
        let uri = suite.data.as_deref().map(redacted);
        Self {
            suite: suite.clone(),
            uri,
            snapshot: None,
            error: None,
            execution: None,
            elapsed: std::time::Duration::ZERO,
            outcomes,
            gate,
        }
    }
}

fn with_help(message: &str, help: Option<&str>) -> String {
    help.map_or_else(|| message.to_owned(), |help| format!("{message}; {help}"))
}

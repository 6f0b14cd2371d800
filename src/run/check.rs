//! Checks data against suites: opens, binds, measures, judges and decides.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use chrono::{DateTime, Utc};

use super::{Bound, Run, SuiteRun, bound, clock, memory, untrusted};
use crate::data::{ColumnPath, Dataset, caught, redacted};
use crate::engine::{
    Control, Engine, EngineError, Measurements, MetricError, PolarsEngine, Progress, Strategy, Support,
};
use crate::evaluate::{JudgeOptions, Outcome, Verdict, judge};
use crate::gate::{Policies, decide};
use crate::plan::Plan;
use crate::privacy::Shown;
use crate::source::{Data, Identity, Opened, StorageOptions, Trust};
use crate::suite::{Check, Suite};

/// The options of a check.
#[derive(Clone)]
pub struct CheckOptions {
    /// The engine that opens the data and measures it.
    pub engine: Arc<dyn Engine>,
    /// Number of failing rows to show for a check that does not set its own.
    pub samples: usize,
    /// The columns that identify a failing row, instead of those of the suite; if empty, the suite's own.
    pub key: Vec<ColumnPath>,
    /// The policy of each layer's gate.
    pub policies: Policies,
    /// True if a check without any row to judge passes.
    pub vacuous_passes: bool,
    /// The ids, expectations, columns or tags of the checks to run; all checks if empty.
    pub select: Vec<String>,
    /// Resolves the name of another dataset that a check refers to; by default, the name is its URI.
    pub datasets: Arc<dyn Fn(&str) -> Data + Send + Sync>,
    /// Options for opening object stores, in addition to the environment.
    pub storage: StorageOptions,
    /// The statistics that may replace reading rows.
    pub trust: Trust,
    /// The time that counts as now; by default, that of the clock.
    pub now: Option<DateTime<Utc>>,
    /// Number of bytes of memory for state that grows with the rows; by default, [`memory`].
    pub memory: Option<u64>,
    /// Set to true to stop the run at the next chance.
    pub cancelled: Arc<AtomicBool>,
    /// Receives the progress of the read.
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
    /// Returns whether a check is selected.
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
/// Every check of the suite ends in exactly one verdict, whatever happens: if the data cannot be read, each
/// check is an error.
pub fn check(suite: &Suite, data: impl Into<Data>, options: &CheckOptions) -> Run {
    let started_at = options.now.unwrap_or_else(clock::now);
    let start = Instant::now();
    let run = run_suite(suite, data.into(), &CheckOptions { now: Some(started_at), ..options.clone() });
    Run::new(started_at, start.elapsed(), vec![run])
}

/// Checks data against one suite of a run.
pub fn run_suite(suite: &Suite, data: Data, options: &CheckOptions) -> SuiteRun {
    let start = Instant::now();
    let policy = options.policies.of(suite.layer);
    let uri = Some(data.uri());
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
    let judge_it = || match bound(suite, data, options) {
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
            let judge_options = JudgeOptions {
                now,
                committed: snapshot.identity().committed,
                vacuous_passes: options.vacuous_passes,
            };
            let outcomes = judge(suite, &plan, &measured, &judge_options);
            let (execution, unread) = match measured {
                Ok(measured) => (Some((options.engine.name(), measured.execution)), None),
                Err(unread) => (None, Some(unread)),
            };
            (Some(snapshot.identity().clone()), unread, execution, outcomes)
        }
    };
    // A panic that was not caught before fails the checks of this suite, but the run still has its report.
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
    // An engine that refuses a metric in `support` need not refuse it again in `measure`.
    for (id, metric) in plan.metrics.entries() {
        if let Support::Refused(reason) = options.engine.support(metric) {
            found.measured[id] = Err(MetricError::Unsupported(reason));
        }
    }
    Ok(found)
}

/// Returns what the engine will do for a plan; [`run_suite`] does exactly that.
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

/// Runs work of the engine under the options.
fn controlled<T>(options: &CheckOptions, work: impl FnOnce(Control<'_>) -> T) -> T {
    work(Control {
        trust: options.trust,
        memory: options.memory.or_else(memory).unwrap_or(u64::MAX),
        cancelled: &|| options.cancelled.load(Ordering::Relaxed),
        progress: options.progress.as_ref(),
    })
}

impl SuiteRun {
    /// Returns the run of a suite that was skipped, with the reason.
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

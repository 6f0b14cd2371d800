//! Checks data against suites: opens, binds, measures, judges and decides.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::bound::{OpenedData, Place, open, with_others};
use super::{Run, SuiteRun, clock, memory, untrusted};
use crate::data::{ColumnPath, Dataset, caught, redacted};
use crate::engine::{
    Control, Engine, EngineError, Measurements, MetricError, OtherDatasets, PolarsEngine, Progress, Strategy,
    Support,
};
use crate::evaluate::{JudgeOptions, Outcome, Verdict, judge};
use crate::gate::{Policies, decide};
use crate::plan::{BindError, Plan, Union};
use crate::privacy::{Shown, Untrusted};
use crate::source::{Data, DataSource, Identity, Opened, SourceError, StorageOptions, Trust};
use crate::suite::{Check, Suite};

/// The options of a check.
#[derive(Clone)]
pub struct CheckOptions {
    /// The engine that opens the data and measures it.
    pub engine: Arc<dyn Engine>,
    /// Number of failing rows to show for a check that does not set its own.
    pub samples: usize,
    /// True if failing rows that are shown come with all their columns, which takes a further scan of few rows.
    pub whole_rows: bool,
    /// The columns that identify a failing row, instead of those of the suite; if empty, the suite's own.
    pub key: Vec<ColumnPath>,
    /// The policy of each layer's gate.
    pub policies: Policies,
    /// True if a check without any row to judge passes.
    pub vacuous_passes: bool,
    /// The ids, expectations, columns or tags of the checks to run; all checks if empty.
    pub select: Vec<String>,
    /// Resolves the name of another dataset that a check refers to; by default, the name is its URI.
    pub datasets: Arc<dyn Fn(&str) -> DataSource + Send + Sync>,
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
            whole_rows: false,
            key: Vec::new(),
            policies: Policies::default(),
            vacuous_passes: true,
            select: Vec::new(),
            datasets: Arc::new(|uri| DataSource::from(uri)),
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
            .field("whole_rows", &self.whole_rows)
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

    /// Returns whether a selected check of a suite counts malformed rows, which are left out then.
    #[must_use]
    pub fn counts_malformed(&self, suite: &Suite) -> bool {
        suite.checks.iter().any(|check| self.selects(check) && check.expectation.counts_malformed())
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
    only(suite, run_together(&[suite], data, options))
}

/// Returns the run of the only suite that ran.
pub(super) fn only(suite: &Suite, mut runs: Vec<SuiteRun>) -> SuiteRun {
    runs.pop().unwrap_or_else(|| SuiteRun::unread(Suite::unread(&suite.path, None), "the run gave no result"))
}

/// Checks data that the engine of the options has opened before against one suite. `uri` is that of the data, if it has
/// one.
pub fn run_opened(
    suite: &Suite,
    data: Box<dyn Opened>,
    uri: Option<&str>,
    options: &CheckOptions,
) -> SuiteRun {
    let shown = uri.map(redacted).unwrap_or_default();
    let place = uri.map(Place::of_uri);
    let judged = run_caught(&[suite], &shown, options, || {
        judge_opened(&[suite], &with_others(&[suite], data, place.as_ref(), options), options, &shown)
    });
    only(suite, judged)
}

/// The runs of suites, with the data that they judged.
pub struct Judged {
    /// One run for each suite, in the order of the suites.
    pub runs: Vec<SuiteRun>,
    /// The data; `None` if the engine panicked.
    pub data: Option<Box<dyn Opened>>,
}

/// Checks data that the engine of the options has opened before against several suites, and gives it back.
pub fn run_opened_together(
    suites: &[&Suite],
    data: Box<dyn Opened>,
    source: &Data,
    options: &CheckOptions,
) -> Judged {
    let shown = source.uri();
    let mut kept = None;
    let runs = run_caught(suites, &shown, options, || {
        let opened = with_others(suites, data, Place::of(source).as_ref(), options);
        let runs = judge_opened(suites, &opened, options, &shown);
        kept = Some(opened.snapshot);
        runs
    });
    Judged { runs, data: kept }
}

/// Returns the runs of suites whose data cannot be opened, or is not judged for another reason.
pub fn run_unopened(
    suites: &[&Suite],
    source: &Data,
    error: &SourceError,
    options: &CheckOptions,
) -> Vec<SuiteRun> {
    let shown = source.uri();
    run_caught(suites, &shown, options, || unopened(suites, &shown, error, options))
}

/// Checks data against several suites, which must read it by the same dialect. The data is read once for all
/// of them.
///
/// Returns one run for each suite, in the order of the suites. A column that one of them calls personal is
/// personal in all.
pub fn run_together(suites: &[&Suite], data: Data, options: &CheckOptions) -> Vec<SuiteRun> {
    let uri = data.uri();
    run_caught(suites, &uri, options, || judge_together(suites, data, options, &uri))
}

/// Runs suites of the same data, and measures how long that takes.
pub(super) fn run_caught(
    suites: &[&Suite],
    uri: &str,
    options: &CheckOptions,
    judge: impl FnOnce() -> Vec<SuiteRun>,
) -> Vec<SuiteRun> {
    let start = Instant::now();
    // A panic that was not caught before fails the checks of these suites, but the run still has its report.
    let mut runs = caught(judge).unwrap_or_else(|panic| {
        let error = EngineError::Query { reason: format!("it panicked: {panic}").into() };
        let unjudged = |suite: &&Suite| {
            let error = suite.privacy().text(&error.untrusted());
            unjudged((*suite).clone(), uri, None, error, None, options)
        };
        suites.iter().map(unjudged).collect()
    });
    for run in &mut runs {
        run.elapsed = start.elapsed();
        run.shared_by = suites.len();
    }
    runs
}

fn judge_together(suites: &[&Suite], data: Data, options: &CheckOptions, uri: &str) -> Vec<SuiteRun> {
    let opened = match open(suites, data, options) {
        Ok(opened) => opened,
        Err(error) => return unopened(suites, uri, &error, options),
    };
    judge_opened(suites, &opened, options, uri)
}

fn unopened(suites: &[&Suite], uri: &str, error: &SourceError, options: &CheckOptions) -> Vec<SuiteRun> {
    let unjudged = |suite: &&Suite| {
        let message = suite.privacy().text(&untrusted(error));
        unjudged((*suite).clone(), uri, None, message, error.help(), options)
    };
    suites.iter().map(unjudged).collect()
}

fn judge_opened(suites: &[&Suite], opened: &OpenedData, options: &CheckOptions, uri: &str) -> Vec<SuiteRun> {
    let is_there = |column: &ColumnPath| opened.snapshot.schema().resolve(column).is_ok();
    let suites = Suite::sharing_personal(suites, is_there);
    let plans: Vec<_> = suites.iter().map(|suite| opened.plan(suite, options, false)).collect();
    let measured = measure_together(&plans.iter().flatten().collect::<Vec<_>>(), opened, options);
    let mut measured = measured.into_iter();
    suites
        .into_iter()
        .zip(plans)
        .map(|(suite, plan)| match plan {
            Err(error) => unbound(suite, &error, opened, options, uri),
            Ok(plan) => {
                let measured = measured.next().unwrap_or_else(|| Err(EngineError::Cancelled.untrusted()));
                judged(suite, &plan, measured, opened, options, uri)
            }
        })
        .collect()
}

/// Judges a suite by what was measured.
pub(super) fn judged(
    suite: Suite,
    plan: &Plan,
    measured: Result<Measurements, Untrusted>,
    opened: &OpenedData,
    options: &CheckOptions,
    uri: &str,
) -> SuiteRun {
    let identity = opened.snapshot.identity();
    let judge_options = JudgeOptions {
        now: opened.now,
        // What is to be appended would be committed now.
        committed: identity.staged.as_ref().map_or(identity.committed, |_| Some(opened.now)),
        vacuous_passes: options.vacuous_passes,
    };
    let measured = measured.map_err(|error| suite.privacy().text(&error));
    let outcomes = judge(&suite, plan, &measured, &judge_options);
    let (execution, error) = match measured {
        Ok(measured) => (Some((options.engine.name(), measured.execution)), None),
        Err(unread) => (None, Some(unread)),
    };
    let run = SuiteRun::judged(suite, uri, outcomes, options);
    SuiteRun {
        snapshot: Some(identity.clone()),
        columns: opened.snapshot.schema().names().map(str::to_owned).collect(),
        error,
        execution,
        ..run
    }
}

/// Returns the run of a suite that does not fit its data.
pub(super) fn unbound(
    suite: Suite,
    error: &BindError,
    opened: &OpenedData,
    options: &CheckOptions,
    uri: &str,
) -> SuiteRun {
    let line = error.span.map(|span| span.position(&suite.text).line);
    let path = if suite.path.is_empty() { "the suite" } else { suite.path.as_str() };
    let at = line.map_or_else(String::new, |line| format!("line {line} of {path}: "));
    let error = with_help(&format!("{at}{}", error.message), error.help.as_deref());
    unjudged(suite, uri, Some(opened.snapshot.identity().clone()), Shown::vouched(error), None, options)
}

/// Returns the run of a suite whose data could not be judged, with the reason.
pub(super) fn unjudged(
    suite: Suite,
    uri: &str,
    snapshot: Option<Identity>,
    error: Shown<str>,
    help: Option<&str>,
    options: &CheckOptions,
) -> SuiteRun {
    let outcome = |check: &Check| {
        if options.selects(check) {
            Outcome { help: help.map(Shown::<str>::vouched), ..Outcome::unjudged(Verdict::Error, &error) }
        } else {
            Outcome::unjudged(Verdict::Skip, &"not asked for".into())
        }
    };
    let outcomes = suite.checks.iter().map(outcome).collect();
    SuiteRun { snapshot, error: Some(error), ..SuiteRun::judged(suite, uri, outcomes, options) }
}

/// Measures the union of plans once. Returns the measurements of each plan, in the order of the plans.
fn measure_together(
    plans: &[&Plan],
    opened: &OpenedData,
    options: &CheckOptions,
) -> Vec<Result<Measurements, Untrusted>> {
    let measure = |plan: &Plan| {
        let measured = measure(plan, opened.snapshot.as_ref(), &opened.others, options);
        measured.map_err(|error| error.untrusted())
    };
    match plans {
        [] => Vec::new(),
        [plan] => vec![measure(plan)],
        [first, others @ ..] => {
            let Union { plan, parts } = Union::of(first, others);
            let measured = measure(&plan);
            let of_part = |part| measured.as_ref().map(|measured| measured.part(part)).map_err(Clone::clone);
            parts.iter().map(of_part).collect()
        }
    }
}

pub(super) fn measure(
    plan: &Plan,
    data: &dyn Opened,
    others: &BTreeMap<Dataset, Box<dyn Opened>>,
    options: &CheckOptions,
) -> Result<Measurements, EngineError> {
    let others = referred(others);
    let mut found = controlled(options, |control| options.engine.measure(plan, data, &others, control))?;
    // An engine that refuses a metric in `support` need not refuse it again in `measure`.
    for (id, metric) in plan.metrics.entries() {
        if !matches!(found.measured[id], Err(MetricError::Unsupported(_)))
            && let Support::Refused(reason) = options.engine.support(metric)
        {
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
    let others = referred(others);
    controlled(options, |control| options.engine.strategy(plan, data, &others, control))
}

/// Returns datasets as an engine takes them.
fn referred(others: &BTreeMap<Dataset, Box<dyn Opened>>) -> OtherDatasets<'_> {
    others.iter().map(|(dataset, opened)| (dataset.clone(), opened.as_ref())).collect()
}

/// Runs work of the engine under the options.
pub(super) fn controlled<T>(options: &CheckOptions, work: impl FnOnce(Control<'_>) -> T) -> T {
    work(Control {
        trust: options.trust,
        memory: options.memory.or_else(memory).unwrap_or(u64::MAX),
        whole_rows: options.whole_rows,
        cancelled: &|| options.cancelled.load(Ordering::Relaxed),
        progress: options.progress.as_ref(),
    })
}

impl SuiteRun {
    /// Returns the run of a suite with these outcomes. Its snapshot, error, execution and duration are still
    /// missing.
    fn judged(suite: Suite, uri: &str, outcomes: Vec<Outcome>, options: &CheckOptions) -> Self {
        let verdicts: Vec<Verdict> = outcomes.iter().map(|outcome| outcome.verdict).collect();
        let gate = decide(suite.layer.as_ref(), options.policies.of(suite.layer.as_ref()), &verdicts);
        Self {
            suite,
            uri: Some(uri.to_owned()),
            snapshot: None,
            columns: Vec::new(),
            error: None,
            execution: None,
            elapsed: Duration::ZERO,
            shared_by: 1,
            outcomes,
            gate,
            past: None,
        }
    }

    /// Returns the run of a suite that could not be read, with the reason: its stand-in has one check, an error.
    #[must_use]
    pub fn unread(stand_in: Suite, reason: &str) -> Self {
        let reason = Shown::vouched(reason);
        let outcomes = stand_in.checks.iter().map(|_| Outcome::unjudged(Verdict::Error, &reason)).collect();
        let run = Self::judged(stand_in, "", outcomes, &CheckOptions::default());
        Self { uri: None, error: Some(reason), ..run }
    }

    /// Returns the run of a suite that was skipped, with the reason.
    #[must_use]
    pub fn skipped(suite: &Suite, reason: &str, options: &CheckOptions) -> Self {
        let reason = Shown::vouched(reason);
        let outcomes: Vec<Outcome> =
            suite.checks.iter().map(|_| Outcome::unjudged(Verdict::Skip, &reason)).collect();
        let uri = suite.data.as_deref().map(redacted);
        Self { uri, ..Self::judged(suite.clone(), "", outcomes, options) }
    }
}

fn with_help(message: &str, help: Option<&str>) -> String {
    help.map_or_else(|| message.to_owned(), |help| format!("{message}; {help}"))
}

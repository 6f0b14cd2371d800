//! Judging.

use chrono::{DateTime, Utc};

use super::{Counts, Outcome, Read, Verdict, grouped};
use crate::data::{ColumnPath, Value, caught};
use crate::engine::{EngineError, Measurements, MetricError, Proved, SampleRow, Samples};
use crate::expectation::{Demand, Facts, Judgement, LowerError};
use crate::metric::{Measured, Metric, MetricId};
use crate::plan::{FailingCount, Form, Plan, PlannedCheck};
use crate::suite::{Check, Severity, Suite};

/// What a verdict depends on beside the data.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances {
    /// The time that counts as now.
    pub now: DateTime<Utc>,
    /// When the snapshot was committed.
    pub committed: Option<DateTime<Utc>>,
    /// Whether a check that had nothing to judge passes.
    pub vacuous_passes: bool,
}

/// Gives every check of a suite its outcome, in the suite's order. `measured` is what was measured,
/// or why nothing was read.
#[must_use]
pub fn judge(
    suite: &Suite,
    plan: &Plan,
    measured: &Result<Measurements, String>,
    circumstances: &Circumstances,
) -> Vec<Outcome> {
    suite
        .checks
        .iter()
        .zip(&plan.checks)
        .enumerate()
        .map(|(index, (check, planned))| {
            let judging = || outcome(suite, index, (check, planned), measured, circumstances);
            // Whatever happens at one check, the others are judged.
            let outcome = caught(judging).unwrap_or_else(|panic| {
                let reason = EngineError::Query { reason: format!("it panicked: {panic}") };
                Outcome::unjudged(Verdict::Error, &reason.without_personal(&suite.pii))
            });
            let proved = measured.as_ref().map_or_else(|_| Proved::default(), |found| proved(planned, found));
            let outcome = Outcome {
                columns: planned.columns.clone(),
                read: match read(plan, planned, outcome.verdict) {
                    Read::Scan if proved.is_whole() => Read::Statistics,
                    read => read,
                },
                proved,
                ..outcome
            };
            annotated(check, personal(suite, plan, planned, outcome))
        })
        .collect()
}

/// The outcome of one check, its number among those of the suite.
fn outcome(
    suite: &Suite,
    index: usize,
    (check, planned): (&Check, &PlannedCheck),
    measured: &Result<Measurements, String>,
    circumstances: &Circumstances,
) -> Outcome {
    match (&planned.form, measured) {
        (Err(error), _) => not_evaluated(error),
        (Ok(Form::Skipped), _) => {
            Outcome { verdict: Verdict::Skip, uncapped: Verdict::Skip, ..Outcome::blank() }
        }
        (Ok(Form::Decided(judgement)), _) => judged(judgement.clone(), check.severity),
        (
            Ok(Form::Rows { .. } | Form::Measured { .. } | Form::Grouped { .. } | Form::Readable { .. }),
            Err(unread),
        ) => Outcome::unjudged(Verdict::Error, unread),
        (Ok(Form::Readable { rows }), Ok(measurements)) => {
            let samples = measurements.samples.get(index).cloned().unwrap_or_default();
            readable(check, measurements, *rows, samples, circumstances.vacuous_passes)
        }
        (Ok(Form::Rows { rows, considered, failing, .. }), Ok(measurements)) => {
            let samples = measurements.samples.get(index).cloned().unwrap_or_default();
            match counts(measurements, *rows, *considered, *failing) {
                Ok(counts) => {
                    let outcome = counted(check, counts, samples, circumstances.vacuous_passes);
                    with_reason(outcome, measurements.unfetched.get(&index))
                }
                Err(reason) => Outcome::unjudged(Verdict::Error, &reason),
            }
        }
        (Ok(Form::Measured { metrics, demand }), Ok(measurements)) => {
            match measured_of(measurements, metrics) {
                Ok(measured) => judged(judgement(demand, &circumstances.facts(&measured)), check.severity),
                Err(error) => Outcome::unjudged(Verdict::Error, &error.to_string()),
            }
        }
        (Ok(Form::Grouped { by, rows, metrics, demand }), Ok(measurements)) => {
            let facts = |measured: &[Measured]| judgement(demand, &circumstances.facts(measured));
            let masked = by.iter().any(|key| is_personal(suite, key));
            match grouped::groups(measurements, *rows, metrics) {
                Ok(groups) => {
                    let (judgement, samples) = grouped::judge(&groups, by, planned.samples, masked, facts);
                    let outcome = Outcome { samples, ..judged(judgement, check.severity) };
                    if groups.is_empty() {
                        vacuous(outcome, check.severity, circumstances.vacuous_passes)
                    } else {
                        outcome
                    }
                }
                Err(reason) => Outcome::unjudged(Verdict::Error, &reason),
            }
        }
    }
}

/// The outcome with what is said of the check itself.
fn annotated(check: &Check, outcome: Outcome) -> Outcome {
    if check.ignored().is_empty() {
        return outcome;
    }
    let told = outcome.reason.iter().chain(check.ignored()).map(String::as_str);
    Outcome { reason: Some(told.collect::<Vec<_>>().join("; ")), ..outcome }
}

/// On how many rows what a check stands on was proved: where that is several metrics, those of the one
/// that was proved on the fewest.
fn proved(planned: &PlannedCheck, measured: &Measurements) -> Proved {
    let metrics = match &planned.form {
        Ok(Form::Rows { rows, considered, failing: FailingCount::Metric(failing), .. }) => {
            vec![*rows, *considered, *failing]
        }
        Ok(Form::Measured { metrics, .. }) => metrics.clone(),
        _ => Vec::new(),
    };
    let proved = metrics.iter().filter_map(|position| measured.proved.get(*position));
    proved.min_by_key(|proved| proved.rows()).copied().unwrap_or_default()
}

/// What a verdict on a check stands on.
fn read(plan: &Plan, planned: &PlannedCheck, verdict: Verdict) -> Read {
    let queries = |metrics: &[MetricId]| {
        metrics.iter().any(|metric| plan.metrics.get(*metric).is_some_and(Metric::is_query))
    };
    match &planned.form {
        _ if matches!(verdict, Verdict::Error | Verdict::Skip) => Read::Nothing,
        Err(_) | Ok(Form::Skipped) => Read::Nothing,
        Ok(Form::Decided(_)) => Read::Schema,
        Ok(Form::Rows { failing: FailingCount::Relative(_), .. }) => Read::SecondScan,
        Ok(Form::Readable { .. }) => Read::Text,
        Ok(Form::Measured { metrics, .. }) if queries(metrics) => Read::Query,
        // A commit's age is told by the log.
        Ok(Form::Measured { metrics, .. }) if metrics.is_empty() => Read::Nothing,
        Ok(Form::Rows { .. } | Form::Measured { .. } | Form::Grouped { .. }) => Read::Scan,
    }
}

impl Circumstances {
    fn facts<'a>(&self, measured: &'a [Measured]) -> Facts<'a> {
        Facts { measured, now: self.now, committed: self.committed }
    }
}

/// The verdict on the rows that could not be read.
fn readable(
    check: &Check,
    measurements: &Measurements,
    others: MetricId,
    samples: Samples,
    vacuous_passes: bool,
) -> Outcome {
    let others = match count(measurements, others) {
        Ok(others) => others,
        Err(reason) => return Outcome::unjudged(Verdict::Error, &reason),
    };
    let failing = measurements.malformed.unwrap_or_default();
    let rows = others + failing;
    let outcome = counted(check, Counts { rows, considered: rows, failing }, samples, vacuous_passes);
    match measurements.malformed {
        None if outcome.reason.is_none() => {
            Outcome { reason: Some("data of its format has no malformed rows".to_owned()), ..outcome }
        }
        _ => outcome,
    }
}

/// The counts of a check's rows, or why they cannot be told.
fn counts(
    measurements: &Measurements,
    rows: MetricId,
    considered: MetricId,
    failing: FailingCount,
) -> Result<Counts, String> {
    let failing = match failing {
        FailingCount::Metric(position) => count(measurements, position)?,
        FailingCount::Relative(position) => match measurements.relative.get(position) {
            Some(found) => found.clone().map_err(|error| error.to_string())?,
            None => return Err(NO_COUNT.to_owned()),
        },
    };
    let (rows, considered) = (count(measurements, rows)?, count(measurements, considered)?);
    Ok(Counts { rows, considered, failing })
}

const NO_COUNT: &str = "the engine gave no count of its rows";

/// A count, or why it cannot be told.
fn count(measurements: &Measurements, metric: MetricId) -> Result<u64, String> {
    let measured = measurements.of(metric).map_err(|error| error.to_string())?;
    measured.count().map_err(|error| error.to_string())
}

/// What was measured, or why something of it is not there.
fn measured_of(measurements: &Measurements, metrics: &[MetricId]) -> Result<Vec<Measured>, MetricError> {
    metrics.iter().map(|metric| measurements.of(*metric).cloned()).collect()
}

/// Whether a demand is met; of what has another shape than was asked for that is not told.
fn judgement(demand: &Demand, facts: &Facts<'_>) -> Judgement {
    demand.judge(facts).unwrap_or_else(|error| Judgement::unknown(error.to_string()))
}

/// The outcome with a further reason.
fn with_reason(outcome: Outcome, further: Option<&String>) -> Outcome {
    let Some(further) = further else { return outcome };
    let told = outcome.reason.iter().chain([further]).map(String::as_str);
    Outcome { reason: Some(told.collect::<Vec<_>>().join("; ")), ..outcome }
}

/// The verdict on counted rows.
fn counted(check: &Check, counts: Counts, samples: Samples, vacuous_passes: bool) -> Outcome {
    let vacuous = counts.considered == 0;
    let exceeded = |limit: Option<crate::suite::Limit>| {
        limit.is_some_and(|limit| limit.exceeded(counts.failing, counts.considered))
    };
    let violation = if (vacuous && !vacuous_passes) || exceeded(check.thresholds.fail) {
        Verdict::Fail
    } else if exceeded(check.thresholds.warn) {
        Verdict::Warn
    } else {
        Verdict::Pass
    };
    let verdict = capped(violation, check.severity);
    let reason =
        if vacuous { Some("no row to judge".to_owned()) } else { noted(violation, verdict, check.severity) };
    Outcome {
        verdict,
        uncapped: violation,
        vacuous,
        reason,
        counts: Some(counts),
        samples,
        ..Outcome::blank()
    }
}

/// The outcome where there is no group of rows.
fn vacuous(outcome: Outcome, severity: Severity, passes: bool) -> Outcome {
    let violation = if passes { Verdict::Pass } else { Verdict::Fail };
    Outcome {
        verdict: capped(violation, severity),
        uncapped: violation,
        vacuous: true,
        reason: Some("no row to judge".to_owned()),
        ..outcome
    }
}

/// The verdict of a judgement.
fn judged(judgement: Judgement, severity: Severity) -> Outcome {
    match judgement.met {
        Ok(met) => {
            let violation = if met { Verdict::Pass } else { Verdict::Fail };
            let verdict = capped(violation, severity);
            let notes = [judgement.reason, noted(violation, verdict, severity)];
            let reason = notes.into_iter().flatten().collect::<Vec<_>>().join("; ");
            let row = |values| SampleRow {
                file: None,
                row: None,
                line: None,
                position: None,
                key: Vec::new(),
                values,
            };
            let rows = judgement.examples.into_iter().map(row).collect();
            Outcome {
                verdict,
                uncapped: violation,
                reason: (!reason.is_empty()).then_some(reason),
                observed: judgement.observed,
                details: judgement.details,
                samples: Samples { rows, ..Samples::default() },
                ..Outcome::blank()
            }
        }
        Err(reason) => Outcome::unjudged(Verdict::Error, &reason),
    }
}

/// A violation is at most what its severity says.
fn capped(violation: Verdict, severity: Severity) -> Verdict {
    match (violation, severity) {
        (Verdict::Fail, Severity::Warning) => Verdict::Warn,
        (Verdict::Fail | Verdict::Warn, Severity::Info) => Verdict::Pass,
        (verdict, _) => verdict,
    }
}

fn noted(violation: Verdict, verdict: Verdict, severity: Severity) -> Option<String> {
    (violation != verdict).then(|| format!("severity {}", severity.name()))
}

fn not_evaluated(error: &LowerError) -> Outcome {
    Outcome { help: error.help.clone(), ..Outcome::unjudged(Verdict::Error, &error.message) }
}

/// Whether a column is personal data, or lies in or around one that is.
fn is_personal(suite: &Suite, path: &ColumnPath) -> bool {
    suite.pii.iter().any(|personal| personal.overlaps(path))
}

/// Whether a check measures columns of another dataset that are called as personal ones are.
fn is_personal_elsewhere(suite: &Suite, plan: &Plan, planned: &PlannedCheck) -> bool {
    let Ok(Form::Measured { metrics, .. }) = &planned.form else { return false };
    metrics.iter().filter_map(|position| plan.metrics.get(*position)).any(|metric| {
        let mut personal = false;
        if let Metric::Of { metric, .. } = metric {
            metric.each_column(&mut |path| personal |= is_personal(suite, path));
        }
        personal
    })
}

/// Withholds what was measured of personal data. Failing rows come without it already.
fn personal(suite: &Suite, plan: &Plan, planned: &PlannedCheck, outcome: Outcome) -> Outcome {
    let touches = planned.columns.iter().any(|path| is_personal(suite, path));
    if !touches && !is_personal_elsewhere(suite, plan, planned) {
        return outcome;
    }
    match &planned.form {
        Ok(Form::Measured { .. } | Form::Grouped { .. }) => {
            let reason = if outcome.verdict == Verdict::Error { outcome.reason } else { None };
            Outcome {
                masked: !outcome.observed.is_null(),
                observed: Value::Null,
                details: Value::Null,
                samples: Samples::default(),
                reason,
                ..outcome
            }
        }
        Ok(Form::Rows { .. }) => {
            Outcome { masked: outcome.counts.is_some_and(|counts| counts.failing > 0), ..outcome }
        }
        _ => outcome,
    }
}

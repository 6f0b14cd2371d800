//! Gives every check its verdict.

use chrono::{DateTime, Utc};

use super::{Counts, Evidence, Outcome, Verdict, grouped};
use crate::data::{ColumnPath, Value, caught};
use crate::engine::{EngineError, Measurements, MetricError, Proved};
use crate::expectation::{Demand, Judgement, JudgementInput, LowerError};
use crate::metric::{Measured, Metric, MetricId};
use crate::plan::{FailingCount, JudgedBy, Plan, PlannedCheck};
use crate::privacy::{Masked, MaskedRow, MaskedSamples, Privacy, Samples, Shown, Untrusted};
use crate::suite::{Check, Severity, Suite};

/// The inputs of a verdict other than the data.
#[derive(Clone, Copy, Debug)]
pub struct JudgeOptions {
    /// The time that counts as now.
    pub now: DateTime<Utc>,
    /// The time at which the snapshot was committed.
    pub committed: Option<DateTime<Utc>>,
    /// True if a check without any row to judge passes.
    pub vacuous_passes: bool,
}

/// Returns the outcome of every check of a suite, in the suite's order. `measured` has the results of the
/// metrics, or the reason why nothing was read.
#[must_use]
pub fn judge(
    suite: &Suite,
    plan: &Plan,
    measured: &Result<Measurements, Shown<str>>,
    options: &JudgeOptions,
) -> Vec<Outcome> {
    let judging = Judging { plan, measured, options, privacy: suite.privacy() };
    let checks = suite.checks.iter().zip(&plan.checks).enumerate();
    checks
        .map(|(index, (check, planned))| {
            // A panic fails only the check that caused it.
            let outcome = caught(|| judging.outcome(index, check, planned)).unwrap_or_else(|panic| {
                let error = EngineError::Query { reason: format!("it panicked: {panic}").into() };
                Outcome::unjudged(Verdict::Error, &judging.privacy.text(&error.untrusted()))
            });
            let proved = measured.as_ref().map_or_else(|_| Proved::default(), |found| proved(planned, found));
            let outcome = Outcome {
                columns: planned.columns.clone(),
                read: match read(plan, planned, outcome.verdict) {
                    Evidence::Scan if proved.is_whole() => Evidence::Statistics,
                    read => read,
                },
                proved,
                origin: measured.as_ref().ok().and_then(|found| found.origins.get(index).cloned().flatten()),
                ..outcome
            };
            with_check_remarks(check, outcome)
        })
        .collect()
}

/// The inputs that all checks of a suite share.
struct Judging<'a> {
    plan: &'a Plan,
    measured: &'a Result<Measurements, Shown<str>>,
    options: &'a JudgeOptions,
    privacy: Privacy,
}

impl Judging<'_> {
    /// Returns the outcome of one check; `index` is its index in the suite.
    fn outcome(&self, index: usize, check: &Check, planned: &PlannedCheck) -> Outcome {
        let judged_by = match &planned.judged_by {
            Err(error) => return not_evaluated(error),
            Ok(JudgedBy::Skipped) => {
                return Outcome { verdict: Verdict::Skip, uncapped: Verdict::Skip, ..Outcome::blank() };
            }
            Ok(JudgedBy::Decided(judgement)) => return self.judged(judgement.clone(), &[], check.severity),
            Ok(judged_by) => judged_by,
        };
        let measurements = match self.measured {
            Ok(measurements) => measurements,
            Err(unread) => return Outcome::unjudged(Verdict::Error, unread),
        };
        self.judge(index, check, planned, judged_by, measurements)
            .unwrap_or_else(|reason| Outcome::unjudged(Verdict::Error, &self.privacy.text(&reason)))
    }

    /// Returns the outcome of a check that depends on measured values, or the reason why it cannot be judged.
    fn judge(
        &self,
        index: usize,
        check: &Check,
        planned: &PlannedCheck,
        judged_by: &JudgedBy,
        measurements: &Measurements,
    ) -> Result<Outcome, Untrusted> {
        let vacuous_passes = self.options.vacuous_passes;
        let samples = || {
            let samples = measurements.samples.get(index).cloned().unwrap_or_default();
            self.privacy.samples(Masked::of_none(samples))
        };
        match judged_by {
            JudgedBy::Rows { rows, considered, failing, .. } => {
                let counts = counts(measurements, *rows, *considered, *failing)?;
                let outcome = counted(check, counts, samples(), vacuous_passes);
                let masked = counts.failing > 0 && self.withholds(&planned.columns);
                let unfetched = measurements.unfetched.get(&index).map(|reason| self.privacy.text(reason));
                Ok(Outcome { masked, ..with_reasons(outcome, unfetched) })
            }
            JudgedBy::Readable { rows } => readable(check, measurements, *rows, samples(), vacuous_passes),
            JudgedBy::Measured { metrics, demand } => {
                let measured = measured_of(measurements, metrics)?;
                let judgement = judgement(demand, &self.options.input(&measured));
                let columns = [planned.columns.clone(), self.columns_elsewhere(metrics)].concat();
                Ok(self.judged(judgement, &columns, check.severity))
            }
            JudgedBy::Grouped { by, rows, metrics, demand } => {
                let input = |measured: &[Measured]| judgement(demand, &self.options.input(measured));
                let groups = grouped::groups(measurements, *rows, metrics)?;
                let (judgement, samples) = grouped::judge(&groups, by, planned.samples, &self.privacy, input);
                let samples = self.privacy.samples(Masked::of(self.observed(planned, by), samples));
                let outcome = Outcome { samples, ..self.judged(judgement, &planned.columns, check.severity) };
                let vacuous = groups.is_empty();
                Ok(if vacuous { vacuous_groups(outcome, check.severity, vacuous_passes) } else { outcome })
            }
            JudgedBy::Decided(_) | JudgedBy::Skipped => Err(Untrusted::places("nothing of it was measured")),
        }
    }

    /// Returns the outcome of a judgement on values of these columns, which are withheld if one of them is
    /// personal.
    fn judged(&self, judgement: Judgement, columns: &[ColumnPath], severity: Severity) -> Outcome {
        let Judgement { met, observed, details, reason, examples } = judgement;
        let met = match met {
            Ok(met) => met,
            // The error of a judge quotes no values.
            Err(reason) => return Outcome::unjudged(Verdict::Error, &Shown::vouched(reason)),
        };
        let violation = if met { Verdict::Pass } else { Verdict::Fail };
        let verdict = capped(violation, severity);
        let is_null = observed.is_null();
        let observed = self.privacy.show(Masked::of(columns, observed));
        let reason = reason.and_then(|reason| self.privacy.show(Masked::of(columns, reason)));
        let note = observed.as_ref().and_then(|_| severity_note(violation, verdict, severity));
        let row = |values: Vec<(String, Value)>| MaskedRow {
            values: values.into_iter().map(|(name, value)| (name, Masked::of_any(value))).collect(),
            ..MaskedRow::default()
        };
        let examples = MaskedSamples::of_rows(examples.into_iter().map(row).collect());
        let examples = if observed.is_none() { Masked::default() } else { Masked::of_any(examples) };
        Outcome {
            verdict,
            uncapped: violation,
            reason: Shown::joined(reason.map(Shown::from).into_iter().chain(note), "; "),
            masked: observed.is_none() && !is_null,
            observed: observed.unwrap_or_default(),
            details: self.privacy.show(Masked::of(columns, details)).unwrap_or_default(),
            samples: self.privacy.samples(examples),
            ..Outcome::blank()
        }
    }

    /// Returns the columns that what is observed of groups comes from. Those that only form the groups do not count, unless
    /// they are withheld: with them, the groups are.
    fn observed<'b>(&self, planned: &'b PlannedCheck, by: &[ColumnPath]) -> &'b [ColumnPath] {
        match planned.columns.as_slice() {
            [own, keys @ ..]
                if keys == by && !self.withholds(by) && !by.iter().any(|key| key.overlaps(own)) =>
            {
                std::slice::from_ref(own)
            }
            all => all,
        }
    }

    /// Returns whether the values of one of some columns are withheld.
    fn withholds(&self, columns: &[ColumnPath]) -> bool {
        columns.iter().any(|column| self.privacy.withholds(column))
    }

    /// Returns the columns of other datasets that are measured: those named like personal ones are personal
    /// too.
    fn columns_elsewhere(&self, metrics: &[MetricId]) -> Vec<ColumnPath> {
        let mut columns = Vec::new();
        for metric in metrics.iter().filter_map(|metric| self.plan.metrics.get(*metric)) {
            if let Metric::OtherDataset { metric, .. } = metric {
                metric.each_column(&mut |path| columns.push(path.clone()));
            }
        }
        columns
    }
}

/// Adds the remarks on the check itself to its outcome.
fn with_check_remarks(check: &Check, outcome: Outcome) -> Outcome {
    with_reasons(outcome, check.ignored().iter().map(Shown::<str>::vouched))
}

/// Returns the number of rows on which the metrics of a check were proved; of several metrics, that of the
/// one proved on the fewest.
fn proved(planned: &PlannedCheck, measured: &Measurements) -> Proved {
    let metrics = match &planned.judged_by {
        Ok(JudgedBy::Rows { rows, considered, failing: FailingCount::Metric(failing), .. }) => {
            vec![*rows, *considered, *failing]
        }
        Ok(JudgedBy::Measured { metrics, .. }) => metrics.clone(),
        _ => Vec::new(),
    };
    let proved = metrics.iter().filter_map(|position| measured.proved.get(*position));
    proved.min_by_key(|proved| proved.rows()).copied().unwrap_or_default()
}

/// Returns what was read for the verdict on a check.
fn read(plan: &Plan, planned: &PlannedCheck, verdict: Verdict) -> Evidence {
    let queries = |metrics: &[MetricId]| {
        metrics.iter().any(|metric| plan.metrics.get(*metric).is_some_and(Metric::is_query))
    };
    match &planned.judged_by {
        _ if matches!(verdict, Verdict::Error | Verdict::Skip) => Evidence::Nothing,
        Err(_) | Ok(JudgedBy::Skipped) => Evidence::Nothing,
        Ok(JudgedBy::Decided(_)) => Evidence::Schema,
        Ok(JudgedBy::Rows { failing: FailingCount::Dependent(_), .. }) => Evidence::SecondScan,
        Ok(JudgedBy::Readable { .. }) => Evidence::Text,
        Ok(JudgedBy::Measured { metrics, .. }) if queries(metrics) => Evidence::Query,
        // A check without metrics, such as the age of a commit, needs only the log.
        Ok(JudgedBy::Measured { metrics, .. }) if metrics.is_empty() => Evidence::Nothing,
        Ok(JudgedBy::Rows { .. } | JudgedBy::Measured { .. } | JudgedBy::Grouped { .. }) => Evidence::Scan,
    }
}

impl JudgeOptions {
    fn input<'a>(&self, measured: &'a [Measured]) -> JudgementInput<'a> {
        JudgementInput { measured, now: self.now, committed: self.committed }
    }
}

/// Returns the outcome of a check on malformed rows; `others` counts the rows that could be parsed.
fn readable(
    check: &Check,
    measurements: &Measurements,
    others: MetricId,
    samples: Shown<Samples>,
    vacuous_passes: bool,
) -> Result<Outcome, Untrusted> {
    let others = count(measurements, others)?;
    let failing = measurements.malformed.unwrap_or_default();
    let rows = others + failing;
    let outcome = counted(check, Counts { rows, considered: rows, failing }, samples, vacuous_passes);
    Ok(match measurements.malformed {
        None if outcome.reason.is_none() => {
            Outcome { reason: Some("data of its format has no malformed rows".into()), ..outcome }
        }
        _ => outcome,
    })
}

/// Returns the counts of a check's rows, or the reason why they are unknown.
fn counts(
    measurements: &Measurements,
    rows: MetricId,
    considered: MetricId,
    failing: FailingCount,
) -> Result<Counts, Untrusted> {
    let failing = match failing {
        FailingCount::Metric(position) => count(measurements, position)?,
        FailingCount::Dependent(position) => match measurements.dependent.get(position) {
            Some(found) => found.clone()?,
            None => return Err(Untrusted::places("the engine gave no count of its rows")),
        },
    };
    let (rows, considered) = (count(measurements, rows)?, count(measurements, considered)?);
    Ok(Counts { rows, considered, failing })
}

/// Returns the count of a metric, or the reason why it is unknown.
fn count(measurements: &Measurements, metric: MetricId) -> Result<u64, Untrusted> {
    Ok(measurements.of(metric)?.count()?)
}

/// Returns the results of metrics, or the error of the first one that has none.
fn measured_of(measurements: &Measurements, metrics: &[MetricId]) -> Result<Vec<Measured>, MetricError> {
    metrics.iter().map(|metric| measurements.of(*metric).cloned()).collect()
}

/// Returns the judgement of a demand. It is unknown if the engine returned another shape than the demand
/// expects.
fn judgement(demand: &Demand, input: &JudgementInput<'_>) -> Judgement {
    demand.judge(input).unwrap_or_else(|error| Judgement::unknown(error.to_string()))
}

/// Adds further reasons to an outcome.
fn with_reasons(outcome: Outcome, further: impl IntoIterator<Item = Shown<str>>) -> Outcome {
    let reason = Shown::joined(outcome.reason.clone().into_iter().chain(further), "; ");
    Outcome { reason, ..outcome }
}

/// Returns the outcome of a check whose rows were counted, by its thresholds and its severity.
fn counted(check: &Check, counts: Counts, samples: Shown<Samples>, vacuous_passes: bool) -> Outcome {
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
    let reason = if vacuous {
        Some("no row to judge".into())
    } else {
        severity_note(violation, verdict, check.severity)
    };
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

/// Returns the outcome of a check without any group of rows.
fn vacuous_groups(outcome: Outcome, severity: Severity, passes: bool) -> Outcome {
    let violation = if passes { Verdict::Pass } else { Verdict::Fail };
    Outcome {
        verdict: capped(violation, severity),
        uncapped: violation,
        vacuous: true,
        reason: (!outcome.masked).then(|| "no row to judge".into()),
        ..outcome
    }
}

/// Caps a violation at the level of its severity.
fn capped(violation: Verdict, severity: Severity) -> Verdict {
    match (violation, severity) {
        (Verdict::Fail, Severity::Warning) => Verdict::Warn,
        (Verdict::Fail | Verdict::Warn, Severity::Info) => Verdict::Pass,
        (verdict, _) => verdict,
    }
}

fn severity_note(violation: Verdict, verdict: Verdict, severity: Severity) -> Option<Shown<str>> {
    (violation != verdict).then(|| Shown::vouched(format!("severity {}", severity.name())))
}

fn not_evaluated(error: &LowerError) -> Outcome {
    let help = error.help.as_deref().map(Shown::<str>::vouched);
    Outcome { help, ..Outcome::unjudged(Verdict::Error, &Shown::vouched(error.message.as_str())) }
}

//! A metric without a value makes the checks that depend on it errors, and no others.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};

use super::{JudgeOptions, Outcome, Verdict, judge};
use crate::data::Dialect;
use crate::engine::{Control, Engine as _, Measurements, MetricError, PolarsEngine};
use crate::expectation::OtherSchemas;
use crate::metric::MetricId;
use crate::plan::{BindOptions, FailingCount, JudgedBy, Plan, PlannedCheck, bind};
use crate::privacy::Untrusted;
use crate::source::{Data, Opened, StorageOptions};
use crate::suite::Suite;

const SUITE: &str = "
suite: s
columns:
  n:
    - not_null
    - between: {min: 1, max: 2}
    - unique
    - sum: {min: 0}
    - {max: {min: 0}, group_by: of}
    - {z_score: 1, where: n > 0}
table:
  - row_count: 3
  - readable
";

/// Returns the metrics that a verdict on a check depends on; those that only show the keys of failing rows
/// are left out.
fn stands_on(plan: &Plan, check: &PlannedCheck) -> Vec<MetricId> {
    match check.judged_by.as_ref().unwrap() {
        JudgedBy::Rows { rows, considered, failing: FailingCount::Metric(failing), .. } => {
            vec![*rows, *considered, *failing]
        }
        JudgedBy::Rows { rows, considered, failing: FailingCount::Dependent(dependent), .. } => {
            [vec![*rows, *considered], plan.dependent[*dependent].metrics.clone()].concat()
        }
        JudgedBy::Measured { metrics, .. } => metrics.clone(),
        JudgedBy::Grouped { rows, metrics, .. } => [vec![*rows], metrics.clone()].concat(),
        JudgedBy::Readable { rows } => vec![*rows],
        JudgedBy::Decided(_) | JudgedBy::Skipped => Vec::new(),
    }
}

/// Opens columns in memory.
fn opened<const N: usize>(columns: [(&str, ArrayRef); N]) -> Box<dyn Opened> {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let data = Data::Batches(vec![batch]);
    PolarsEngine::default().open(data, &StorageOptions::default(), &Dialect::default()).unwrap()
}

#[test]
fn a_metric_without_a_value_costs_the_checks_that_stand_on_it() {
    let n = Int64Array::from(vec![Some(1), Some(2), Some(2), None]);
    let of = StringArray::from(vec!["a", "a", "b", "b"]);
    let data = opened([("n", Arc::new(n) as ArrayRef), ("of", Arc::new(of))]);
    let others = OtherSchemas::default();
    let now = chrono::DateTime::UNIX_EPOCH;
    let options =
        BindOptions { samples: 3, all_rows: false, key: &[], now, selected: &|_| true, others: &others };
    let suite = Suite::from_yaml(SUITE).unwrap();
    let plan = bind(&suite, data.schema(), &options).unwrap();
    let options = JudgeOptions { now, committed: None, vacuous_passes: true };
    let measured = || -> Measurements {
        let control = Control::default();
        PolarsEngine::default().measure(&plan, data.as_ref(), &BTreeMap::new(), control).unwrap()
    };
    let judged = |found: Measurements| judge(&suite, &plan, &Ok(found), &options);
    let summary =
        |outcome: &Outcome| (outcome.verdict, outcome.reason.as_deref().map(str::to_owned), outcome.counts);
    let whole = judged(measured());
    assert!(whole.iter().all(|outcome| outcome.verdict != Verdict::Error), "{whole:?}");
    for lost in plan.metrics.ids() {
        let mut found = measured();
        let reason = format!("metric {} could not be measured: it panicked", lost.number());
        let error = MetricError::Undefined(reason.clone());
        found.measured[lost] = Err(error.clone());
        for (index, dependent) in plan.dependent.iter().enumerate() {
            if dependent.metrics.contains(&lost) {
                found.dependent[index] = Err(error.clone());
            }
        }
        for ((check, outcome), whole) in plan.checks.iter().zip(judged(found)).zip(&whole) {
            if stands_on(&plan, check).contains(&lost) {
                assert_eq!(summary(&outcome), (Verdict::Error, Some(reason.clone()), None), "{check:?}");
            } else {
                assert_eq!(summary(&outcome), summary(whole), "{check:?}");
            }
        }
    }
}

/// The verdict stays, and its reason says why no row is shown.
#[test]
fn rows_that_could_not_be_fetched_are_missed() {
    let data = opened([("n", Arc::new(Int64Array::from(vec![1, 2])) as ArrayRef)]);
    let (others, now) = (OtherSchemas::default(), chrono::DateTime::UNIX_EPOCH);
    let options =
        BindOptions { samples: 3, all_rows: false, key: &[], now, selected: &|_| true, others: &others };
    let suite =
        Suite::from_yaml("{suite: s, columns: {n: [{between: {max: 1}, severity: warning}]}}").unwrap();
    let plan = bind(&suite, data.schema(), &options).unwrap();
    let control = Control::default();
    let mut found = PolarsEngine::default().measure(&plan, data.as_ref(), &BTreeMap::new(), control).unwrap();
    found.unfetched.insert(0, Untrusted::places("the failing rows could not be fetched: why"));
    let options = JudgeOptions { now, committed: None, vacuous_passes: true };
    let outcomes = judge(&suite, &plan, &Ok(found), &options);
    let [outcome] = outcomes.as_slice() else { panic!("{outcomes:?}") };
    assert_eq!((outcome.verdict, outcome.uncapped), (Verdict::Warn, Verdict::Fail));
    let reason = "severity warning; the failing rows could not be fetched: why";
    assert_eq!(outcome.reason.as_deref(), Some(reason));
}

//! The metrics of every kind, on every page of the catalogue, compared between both engines.

use std::collections::{BTreeMap, BTreeSet};

use karat::data::{Dialect, Value};
use karat::engine::polars::Snapshot;
use karat::engine::{Control, Engine, EngineError, MetricError, PolarsEngine, Support};
use karat::metric::{Aggregate, GroupStatistic, Measured, Metric};
use karat::source::{Opened, StorageOptions};
use polars::prelude::{DataFrame, IntoLazy as _, df};

use super::Naive;
use crate::catalogue::{Both, on_both};
use crate::scans::plan_of;

/// Returns the kind of a metric, by the work that an engine does for it.
fn kind(metric: &Metric) -> String {
    match metric {
        Metric::Count(_) => "count".to_owned(),
        Metric::Aggregate { function, .. } => match function {
            Aggregate::Min => "min",
            Aggregate::Max => "max",
            Aggregate::Sum => "sum",
            Aggregate::StandardDeviation => "standard deviation",
            Aggregate::Quantile { .. } => "quantile",
        }
        .to_owned(),
        Metric::Correlation { .. } => "correlation".to_owned(),
        Metric::Group { statistic, .. } => match statistic {
            GroupStatistic::Distinct => "distinct",
            GroupStatistic::DuplicatedRows => "duplicated rows",
            GroupStatistic::DuplicatedKeys { .. } => "duplicated keys",
            GroupStatistic::OutsideCount(_) => "outside count",
            GroupStatistic::Outside { .. } => "outside",
            GroupStatistic::Inside(_) => "inside",
            GroupStatistic::Singles => "singles",
            GroupStatistic::ModeCount => "mode count",
            GroupStatistic::Modes { .. } => "modes",
            GroupStatistic::ModesInside(_) => "modes inside",
            GroupStatistic::Entropy => "entropy",
            GroupStatistic::Counts { .. } => "counts",
        }
        .to_owned(),
        Metric::Tally(_) => "tally".to_owned(),
        Metric::OutOfOrder(_) => "out of order".to_owned(),
        Metric::Unmatched { .. } => "unmatched".to_owned(),
        Metric::Differences(_) => "differences".to_owned(),
        Metric::QueryRows(_) => "selected".to_owned(),
        Metric::QueryDifference { .. } => "selected apart".to_owned(),
        Metric::OtherDataset { .. } => "of another dataset".to_owned(),
        Metric::Each { .. } => "of each group".to_owned(),
    }
}

/// The kinds of metrics that the naive engine measures. The second list has the kinds that it refuses.
const KINDS: [&str; 24] = [
    "correlation",
    "count",
    "counts",
    "differences",
    "distinct",
    "duplicated keys",
    "duplicated rows",
    "entropy",
    "inside",
    "max",
    "min",
    "mode count",
    "modes",
    "modes inside",
    "of another dataset",
    "of each group",
    "out of order",
    "outside",
    "outside count",
    "quantile",
    "singles",
    "standard deviation",
    "sum",
    "unmatched",
];
const REFUSED: [&str; 2] = ["selected", "selected apart"];

/// Formats a measured value for comparison: doubles with twelve digits after the point, groups and values
/// sorted.
pub fn comparable(found: &Measured) -> String {
    let value = |value: &Value| match value.as_f64() {
        Some(number) => format!("{number:.12e}"),
        None => format!("{value:?}"),
    };
    match found {
        Measured::Scalar(scalar) => value(scalar),
        Measured::Groups(groups) => {
            let mut shown: Vec<_> = groups
                .iter()
                .map(|group| format!("{:?}: {}", group.keys, comparable(&group.result)))
                .collect();
            shown.sort();
            shown.join("; ")
        }
        // A set of values may come in any order.
        Measured::Values(values) => {
            let mut shown: Vec<_> = values.iter().map(value).collect();
            shown.sort();
            shown.join(", ")
        }
        other => format!("{other:?}"),
    }
}

#[test]
fn both_engines_find_the_same_of_every_metric_of_every_page() {
    let (mut seen, mut refused) = (BTreeSet::new(), BTreeSet::new());
    let mut compared = 0;
    on_both(&PolarsEngine::default(), &Naive, |Both { page, plan, polars, naive }| {
        for (id, metric) in plan.metrics.entries() {
            let kind = kind(metric);
            match (&naive.measured[id], Naive.support(metric)) {
                (Err(MetricError::Unsupported(reason)), Support::Refused(why)) => {
                    assert_eq!(*reason, why);
                    refused.insert(kind);
                }
                (found, support) => {
                    let (found, wanted) = (found.as_ref().unwrap(), polars.measured[id].as_ref().unwrap());
                    assert_eq!(support, Support::Measured);
                    assert_eq!(comparable(found), comparable(wanted), "{page}: {metric}");
                    seen.insert(kind);
                    compared += 1;
                }
            }
        }
        assert_eq!(naive.dependent, polars.dependent, "{page}");
    });
    assert_eq!(seen.iter().map(String::as_str).collect::<Vec<_>>(), KINDS);
    assert!(refused.iter().all(|kind| REFUSED.contains(&kind.as_str())), "{refused:?}");
    assert!(compared > 400, "{compared}");
}

#[test]
fn what_one_engine_opened_is_no_other_ones() {
    let frame = || -> DataFrame { df!("n" => [1_i64]).unwrap() };
    let open = |engine: &dyn Engine| -> Box<dyn Opened> {
        engine.open(frame().into(), &StorageOptions::default(), &Dialect::default()).unwrap()
    };
    let others = BTreeMap::new();
    let polars = PolarsEngine::default();
    let snapshot = Snapshot::from_lazy("memory", frame().lazy()).unwrap();
    let plan = plan_of("{suite: s, columns: {n: [not_null]}}", &snapshot);
    for (engine, data) in [(&polars as &dyn Engine, open(&Naive)), (&Naive, open(&polars))] {
        let refused = engine.measure(&plan, data.as_ref(), &others, Control::default());
        assert!(matches!(refused, Err(EngineError::Foreign)), "{refused:?}");
    }
}

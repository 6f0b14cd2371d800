//! A failure loses only itself: every metric, count and row query of a plan is made to fail by itself, and
//! all others keep their results.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use polars::prelude::{DataFrame, IntoLazy as _, ParquetWriter, df};

use super::engine::PolarsEngine;
use super::open;
use crate::data::{ColumnPath, DataType, Dataset, Float, Value};
use crate::engine::polars::Snapshot;
use crate::engine::{Control, Engine as _, EngineError, Measurements, MetricError};
use crate::expectation::{Condition, FailureRule, OtherSchemas};
use crate::metric::{Measured, Metric, MetricId};
use crate::plan::{BindOptions, FailingCount, JudgedBy, Plan, bind};
use crate::predicate::{TextTest, Typed};
use crate::privacy::{Privacy, Untrusted};
use crate::source::store::StorageOptions;
use crate::source::{At, Opened, Trust};
use crate::suite::Suite;

/// Checks of every kind of metric: counts, aggregates, correlations, statistics of groups with row numbers
/// and without, of groups within groups, sequences, lookups, correspondences, and metrics of another dataset.
const SUITE: &str = "
suite: everything
columns:
  id:
    - unique
    - increasing
    - {sum: {min: 0}, where: n > 1}
    - {max: {min: 0}, group_by: text}
    - {distinct_count: {min: 1}, group_by: n}
  n:
    - between: {min: 1, max: 5}
    - {unique: ~, where: id > 2, id: some}
    - {z_score: 1, id: far}
    - median: {min: 0}
    - quantiles: [{at: 0.5, min: 0}]
    - distinct_values: {in: [1, 2, 3]}
    - distinct_count: {min: 3}
    - entropy: {min: 0}
    - most_common: [1, 2]
    - exists_in: {data: other, column: m}
  text:
    - matches: '^[a-z]+$'
table:
  - unique: [id, n]
  - correlation: {left: id, right: n, min: -1}
  - row_count_same_as: other
  - same_rows_as: {data: other, key: {id: k}, columns: {n: m}}
";

/// A value of the data that the injected failures quote.
const SECRET: &str = "secret";

fn there() -> Dataset {
    Dataset::Named("other".to_owned())
}

fn rows() -> DataFrame {
    df!(
        "id" => [1_i64, 2, 3, 3, 5, 6],
        "n" => [1_i64, 7, 2, 2, 9, 4],
        "text" => ["secret", "b", "secret c", "d", "E", "f"],
    )
    .unwrap()
}

fn write(path: &Path, mut frame: DataFrame) {
    let file = std::fs::File::create(path).unwrap();
    ParquetWriter::new(file).with_row_group_size(Some(2)).finish(&mut frame).unwrap();
}

/// The data, in files and in memory, with the other dataset.
struct Data {
    _folder: tempfile::TempDir,
    files: Snapshot,
    memory: Snapshot,
    others: BTreeMap<Dataset, Box<dyn Opened>>,
}

impl Data {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join("1.parquet"), rows().head(Some(4)));
        write(&folder.path().join("2.parquet"), rows().tail(Some(2)));
        let uri = folder.path().display().to_string();
        let files = open(&uri, At::Latest, &StorageOptions::default()).unwrap();
        let memory = Snapshot::from_lazy("memory", rows().lazy()).unwrap();
        let other = df!(
            "k" => [1_i64, 2, 5, 6, 8],
            "m" => [1_i64, 2, 9, 3, 5],
            "text" => ["secret", "y", "z", "v", "w"],
        );
        let other = Snapshot::from_lazy("other", other.unwrap().lazy()).unwrap();
        Self { _folder: folder, files, memory, others: BTreeMap::from([(there(), Box::new(other) as _)]) }
    }

    fn plan(&self, suite: &str) -> Plan {
        let mut others = OtherSchemas::default();
        others.insert(there(), Ok(self.others[&there()].schema().clone()));
        let options = BindOptions {
            samples: 3,
            all_rows: false,
            key: &[],
            now: chrono::DateTime::UNIX_EPOCH,
            selected: &|_| true,
            others: &others,
        };
        let plan = bind(&Suite::from_yaml(suite).unwrap(), &self.files.schema, &options).unwrap();
        let bound = |check: &crate::plan::PlannedCheck| assert!(check.judged_by.is_ok(), "{check:?}");
        plan.checks.iter().for_each(bound);
        plan
    }

    /// Measures a plan in one of several ways, which differ in how much is read at once, and from where.
    fn measure(&self, plan: &Plan, way: usize) -> Measurements {
        let (snapshot, engine) = match way % 3 {
            0 => (&self.files, PolarsEngine { group_bytes: 1 }),
            1 => (&self.files, PolarsEngine::default()),
            _ => (&self.memory, PolarsEngine::default()),
        };
        let control = Control { trust: Trust::None, ..Control::default() };
        let others = self.others.iter().map(|(name, other)| (name.clone(), other.as_ref())).collect();
        in_order(engine.measure(plan, snapshot, &others, control).unwrap())
    }
}

/// Sorts the values of groups, which come in any order, and rounds sums, which are added in any order.
fn in_order(mut measured: Measurements) -> Measurements {
    for value in &mut measured.measured {
        match value {
            Ok(Measured::Groups(groups)) => groups.sort_by_key(|group| format!("{:?}", group.keys)),
            Ok(Measured::Scalar(Value::Float(Float(number)))) => *number = (*number * 1e9).round() / 1e9,
            _ => {}
        }
    }
    measured
}

/// Returns a condition at which the engine fails: either it panics with a value, or it cannot be planned.
fn bad(panics: bool) -> Typed {
    let column = |name| Typed::column(&ColumnPath::column(name), &DataType::String);
    if panics {
        let panic = |text: &str| -> bool { panic!("it met {text}") };
        column("text").passes(TextTest::closure("is what it panics at", panic))
    } else {
        column("no such column").is_null()
    }
}

fn spoil(condition: &mut Typed, bad: &Typed) {
    *condition = Typed::all([condition.clone(), bad.clone().is_true()]);
}

/// Makes a metric fail at the rows that it reads here.
fn spoil_metric(metric: &mut Metric, bad: &Typed) {
    match metric {
        Metric::Count(filter) | Metric::Aggregate { filter, .. } | Metric::Correlation { filter, .. } => {
            spoil(filter, bad);
        }
        Metric::Tally(tally) => spoil(&mut tally.filter, bad),
        Metric::Group { grouping, .. } => spoil(&mut grouping.filter, bad),
        Metric::OutOfOrder(sequence) => spoil(&mut sequence.filter, bad),
        Metric::Unmatched { lookup, .. } => spoil(&mut lookup.grouping.filter, bad),
        Metric::Differences(correspondence) => spoil(&mut correspondence.filter, bad),
        Metric::OtherDataset { metric, .. } | Metric::Each { metric, .. } => spoil_metric(metric, bad),
        Metric::QueryRows(_) | Metric::QueryDifference { .. } => panic!("a query of its own"),
    }
}

/// Makes a metric fail at the rows that it reads from another dataset, and returns whether it reads any.
fn spoil_there(metric: &mut Metric, bad: &Typed) -> bool {
    match metric {
        Metric::Unmatched { lookup, .. } => spoil(&mut lookup.filter, bad),
        Metric::Differences(correspondence) => spoil(&mut correspondence.there, bad),
        _ => return false,
    }
    true
}

/// Returns whether a check depends on one of these metrics.
fn stands_on(plan: &Plan, check: usize, metrics: &BTreeSet<MetricId>) -> bool {
    let stands = |asked: &[MetricId]| asked.iter().any(|metric| metrics.contains(metric));
    match plan.checks[check].judged_by.as_ref().unwrap() {
        JudgedBy::Rows { rows, considered, failing, keys, .. } => {
            let failing = match failing {
                FailingCount::Metric(metric) => vec![*metric],
                FailingCount::Dependent(dependent) => plan.dependent[*dependent].metrics.clone(),
            };
            stands(&[*rows, *considered]) || stands(&failing) || keys.is_some_and(|keys| stands(&[keys]))
        }
        _ => true,
    }
}

/// Returns the full text, where nothing is personal.
fn shown(text: &Untrusted) -> String {
    Privacy::of(&[]).text(text).to_string()
}

/// Asserts that these metrics have no value, with a reason that names them and the failure, and that all
/// other results are unchanged.
fn lost_alone(plan: &Plan, lost: &BTreeSet<MetricId>, found: &Measurements, whole: &Measurements) {
    for ((metric, found), whole) in found.measured.entries().zip(&whole.measured) {
        if !lost.contains(&metric) {
            assert_eq!(found, whole, "{}", plan.metrics[metric]);
            continue;
        }
        let Err(MetricError::Failed { measured, reason }) = found else {
            panic!("{}: {found:?}", plan.metrics[metric])
        };
        let named = plan.metrics[metric].to_string();
        assert!(named.starts_with(measured.trim_end_matches('…')), "{measured}: {named}");
        let reason = shown(reason);
        let happened = reason.contains("it met ") || reason.contains("no such column");
        assert!(happened, "{reason}");
    }
    for (index, (found, whole)) in found.samples.iter().zip(&whole.samples).enumerate() {
        if !stands_on(plan, index, lost) {
            assert_eq!(found, whole, "{:?}", plan.checks[index]);
        }
    }
    for (dependent, (found, whole)) in found.dependent.iter().zip(&whole.dependent).enumerate() {
        if plan.dependent[dependent].metrics.iter().any(|metric| lost.contains(metric)) {
            assert!(found.is_err());
        } else {
            assert_eq!(found, whole);
        }
    }
}

#[test]
fn each_metric_that_fails_loses_only_itself() {
    let data = Data::new();
    let healthy = data.plan(SUITE);
    let whole: Vec<Measurements> = (0..3).map(|way| data.measure(&healthy, way)).collect();
    for (way, whole) in whole.iter().enumerate() {
        lost_alone(&healthy, &BTreeSet::new(), whole, whole);
        // In memory, each query has its own.
        assert!(way == 2 || whole.execution.scans == 2, "{way}");
        assert!(whole.unfetched.is_empty());
    }
    let metrics = || healthy.metrics.ids();
    assert!(metrics().count() > 30);
    let each = metrics().map(|metric| BTreeSet::from([metric]));
    let some: [BTreeSet<MetricId>; 2] = [metrics().step_by(3).collect(), metrics().collect()];
    for (way, lost) in each.chain(some.clone()).chain(some).enumerate() {
        let panics = way % 2 == 0;
        let mut plan = data.plan(SUITE);
        for metric in &lost {
            spoil_metric(&mut plan.metrics[*metric], &bad(panics));
        }
        lost_alone(&plan, &lost, &data.measure(&plan, way), &whole[way % 3]);
    }
}

#[test]
fn what_another_dataset_fails_at_costs_those_that_need_it() {
    let data = Data::new();
    let whole = data.measure(&data.plan(SUITE), 1);
    for metric in whole.measured.ids() {
        let mut plan = data.plan(SUITE);
        if spoil_there(&mut plan.metrics[metric], &bad(true)) {
            lost_alone(&plan, &BTreeSet::from([metric]), &data.measure(&plan, 1), &whole);
        }
    }
    // The other dataset cannot be read at all.
    let plan = data.plan(SUITE);
    let schema = data.others[&there()].schema().clone();
    let panics = |_| -> polars::prelude::PolarsResult<_> { panic!("no row there") };
    let broken = df!("k" => [1_i64], "m" => [1_i64], "text" => ["t"]).unwrap().lazy();
    let same = Arc::new(|schema: &polars::prelude::Schema| Ok(Arc::new(schema.clone())));
    let broken = broken.map(panics, polars::prelude::AllowedOptimizations::default(), Some(same), None);
    let broken = Snapshot { schema, ..Snapshot::from_lazy("other", broken).unwrap() };
    let others = BTreeMap::from([(there(), &broken as &dyn Opened)]);
    let engine = PolarsEngine::default();
    let control = Control { trust: Trust::None, ..Control::default() };
    let found = in_order(engine.measure(&plan, &data.files, &others, control).unwrap());
    for (metric, (found, whole)) in plan.metrics.iter().zip(found.measured.iter().zip(&whole.measured)) {
        match metric.dataset() {
            Some(_) => {
                let said = shown(&found.as_ref().unwrap_err().untrusted());
                assert!(said.contains("no row there"), "{metric}: {said}");
            }
            None => assert_eq!(found, whole, "{metric}"),
        }
    }
}

#[test]
fn counts_and_rows_of_the_second_pass_that_fail_lose_only_themselves() {
    let data = Data::new();
    for (way, panics) in [(0, true), (1, true), (2, true), (1, false)] {
        let whole = data.measure(&data.plan(SUITE), way);
        let mut plan = data.plan(SUITE);
        plan.dependent[0].condition = Condition::Fixed(bad(panics));
        let found = data.measure(&plan, way);
        assert_eq!(found.measured, whole.measured);
        let error = shown(&found.dependent[0].as_ref().unwrap_err().untrusted());
        assert!(error.starts_with("the count of failing rows could not be measured: "), "{error}");
        let far = plan.checks.iter().position(|check| {
            matches!(check.judged_by, Ok(JudgedBy::Rows { failing: FailingCount::Dependent(_), .. }))
        });
        let rows_but = |measured: &Measurements, but: usize| {
            let mut samples = measured.samples.clone();
            samples.remove(but);
            samples
        };
        let far = far.unwrap();
        assert_eq!(rows_but(&found, far), rows_but(&whole, far));

        for index in 0..plan.checks.len() {
            let mut plan = data.plan(SUITE);
            let Ok(JudgedBy::Rows { rule, .. }) = &mut plan.checks[index].judged_by else { continue };
            let FailureRule::Condition(condition) = &mut rule.fails else { continue };
            spoil(condition, &bad(panics));
            let found = data.measure(&plan, way);
            assert_eq!((&found.measured, &found.dependent), (&whole.measured, &whole.dependent));
            assert_eq!(rows_but(&found, index), rows_but(&whole, index));
            assert_eq!(found.unfetched.keys().copied().collect::<Vec<_>>(), [index]);
        }
    }
}

/// The recorder of keys succeeds, and then the groups fail in the second pass.
#[test]
fn groups_that_fail_where_hashes_went_well_lose_only_themselves() {
    let data = Data::new();
    let suite = "{suite: s, columns: {id: [unique, not_null], n: [unique]}}";
    let whole = data.measure(&data.plan(suite), 2);
    let mut plan = data.plan(suite);
    let asked = Arc::new(AtomicUsize::new(0));
    let test = TextTest::closure("is no text for long", move |text| {
        assert!(asked.fetch_add(1, Ordering::SeqCst) < rows().height(), "it met {text}");
        true
    });
    let text = Typed::column(&ColumnPath::column("text"), &DataType::String);
    let lost: BTreeSet<MetricId> =
        plan.groupings_of_repeated()[0].1.iter().map(|(metric, _)| *metric).collect();
    for metric in &lost {
        spoil_metric(&mut plan.metrics[*metric], &text.clone().passes(test.clone()));
    }
    lost_alone(&plan, &lost, &data.measure(&plan, 2), &whole);
}

#[test]
fn what_is_said_of_a_failure_holds_no_personal_data() {
    let data = Data::new();
    let mut plan = data.plan(&format!("{SUITE}\npii: [text]"));
    for metric in &mut plan.metrics {
        spoil_metric(metric, &bad(true));
    }
    let found = data.measure(&plan, 1);
    let privacy = Privacy::of(&[ColumnPath::column("text")]);
    for error in found.measured.iter().map(|value| privacy.text(&value.as_ref().unwrap_err().untrusted())) {
        assert!(error.contains("withheld") && !error.contains(SECRET), "{error}");
    }
    let mut plan = data.plan(&format!("{SUITE}\npii: [text]"));
    plan.dependent[0].condition = Condition::Fixed(bad(true));
    let found = data.measure(&plan, 1);
    let said =
        found.unfetched.values().cloned().chain([found.dependent[0].as_ref().unwrap_err().untrusted()]);
    let said: Vec<_> = said.map(|said| privacy.text(&said)).collect();
    assert_eq!(said.len(), 2);
    assert!(said.iter().all(|said| said.contains("withheld") && !said.contains(SECRET)), "{said:?}");
}

#[test]
fn scans_that_failed_are_counted() {
    let data = Data::new();
    let suite = "{suite: s, columns: {n: [{sum: {min: 0}}, {max: {min: 0}}]}}";
    let mut plan = data.plan(suite);
    assert_eq!((plan.metrics.len(), data.measure(&plan, 1).execution.scans), (2, 1));
    let first = plan.metrics.ids().next().unwrap();
    spoil_metric(&mut plan.metrics[first], &bad(true));
    // One scan for both, one to see if the columns can be read, and one for each by itself.
    let execution = data.measure(&plan, 1).execution;
    assert_eq!(execution.scans, 4);
    // A query that cannot be planned reads nothing.
    let mut plan = data.plan(suite);
    spoil_metric(&mut plan.metrics[first], &bad(false));
    assert_eq!(data.measure(&plan, 1).execution.scans, 2);
}

/// A failure to read the data is no metric's fault: nothing is measured.
#[test]
fn a_file_that_cannot_be_read_fails_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["1.parquet", "2.parquet"] {
        write(&folder.path().join(name), rows());
    }
    let path = folder.path().join("2.parquet");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[4..60].fill(0xff);
    std::fs::write(&path, bytes).unwrap();
    let uri = folder.path().display().to_string();
    let snapshot = open(&uri, At::Latest, &StorageOptions::default()).unwrap();
    let data = Data::new();
    let plan = data.plan("{suite: s, columns: {id: [unique, not_null, sum: {min: 0}], n: [not_null]}}");
    let control = Control { trust: Trust::None, ..Control::default() };
    let engine = PolarsEngine::default();
    let failed = engine.measure(&plan, &snapshot, &BTreeMap::new(), control).unwrap_err();
    let said = shown(&failed.untrusted());
    assert!(said.contains("2.parquet") && !failed.to_string().contains("2.parquet"), "{said}");
    assert!(!matches!(failed, EngineError::Query { .. }));
}

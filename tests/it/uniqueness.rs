//! Uniqueness against counting by hand: keys that rise and keys that do not, in several files and row
//! groups, read all at once or a group of files at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use karat::engine::polars::{Snapshot, open};
use karat::engine::{Control, Engine, Execution, Measurements, MetricError, PolarsEngine};
use karat::metric::MetricId;
use karat::plan::{FailingCount, JudgedBy, Plan};
use karat::report::{TextOptions, text};
use karat::source::{At, StorageOptions};
use karat::{CheckOptions, Data, Suite, check};
use polars::prelude::*;
use proptest::prelude::*;

use crate::scans::plan_of;
use crate::support::{judge, only};

/// Whether the columns of each check are considered only where they are not null, and which they are.
const CHECKS: [(bool, &[&str]); 6] = [
    (true, &["n"]),
    (true, &["text"]),
    (true, &["double"]),
    (false, &["n", "text"]),
    (false, &["double", "n"]),
    (false, &["big", "text", "n"]),
];

const SUITE: &str = "
suite: uniqueness
columns:
  n: [unique, {distinct_count: {min: 0}}]
  text: [unique]
  double: [unique, {distinct_count: {min: 0}}]
table:
  - {unique: {columns: [n, text], ignore_row_if: never}, id: two}
  - {unique: {columns: [double, n], ignore_row_if: never}, id: doubles}
  - {unique: {columns: [big, text, n], ignore_row_if: never}, id: three}
  - {unique: [n, text], where: n > 2, id: some}
";

/// The samples that `plan_of` asks for.
const SAMPLES: usize = 5;

#[derive(Clone, Debug)]
struct Row {
    n: Option<i64>,
    text: Option<String>,
    double: Option<f64>,
}

impl Row {
    /// A part of a key, equal to another one if they are one value.
    fn part(&self, column: &str) -> Option<String> {
        match column {
            "n" | "big" => self.n.map(|n| n.to_string()),
            "text" => self.text.clone(),
            _ => self
                .double
                .map(|double| if double.is_nan() { "NaN".into() } else { (double + 0.0).to_string() }),
        }
    }
}

/// Tables on which keys rise, and come twice seldom or often.
fn rows() -> impl Strategy<Value = Vec<Row>> {
    let row = |most: i64| {
        (
            prop::option::weighted(0.9, 0..most),
            prop::option::weighted(0.9, 0..most),
            prop::option::weighted(0.9, 0..most),
        )
            .prop_map(|(n, text, double)| Row {
                n,
                text: text.map(|text| format!("{text:03} and what makes it long")),
                double: double.map(|double| match double {
                    0 => f64::NAN,
                    1 => -0.0,
                    2 => 0.0,
                    _ => double as f64,
                }),
            })
    };
    let random = prop_oneof![Just(6_i64), Just(60), Just(2_000)]
        .prop_flat_map(move |most| prop::collection::vec(row(most), 0..120));
    let rising = (0..120_i64, -3..3_i64).prop_map(|(rows, from)| {
        let row = |n: i64| Row { n: Some(from + n), text: Some(format!("{n:03}")), double: Some(n as f64) };
        (0..rows).map(row).collect::<Vec<_>>()
    });
    // Nearly in order: a few rows are swapped, or come twice.
    let nearly = (rising.clone(), prop::collection::vec((0..120_usize, 0..120_usize, any::<bool>()), 0..4))
        .prop_map(|(mut rows, changes)| {
            for (left, right, twice) in changes {
                if left < rows.len() && right < rows.len() {
                    if twice {
                        rows[left] = rows[right].clone();
                    } else {
                        rows.swap(left, right);
                    }
                }
            }
            rows
        });
    prop_oneof![3 => random, 2 => rising, 3 => nearly]
}

fn write(path: &Path, rows: &[Row], row_group: usize) {
    let mut frame = df!(
        "n" => rows.iter().map(|row| row.n).collect::<Vec<_>>(),
        "text" => rows.iter().map(|row| row.text.clone()).collect::<Vec<_>>(),
        "double" => rows.iter().map(|row| row.double).collect::<Vec<_>>(),
        "big" => rows.iter().map(|row| row.n).collect::<Vec<_>>(),
    )
    .unwrap();
    frame.try_apply("big", |big| big.cast(&DataType::Decimal(38, 2))).unwrap();
    let file = std::fs::File::create(path).unwrap();
    ParquetWriter::new(file).with_row_group_size(Some(row_group)).finish(&mut frame).unwrap();
}

fn measure(group_bytes: u64, memory: u64, plan: &Plan, snapshot: &Snapshot) -> Measurements {
    let control = Control { memory, ..Control::default() };
    PolarsEngine { group_bytes }.measure(plan, snapshot, &BTreeMap::new(), control).unwrap()
}

/// The numbers of the rows whose keys come twice, and how many different keys there are.
fn counted(
    rows: &[Row],
    without_nulls: bool,
    columns: &[&str],
    passes: impl Fn(&Row) -> bool,
) -> (Vec<u64>, usize) {
    let mut groups: BTreeMap<Vec<Option<String>>, Vec<u64>> = BTreeMap::new();
    for (row, number) in rows.iter().zip(0..) {
        let key: Vec<_> = columns.iter().map(|column| row.part(column)).collect();
        if passes(row) && !(without_nulls && key.contains(&None)) {
            groups.entry(key).or_default().push(number);
        }
    }
    let failing: BTreeSet<u64> = groups.values().filter(|rows| rows.len() > 1).flatten().copied().collect();
    (failing.into_iter().collect(), groups.len())
}

/// The count that was measured of a metric.
fn measured_count(measured: &Measurements, metric: MetricId) -> Result<u64, MetricError> {
    Ok(measured.of(metric)?.count().unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn keys_that_come_twice_are_counted(rows in rows(), files in 1_usize..4, row_group in 1_usize..50, memory in prop_oneof![0_u64..3_000, 3_000_u64..80_000]) {
        let folder = tempfile::tempdir().unwrap();
        for (file, rows) in rows.chunks((rows.len() / files).max(1)).enumerate() {
            write(&folder.path().join(format!("{file:03}.parquet")), rows, row_group);
        }
        if rows.is_empty() {
            write(&folder.path().join("none.parquet"), &rows, 1);
        }
        let uri = folder.path().display().to_string();
        let snapshot = open(&uri, At::Latest, &StorageOptions::default()).unwrap();
        let plan = plan_of(SUITE, &snapshot);
        let checks = CHECKS.map(|(without_nulls, columns)| counted(&rows, without_nulls, columns, |_| true));
        let some = counted(&rows, false, &["n", "text"], |row| row.n.is_some_and(|n| n > 2));
        let expected: Vec<_> = checks.into_iter().chain([some]).collect();
        let rules: Vec<_> =
            plan.checks.iter().enumerate().filter(|(_, check)| matches!(check.judged_by, Ok(JudgedBy::Rows { .. }))).collect();
        prop_assert_eq!(rules.len(), expected.len());
        for (group_bytes, memory) in [(1, u64::MAX), (u64::MAX, u64::MAX), (1, memory)] {
            let measured = measure(group_bytes, memory, &plan, &snapshot);
            for ((index, check), (failing, _)) in rules.iter().zip(&expected) {
                let Ok(JudgedBy::Rows { failing: FailingCount::Metric(failing_rows), keys: Some(keys), .. }) = &check.judged_by else {
                    panic!("{check:?}");
                };
                prop_assert_eq!(measured_count(&measured, *failing_rows), Ok(failing.len() as u64), "{:?}", check);
                let keys = measured.of(*keys).unwrap().keys().unwrap();
                prop_assert_eq!(keys.is_empty(), failing.is_empty());
                let sampled: Vec<u64> =
                    measured.samples[*index].rows.iter().map(|row| row.position.unwrap()).collect();
                prop_assert_eq!(sampled, &failing[..failing.len().min(SAMPLES)], "{:?}", check);
            }
            let distinct = plan.checks.iter().filter_map(|check| match &check.judged_by {
                Ok(JudgedBy::Measured { metrics, .. }) => Some(measured_count(&measured, metrics[0])),
                _ => None,
            });
            let counted = [Ok(expected[0].1 as u64), Ok(expected[2].1 as u64)];
            prop_assert_eq!(distinct.collect::<Vec<_>>(), counted);
            let fails = expected.iter().any(|(failing, _)| !failing.is_empty());
            let Execution { scans, scans_for_memory, .. } = measured.execution;
            prop_assert_eq!(scans, 1 + u64::from(fails) + scans_for_memory);
            prop_assert!(scans_for_memory == 0 || memory < u64::MAX);
        }
    }
}

/// What is the same for all rows, or for all of a file, may come as one value.
#[test]
fn one_value_for_all_rows_is_as_many_keys() {
    let folder = tempfile::tempdir().unwrap();
    let rows = |numbers: std::ops::Range<i64>| -> Vec<Row> {
        numbers.map(|n| Row { n: Some(n), text: None, double: None }).collect()
    };
    for (part, numbers) in [("p=1", 0..3), ("p=2", 3..4), ("p=3", 4..5)] {
        std::fs::create_dir(folder.path().join(part)).unwrap();
        write(&folder.path().join(part).join("rows.parquet"), &rows(numbers), 2);
    }
    let uri = folder.path().display().to_string();
    let failing = |suite: &str, data: Data| only(&judge(suite, data)).counts.unwrap().failing;
    assert_eq!(failing("{suite: s, columns: {p: [unique]}}", uri.clone().into()), 3);
    assert_eq!(failing("{suite: s, table: [unique: [p, n]]}", uri.into()), 0);
    let one = df!("n" => [1, 2, 3]).unwrap().lazy().with_column(lit(7).alias("p"));
    assert_eq!(failing("{suite: s, columns: {p: [unique]}}", one.into()), 3);
}

#[test]
fn scans_for_the_sake_of_memory_are_told() {
    let frame = || df!("n" => (0..3_000_i64).map(|n| n * 7_919 % 1_499).collect::<Vec<_>>()).unwrap();
    let run = |memory| {
        let suite =
            Suite::from_yaml("{suite: s, columns: {n: [unique, {distinct_ratio: {min: 0.5}}]}}").unwrap();
        check(&suite, frame(), &CheckOptions { memory, ..CheckOptions::default() })
    };
    let whole = run(None);
    let little = run(Some(20_000));
    for (whole, little) in whole.suites[0].outcomes.iter().zip(&little.suites[0].outcomes) {
        assert_eq!((whole.counts, &whole.observed), (little.counts, &little.observed));
        assert_eq!(whole.samples, little.samples);
    }
    let (_, execution) = little.suites[0].execution.as_ref().unwrap();
    assert_eq!(execution.scans, 2 + execution.scans_for_memory);
    // One that spills the keys, and one for those whose rows are shown.
    assert_eq!(execution.scans_for_memory, 2, "{execution:?}");
    let options = TextOptions { width: None, passed: true, samples: false };
    let told =
        format!("{} scans ({} to keep within the memory)", execution.scans, execution.scans_for_memory);
    assert!(text(&little, options).contains(&told), "{}", text(&little, options));
}

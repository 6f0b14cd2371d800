//! How often the data is read: once to judge, once more where rows fail.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::support::{assert_all_pass, judge_reading_all, only};
use karat::data::Value;
use karat::engine::polars::{Snapshot, open};
use karat::engine::{Control, Engine, Execution, Measurements, PolarsEngine};
use karat::evaluate::Verdict;
use karat::expectation::OtherSchemas;
use karat::plan::{BindOptions, Plan, bind};
use karat::source::{At, StorageOptions, Trust};
use karat::{CheckOptions, Run, Suite, check};
use polars::prelude::*;

/// 40 checks that hold: on rows, groups, aggregates, several columns, with filters, on the schema.
const HOLDS: &str = "
suite: scans
columns:
  id:
    - not_null
    - unique
    - {unique: ~, where: status = 'F', id: unique F}
    - between: {min: 0, max: 9999}
    - {between: {min: 0, max: 9999}, where: qty > 3, id: between filtered}
    - distinct_count: 10000
    - distinct_ratio: {min: 1}
    - min: {min: 0}
    - max: {max: 9999}
    - sum: {min: 0}
    - {sum: {min: 0}, where: status = 'O', id: sum filtered}
    - type: int64
  status:
    - not_null
    - in_set: [O, F, P]
    - not_in_set: [X]
    - matches: '^[A-Z]$'
    - not_matches: '\\d'
    - length_equal: 1
    - length_between: {min: 1, max: 2}
    - distinct_count: 3
    - distinct_values: {equal: [O, F, P]}
    - {distinct_values: {in: [O]}, where: status = 'O', id: values filtered}
  amount:
    - between: {min: 0, max: 100000}
    - mean: {min: 1}
    - {mean: {min: 1}, where: status <> 'F', id: mean filtered}
    - median: {min: 1}
    - stddev: {min: 1}
    - quantiles: [{at: 0.5, min: 1}, {at: 0.9, min: 1}]
    - type: float64
  note:
    - {not_null: ~, where: id % 4 <> 0}
    - length_between: {min: 1, max: 10}
  nothing:
    - 'null'
  qty:
    - between: {min: 0, max: 9}
    - in_set: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    - max: {max: 9}
table:
  - row_count: 10000
  - {row_count: {min: 3000}, where: status = 'F', id: rows filtered}
  - unique: [id, status]
  - rows: amount >= qty
  - pair: {left: amount, is: '>=', right: id}
";

/// Checks that need what a first scan measures, and checks of sequences and of groups.
const RELATIVE: &str = "
suite: relative
columns:
  id:
    - increasing
    - {increasing: {strictly: true, order_by: amount}, id: by amount}
    - {max: {min: 9997}, group_by: status}
    - {distinct_count: {min: 300}, group_by: [status, qty], id: ids of groups}
  amount:
    - {z_score: 1, id: far}
    - not_outlier
    - {not_outlier: {method: std, multiplier: 1}, id: beyond}
    - {between: {min: 20}, id: above}
    - {decreasing: ~, id: down}
";

/// Checks of text by tests of karat's own.
const TESTS: &str = "
suite: tests
columns:
  status:
    - matches: '^(?!X)'
    - {matches: ['^O', '(?<=^)[FP]'], id: several}
    - {like: ['O', F, P], where: id > 3}
    - {language_code: ~, fail_if: '> 100 %'}
  note:
    - {json: ~, fail_if: '> 100 %'}
    - {datetime_format: 'a note'}
";

/// Checks some of whose rows fail, one of each kind.
const FAILS: &str = "
suite: scans
columns:
  id: [{between: {min: 1}}]
  qty: [unique]
  status: [{in_set: [O, F]}, {not_in_set: [O], where: qty > 3}]
table:
  - rows: qty <> 3
  - unique: [status, qty]
  - row_count: 10000
";

const NAMED: [&str; 6] = ["id", "status", "amount", "note", "nothing", "qty"];

/// Rows `from..to` of one table.
fn rows(from: i64, to: i64) -> DataFrame {
    let ids: Vec<i64> = (from..to).collect();
    let statuses: Vec<&str> =
        ids.iter().map(|id| ["O", "F", "P"][usize::try_from(id % 3).unwrap()]).collect();
    let amounts: Vec<f64> = ids.iter().map(|id| f64::from(i32::try_from(*id).unwrap()) + 10.0).collect();
    let notes: Vec<Option<&str>> = ids.iter().map(|id| (id % 4 != 0).then_some("a note")).collect();
    let quantities: Vec<i64> = ids.iter().map(|id| id % 10).collect();
    let unread: Vec<String> = ids.iter().map(|id| format!("{id} is not to be read")).collect();
    df!(
        "unread" => unread,
        "id" => &ids,
        "status" => statuses,
        "amount" => amounts,
        "note" => notes,
        "nothing" => vec![None::<i32>; ids.len()],
        "qty" => quantities,
        "unread too" => ids,
    )
    .unwrap()
}

fn write(path: &Path, mut frame: DataFrame) {
    let file = std::fs::File::create(path).unwrap();
    ParquetWriter::new(file).with_row_group_size(Some(1_000)).finish(&mut frame).unwrap();
}

/// The table in so many files of one folder.
fn table(files: i64) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let each = 10_000 / files;
    for file in 0..files {
        write(&folder.path().join(format!("{file}.parquet")), rows(file * each, (file + 1) * each));
    }
    folder
}

fn execution(run: &Run) -> &Execution {
    &run.suites[0].execution.as_ref().unwrap().1
}

fn assert_holds(run: &Run) {
    assert_eq!(run.suites[0].outcomes.len(), 40);
    assert_all_pass(run);
}

fn assert_fails(run: &Run) {
    for (check, outcome) in run.suites[0].suite.checks.iter().zip(&run.suites[0].outcomes) {
        let expected = if check.id == "row_count" { Verdict::Pass } else { Verdict::Fail };
        assert_eq!(outcome.verdict, expected, "{}: {outcome:?}", check.id);
        assert_eq!(outcome.samples.rows.is_empty(), expected == Verdict::Pass, "{}", check.id);
    }
}

#[test]
fn forty_checks_that_hold_read_the_data_once() {
    for files in [1, 5] {
        let folder = table(files);
        let run = judge_reading_all(HOLDS, folder.path().display().to_string());
        assert_holds(&run);
        let execution = execution(&run);
        assert_eq!(execution.scans, 1, "{files} files");
        assert_eq!(execution.rows_read, 10_000);
        assert_eq!(execution.columns_read, NAMED);
    }
}

#[test]
fn tests_of_text_share_the_scan() {
    for files in [1, 5] {
        let folder = table(files);
        let run = judge_reading_all(TESTS, folder.path().display().to_string());
        assert_all_pass(&run);
        // The second one fetches the rows that are let off.
        assert_eq!(execution(&run).scans, 2, "{files} files");
        assert_eq!(execution(&run).columns_read, ["id", "status", "note"]);
    }
    let folder = table(1);
    let (frame, passed) = counting(&folder.path().join("0.parquet"));
    let only = "{suite: one, columns: {status: [{matches: '^(?!X)'}], note: [{datetime_format: 'a note'}]}}";
    assert_eq!(execution(&judge_reading_all(only, frame)).scans, 1);
    assert_eq!(passed.lock().unwrap().rows, 10_000);
}

#[test]
fn failing_rows_take_one_more_read() {
    for files in [1, 5] {
        let folder = table(files);
        let run = judge_reading_all(FAILS, folder.path().display().to_string());
        assert_fails(&run);
        assert_eq!(execution(&run).scans, 2, "{files} files");
        assert_eq!(execution(&run).columns_read, ["id", "status", "qty"]);
    }
}

#[test]
fn without_samples_failing_rows_take_no_second_read() {
    let folder = table(2);
    let suite = Suite::from_yaml("{suite: none, columns: {id: [between: {min: 5000}]}}").unwrap();
    let options = CheckOptions { samples: 0, trust: Trust::None, ..CheckOptions::default() };
    let run = check(&suite, folder.path().display().to_string(), &options);
    assert_eq!(only(&run).counts.unwrap().failing, 5_000);
    assert_eq!(execution(&run).scans, 1);
}

/// More failing checks than the second read has one condition for.
#[test]
fn many_failing_checks_take_one_more_read() {
    let folder = table(2);
    let checks: Vec<String> =
        (0..100).map(|k| format!("{{id: c{k}, between: {{min: {}}}}}", 100 + k)).collect();
    let run = judge_reading_all(
        &format!("{{suite: many, columns: {{id: [{}]}}}}", checks.join(", ")),
        folder.path().display().to_string(),
    );
    assert_eq!(execution(&run).scans, 2);
    for (k, outcome) in (100..).zip(&run.suites[0].outcomes) {
        assert_eq!(outcome.counts.unwrap().failing, k, "{k}");
        let rows: Vec<_> = outcome.samples.rows.iter().map(|row| row.values[0].1.clone()).collect();
        assert_eq!(rows, (0..10).map(Value::Integer).collect::<Vec<_>>(), "{k}");
        assert_eq!(outcome.samples.counted, k, "{k}");
    }
}

#[test]
fn what_is_relative_to_a_first_scan_takes_a_second_one_and_no_third() {
    for files in [1, 5] {
        let folder = table(files);
        let run = judge_reading_all(RELATIVE, folder.path().display().to_string());
        let outcome = |id: &str| run.suites[0].outcome(id).unwrap();
        for id in ["id.increasing", "by amount", "id.max", "ids of groups", "amount.not_outlier"] {
            assert_eq!(outcome(id).verdict, Verdict::Pass, "{id}: {:?}", outcome(id));
        }
        // The values rise evenly: one standard deviation is 2887 of them.
        for (id, failing, first) in
            [("far", 4_226, 0), ("beyond", 4_226, 0), ("above", 10, 0), ("down", 9_999, 1)]
        {
            assert_eq!(outcome(id).counts.unwrap().failing, failing, "{id}");
            assert_eq!(
                (outcome(id).samples.rows.len(), outcome(id).samples.rows[0].row),
                (10, Some(first)),
                "{id}"
            );
        }
        assert_eq!(execution(&run).scans, 2, "{files} files");
    }
}

#[test]
fn bytes_are_those_of_the_columns_that_are_read() {
    let folder = table(1);
    let whole = std::fs::metadata(folder.path().join("0.parquet")).unwrap().len();
    let uri = folder.path().display().to_string();
    let few = execution(&judge_reading_all("{suite: few, columns: {qty: [not_null]}}", uri.clone()))
        .bytes_read
        .unwrap();
    let most = execution(&judge_reading_all(HOLDS, uri)).bytes_read.unwrap();
    assert!(0 < few && few < most && most < whole, "{few} of {most} of {whole} bytes");
}

/// What passed through a frame, counted by itself and not by the engine.
#[derive(Default)]
struct Passed {
    rows: usize,
    columns: BTreeSet<String>,
}

/// A frame of a Parquet file that counts what is read through it. Were it read twice, each row
/// would be counted twice.
fn counting(path: &Path) -> (LazyFrame, Arc<Mutex<Passed>>) {
    let passed = Arc::<Mutex<Passed>>::default();
    let count = passed.clone();
    let see = move |frame: DataFrame| {
        let mut passed = count.lock().unwrap();
        passed.rows += frame.height();
        passed.columns.extend(frame.get_column_names().iter().map(ToString::to_string));
        Ok(frame)
    };
    let path = PlRefPath::try_from_path(path).unwrap();
    let scan = LazyFrame::scan_parquet(path, ScanArgsParquet::default()).unwrap();
    (scan.map(see, AllowedOptimizations::all(), None, Some("counting")), passed)
}

#[test]
fn a_counting_source_sees_every_row_once() {
    let folder = table(1);
    let (frame, passed) = counting(&folder.path().join("0.parquet"));
    assert_holds(&judge_reading_all(HOLDS, frame));
    let passed = passed.lock().unwrap();
    assert_eq!(passed.rows, 10_000);
    assert_eq!(passed.columns, NAMED.map(str::to_owned).into());
}

#[test]
fn a_counting_source_sees_failing_rows_twice() {
    let folder = table(1);
    let (frame, passed) = counting(&folder.path().join("0.parquet"));
    assert_fails(&judge_reading_all(FAILS, frame));
    // The second read may be spared the rows that do not fail.
    let rows = passed.lock().unwrap().rows;
    assert!(10_000 < rows && rows <= 20_000, "{rows} rows");
}

/// Checks whose results of parts merge.
const MERGES: &str = "
suite: merges
columns:
  id: [not_null, {between: {min: 0, max: 20}}, {min: {min: 0}}, {max: {max: 1}}, {sum: {min: 0}}]
  amount: [{sum: {min: 0}}, {max: {min: 0}}, {stddev: {min: 0}}, {mean: {min: 0}}]
  nothing: ['null', {min: {min: 0}}, {sum: {min: 0}}]
  status: [{min: {min: A}}, {max: {max: Z}}, {in_set: [O, F]}]
table:
  - row_count: 10000
  - correlation: {left: id, right: amount, min: -1}
";

/// What a suite asks of a snapshot.
pub(crate) fn plan_of(suite: &str, snapshot: &Snapshot) -> Plan {
    let options = BindOptions {
        samples: 5,
        all_rows: false,
        key: &[],
        now: karat::run::now(),
        selected: &|_| true,
        others: &OtherSchemas::default(),
    };
    bind(&Suite::from_yaml(suite).unwrap(), &snapshot.schema, &options).unwrap()
}

fn measure(engine: PolarsEngine, plan: &Plan, snapshot: &Snapshot) -> (Measurements, usize) {
    let steps = Mutex::new(0);
    let control =
        Control { trust: Trust::None, progress: &|_| *steps.lock().unwrap() += 1, ..Control::default() };
    let measured = engine.measure(plan, snapshot, &BTreeMap::new(), control).unwrap();
    (measured, steps.into_inner().unwrap())
}

#[test]
fn groups_of_files_merge_to_the_whole() {
    let folder = table(5);
    let snapshot =
        open(&folder.path().display().to_string(), At::Latest, &StorageOptions::default()).unwrap();
    let plan = plan_of(MERGES, &snapshot);
    let (whole, one) = measure(PolarsEngine::default(), &plan, &snapshot);
    let (parts, five) = measure(PolarsEngine { group_bytes: 1 }, &plan, &snapshot);
    assert_eq!((one, five), (1, 5));
    assert_eq!(parts.measured, whole.measured);
    assert_eq!(parts.samples, whole.samples);
    assert_eq!(parts.execution.scans, 2);
}

#[test]
fn a_cancelled_read_measures_nothing() {
    let folder = table(5);
    let options = CheckOptions::default();
    let cancelled = options.cancelled.clone();
    let progress = Arc::new(move |_| cancelled.store(true, Ordering::Relaxed));
    let options = CheckOptions { progress, ..options };
    let run = check(&Suite::from_yaml(MERGES).unwrap(), folder.path().display().to_string(), &options);
    for outcome in &run.suites[0].outcomes {
        assert_eq!((outcome.verdict, outcome.reason.as_deref()), (Verdict::Error, Some("cancelled")));
    }
}

#[test]
fn a_query_that_is_cancelled_ends_before_its_rows_do() {
    // One query over one frame, which would take minutes.
    let texts = df!("text" => vec!["some text or other, and more of it"; 100_000]).unwrap();
    let mut frame = texts.clone();
    for _ in 0..300 {
        frame.vstack_mut(&texts).unwrap();
    }
    let options = CheckOptions::default();
    let cancelled = options.cancelled.clone();
    let judged = std::thread::spawn(move || {
        let checks = "suite: s\ncolumns: {text: [{matches: '(a|o)t?h[a-f]r, .{4,9}o[f-z] it$'}]}";
        check(&Suite::from_yaml(checks).unwrap(), frame.lazy(), &options)
    });
    std::thread::sleep(Duration::from_secs(1));
    assert!(!judged.is_finished());
    cancelled.store(true, Ordering::Relaxed);
    let before = Instant::now();
    let run = judged.join().unwrap();
    assert!(before.elapsed() < Duration::from_secs(10), "{:?}", before.elapsed());
    assert_eq!(only(&run).reason.as_deref(), Some("cancelled"));
}

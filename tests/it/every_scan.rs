//! Every expectation of one table, all in one suite: one scan, and a second one for what needs it.

use std::collections::BTreeSet;
use std::path::Path;

use karat::evaluate::Verdict;
use karat::expectation::{Family, Nature, all};
use karat::source::Trust;
use karat::{CheckOptions, Suite, check};
use polars::prelude::*;

/// A check of every expectation, with the column that it stands on, if it stands on one. All hold.
const CHECKS: &str = "
n between {min: 0, max: 99}
word chi_square {partition: {values: [a, b], weights: [0.5, 0.5]}}
- column_count {min: 1}
- columns {set: [n], exact: false}
- correlation {left: n, right: down, max: 0}
country country_code ~
- cramers_phi {left: half, right: word, threshold: 1}
card credit_card ~
currency currency_code ~
day date_parseable ~
day datetime_format '%Y-%m-%d'
down decreasing ~
n distinct_count {min: 1}
n distinct_ratio {min: 0.1}
word distinct_values {equal: [a, b]}
n distinctness {min: 0.1}
n entropy {min: 0}
- equal_columns {columns: [kind, same]}
n exists ~
at fresh 10000 w
iban iban ~
late in_future ~
at in_past ~
word in_set [a, b]
n increasing ~
ip ip_address ~
json json ~
json json_schema {schema: {type: object}}
word kl_divergence {partition: {values: [a, b], weights: [0.5, 0.5]}, max: 1}
share ks_test {distribution: uniform}
language language_code ~
word length_between {min: 1, max: 2}
word length_equal 1
word like '_'
word matches '^[ab]$'
n max {min: 0}
n mean {min: 0}
n measure {of: max(n) - min(n), min: 0}
n median {min: 0}
n min {min: 0}
word most_common {values: [a, b], ties_okay: true}
- no_gaps {start: at, end: until}
- no_overlaps {start: at, end: until}
n non_null_ratio {min: 1}
word not_in_set [c]
word not_like 'c%'
word not_matches c
n not_null ~
n not_outlier ~
nothing null ~
- pair {left: n, is: '<=', right: n}
- pair_in_set {left: kind, right: word, values: [[k, a], [k, b]]}
n quantiles [{at: 0.5, min: 0}]
- readable ~
- row_count {min: 1}
- row_sum {columns: [n, down], equal: 0}
- rows n = -down
n stddev {min: 0}
n sum {min: 0}
n type int64
n type_in [int64]
- unexpected_rows 'SELECT * FROM {batch} WHERE n < 0'
n unique ~
- unique_within_row {columns: [kind, word]}
n uniqueness {min: 0.1}
n z_score 9
";

/// Checks of several rows whose place differs with their arguments.
const FURTHER: &str = "
n increasing {strictly: true}
n increasing {order_by: at}
down decreasing {order_by: n}
- no_gaps {start: at, end: until, within: kind}
- no_overlaps {start: at, end: until, within: kind}
- unique [n, word]
- distinctness {columns: [n, word], min: 0}
- uniqueness {columns: [n, word], min: 0}
word matches '^(?!c)'
";

/// The expectations that a first scan cannot judge.
const SECOND: [&str; 2] = ["not_outlier", "z_score"];

fn lines() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    CHECKS.lines().chain(FURTHER.lines()).filter_map(|line| {
        let (place, rest) = line.split_once(' ')?;
        let (name, arguments) = rest.split_once(' ')?;
        Some((place, name, arguments))
    })
}

/// The table in three files.
fn table(folder: &Path) {
    for file in 0..3_i64 {
        let n: Vec<i64> = (file * 8..(file + 1) * 8).collect();
        let day = |n: &i64| i32::try_from(10_000 + n).unwrap();
        let text = |text: &str| vec![text.to_owned(); n.len()];
        let mut frame = df!(
            "n" => &n,
            "down" => n.iter().map(|n| -n).collect::<Vec<_>>(),
            "word" => n.iter().map(|n| ["a", "b"][usize::from(n % 2 == 0)]).collect::<Vec<_>>(),
            "share" => n.iter().map(|n| (*n as f64 + 0.5) / 24.0).collect::<Vec<_>>(),
            "half" => n.iter().map(|n| i64::from(n % 4 < 2)).collect::<Vec<_>>(),
            "kind" => text("k"),
            "same" => text("k"),
            "country" => text("SE"),
            "language" => text("sv"),
            "card" => text("4111111111111111"),
            "currency" => text("EUR"),
            "day" => text("2024-02-29"),
            "iban" => text("DE89370400440532013000"),
            "ip" => text("::1"),
            "json" => text("{}"),
            "nothing" => vec![None::<i32>; n.len()],
            "at" => n.iter().map(day).collect::<Vec<_>>(),
            "until" => n.iter().map(|n| day(&(n + 1))).collect::<Vec<_>>(),
            "late" => vec![2_000_000; n.len()],
        )
        .unwrap();
        for column in ["at", "until", "late"] {
            frame.try_apply(column, |days| days.cast(&DataType::Date)).unwrap();
        }
        let written = std::fs::File::create(folder.join(format!("{file}.parquet"))).unwrap();
        ParquetWriter::new(written).finish(&mut frame).unwrap();
    }
}

/// All checks but some: each as it is, on some rows, and of groups, as far as it can be.
fn suite(left_out: &[&str]) -> String {
    let mut checks: Vec<(&str, String)> = Vec::new();
    for (place, name, arguments) in lines().filter(|(_, name, _)| !left_out.contains(name)) {
        let nature = all().iter().find(|definition| definition.id == name).unwrap().nature;
        let mut add = |option: &str| {
            let id = checks.len();
            checks.push((place, format!("{{{name}: {arguments}, id: '{name} {id}'{option}}}")));
        };
        add("");
        if matches!(nature, Nature::Rows | Nature::Measured) {
            add(", where: n >= 0 or n is null");
        }
        if nature == Nature::Measured && name != "unexpected_rows" {
            add(", group_by: kind");
            add(", group_by: [kind, same], where: n >= 0");
        }
    }
    let places: BTreeSet<&str> = checks.iter().map(|(place, _)| *place).collect();
    let mut text = "suite: every\ncolumns:\n".to_owned();
    let under = |place: &str, indent: &str| -> String {
        let of = checks.iter().filter(|(of, _)| *of == place);
        of.map(|(_, check)| format!("{indent}- {check}\n")).collect()
    };
    for place in places.iter().filter(|place| **place != "-") {
        text.push_str(&format!("  {place}:\n{}", under(place, "    ")));
    }
    text + "table:\n" + &under("-", "  ")
}

#[test]
fn every_expectation_of_one_table_is_here() {
    let ours: BTreeSet<&str> = lines().map(|(_, name, _)| name).collect();
    let single = all().iter().filter(|definition| definition.family != Family::Cross);
    assert_eq!(ours, single.map(|definition| definition.id).collect());
}

#[test]
fn they_all_share_one_scan() {
    let folder = tempfile::tempdir().unwrap();
    table(folder.path());
    for (left_out, scans) in [(SECOND.as_slice(), 1), (&[], 2)] {
        let suite = Suite::from_yaml(&suite(left_out)).unwrap();
        let run = check(
            &suite,
            folder.path().display().to_string(),
            &CheckOptions { trust: Trust::None, ..CheckOptions::default() },
        );
        let run = &run.suites[0];
        for (check, outcome) in run.suite.checks.iter().zip(&run.outcomes) {
            assert_eq!(outcome.verdict, Verdict::Pass, "{}: {outcome:?}", check.id);
        }
        assert_eq!(run.execution.as_ref().unwrap().1.scans, scans);
    }
}

#[test]
fn failing_rows_of_all_of_them_take_one_more() {
    let folder = tempfile::tempdir().unwrap();
    table(folder.path());
    let suite = "
suite: sequences
columns:
  n:
    - {decreasing: ~, id: d1}
    - {decreasing: {strictly: true}, id: d2}
    - {decreasing: {order_by: at}, id: d3}
    - {between: {max: 3}, id: b}
  down:
    - {increasing: ~, id: i1}
    - {increasing: {strictly: true}, id: i2}
    - {z_score: 1, id: z}
table:
  - no_overlaps: {start: at, end: late}
    id: o1
  - no_overlaps: {start: at, end: late, within: kind}
    id: o2
";
    let run = check(
        &Suite::from_yaml(suite).unwrap(),
        folder.path().display().to_string(),
        &CheckOptions { trust: Trust::None, ..CheckOptions::default() },
    );
    for outcome in &run.suites[0].outcomes {
        assert_eq!(outcome.verdict, Verdict::Fail, "{outcome:?}");
        assert!(!outcome.samples.rows.is_empty(), "{outcome:?}");
    }
    assert_eq!(run.suites[0].execution.as_ref().unwrap().1.scans, 2);
}

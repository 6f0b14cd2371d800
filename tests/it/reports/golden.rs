//! One small run in every format, as files to look at, and the JSON report's schema.

use std::error::Error as _;
use std::path::{Path, PathBuf};

use ::karat::evaluate::Verdict;
use ::karat::report::{CheckReport, ReadError, Report, html, json};
use polars::prelude::df;
use regex::Regex;
use serde_json::Value;

use crate::cli::{Project, scrubbed};

/// A bit of everything: every verdict, personal data, values that would do harm if they could.
const SUITE: &str = "\
suite: shop/orders
layer: silver
data: orders.parquet
description: One row per order.
owner: orders-team
key: order_id
pii: [email]
columns:
  order_id: [not_null, unique]
  status:
    - in_set: [O, F, P]
      description: Open, filled or pending.
      tags: [nightly]
    - exists_in: {data: statuses.parquet, column: code}
  amount:
    - between: {min: 0, max: 100}
      warn_if: '> 0'
      fail_if: '> 50 %'
    - mean: {min: 10, max: 100}
    - quantiles: [{at: 0.5, min: 10, max: 50}]
    - mean: {max: 25}
      group_by: status
      id: mean_by_status
  note:
    - length_between: {min: 0, max: 12}
      severity: info
  email:
    - matches: '^[^@]+@[^@]+$'
    - distinct_count: {min: 1}
  shipped_at: [not_null]
table:
  - row_count: {min: 1, max: 10}
  - rows: amount < 100
    where: status = 'lost'
    id: lost_orders_are_small
  - unexpected_rows: SELECT status, count(*) AS orders FROM {batch} GROUP BY status HAVING count(*) > 1
";

pub(super) fn project() -> Project {
    let project = Project::new().file("orders.yml", SUITE);
    let mut orders = df! {
        "order_id" => [1_i64, 2, 3, 9_007_199_254_740_993, 9_007_199_254_740_993, 6],
        "status" => [Some("O"), Some("F"), Some("P"), Some("X"), Some("X"), None],
        "amount" => [10.0, 20.5, 30.0, -5.0, 50.0, 60.0],
        "note" => [
            "fine",
            "<script>document.title='hacked'</script><img src=x onerror=\"document.title='hacked'\">",
            "\u{1b}[31mred\u{7} alert",
            "\u{202e}gnp.exe looks harmless",
            "\"quoted\" 'it' & {{ 7 * 7 }} <b>",
            "",
        ],
        "email" => ["ann@example.org", "bob@example.org", "secret-carl", "dora@example.org", "emil@example.org", "fay@example.org"],
    }
    .unwrap();
    project.parquet("orders.parquet", &mut orders);
    project.parquet("statuses.parquet", &mut df! { "code" => ["O", "F", "P"] }.unwrap());
    project
}

/// Every format of the run; what differs from run to run is replaced by placeholders.
pub(super) fn rendered(project: &Project) -> [(&'static str, String); 4] {
    const ARGUMENTS: [&str; 12] = [
        "orders.yml",
        "-v",
        "--now",
        "2026-01-31T10:00:00Z",
        "--format",
        "json=orders.json",
        "--format",
        "html=orders.html",
        "--format",
        "gx=gx.json",
        "--gx-result-format",
        "COMPLETE",
    ];
    let ran = project.check(&ARGUMENTS);
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    // How many bytes a read takes is the engine's affair.
    let without_bytes = |pattern: &str, file: &str, placeholder: &str| {
        Regex::new(pattern).unwrap().replace_all(&scrubbed(&project.read(file)), placeholder).into_owned()
    };
    let json = without_bytes(r#""bytes_read": (\d+|null)"#, "orders.json", "\"bytes_read\": [BYTES]");
    let html = without_bytes("<li>[0-9.]+ k?B read</li>", "orders.html", "");
    let validation = scrubbed(&project.read("gx.json"));
    [("txt", ran.stdout), ("json", json), ("gx.json", validation), ("html", html)]
}

pub(super) fn golden(extension: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/golden/orders").with_extension(extension)
}

/// The file holds the text, or is made to with `KARAT_UPDATE=1`.
#[expect(clippy::disallowed_methods, reason = "asked for by the environment")]
pub(crate) fn holds(path: &Path, text: &str) {
    if std::env::var_os("KARAT_UPDATE").is_some() {
        std::fs::write(path, text).unwrap();
    }
    let held = std::fs::read_to_string(path).unwrap_or_default();
    assert!(held == text, "{} is stale; run with KARAT_UPDATE=1 and look at the difference", path.display());
}

#[test]
fn the_golden_files_are_what_karat_writes() {
    for (extension, text) in rendered(&project()) {
        holds(&golden(extension), &text);
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let project = project();
    assert_eq!(rendered(&project), rendered(&project));
}

#[test]
fn the_json_report_meets_its_schema() {
    let schema = ::karat::report::report_schema();
    let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    holds(&Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/report.v1.schema.json"), &text);

    let inspection = serde_json::to_string_pretty(&::karat::report::inspection_schema()).unwrap() + "\n";
    holds(&Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/inspect.v1.schema.json"), &inspection);

    let changes = serde_json::to_string_pretty(&::karat::review::diff_schema()).unwrap() + "\n";
    holds(&Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/diff.v1.schema.json"), &changes);

    let record = serde_json::to_string_pretty(&::karat::history::history_schema()).unwrap() + "\n";
    holds(&Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/history.v1.schema.json"), &record);

    let validator = jsonschema::validator_for(&schema).unwrap();
    let project = project()
        .file("nowhere.yml", "suite: nowhere\ndata: nowhere.parquet\ntable: [{row_count: {min: 1}}]\n");
    project.check(&[
        "orders.yml",
        "nowhere.yml",
        "--format",
        "json=orders.json",
        "--format",
        "html=orders.html",
    ]);
    assert!(project.read("orders.html").contains("Nothing of this suite could be judged"));
    let report: Value = serde_json::from_str(&project.read("orders.json")).unwrap();
    let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(report["suites"].as_array().unwrap().len(), 2);
    // Several suites have several policies.
    assert_eq!(report["gate"]["policy"], "");
    // An integer that JavaScript would round is text.
    assert!(project.read("orders.json").contains("\"9007199254740993\""));
}

#[test]
fn golden_json_reports_read_back_to_the_same_bytes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/golden");
    let mut read = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.extension().is_none_or(|extension| extension != "json") || name.contains(".gx.") {
            continue;
        }
        // What stands for numbers in the golden file is none.
        let text = std::fs::read_to_string(&path).unwrap().replace("[TIME]", "41").replace("[BYTES]", "812");
        let report =
            Report::read(&text).unwrap_or_else(|error| panic!("{name}: {error}: {:?}", error.source()));
        assert!(json(&report) == text, "{name}");
        read += 1;
    }
    assert_eq!(read, 1);
}

#[test]
fn a_report_that_was_read_answers_and_is_a_page() {
    let project = project();
    project.check(&["orders.yml", "--format", "json=orders.json"]);
    let report = Report::read(&project.read("orders.json")).unwrap();
    assert_eq!(report.verdict, Verdict::Fail);
    let checks = &report.suites[0].checks;
    let failed: Vec<&CheckReport> = checks.iter().filter(|check| check.verdict == Verdict::Fail).collect();
    assert_eq!(failed.len() as u64, report.statistics.failed);
    let proved = checks.iter().filter_map(|check| check.evidence.proved.as_ref());
    assert!(proved.map(|proved| proved.rows).any(|rows| rows == 6));
    let with_rows = failed.iter().find(|check| !check.samples.is_empty()).unwrap();
    assert!(with_rows.samples[0].values.iter().next().is_some());
    let page = html(&report).unwrap();
    for check in failed {
        assert!(page.contains(&check.id), "{}", check.id);
    }
}

#[test]
fn a_report_is_read_by_its_version() {
    let frame = df! { "a" => [Some(1), None] }.unwrap();
    let suite = ::karat::Suite::from_yaml("suite: memory\ncolumns: {a: [not_null]}\n").unwrap();
    let run = ::karat::check(&suite, frame, &::karat::CheckOptions::default());
    let written = json(&Report::from(&run));
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut report = serde_json::from_str(&written).unwrap();
        change(&mut report);
        Report::read(&report.to_string())
    };
    // What a later karat adds is no obstacle, wherever it stands.
    let later = changed(&|report| {
        report["new"] = 1.into();
        report["suites"][0]["checks"][0]["evidence"]["new"] = 1.into();
        report["suites"][0]["snapshot"]["format"] = "iceberg".into();
    });
    assert_eq!(later.unwrap().suites[0].snapshot.as_ref().unwrap().format, "iceberg");
    let error = |read: Result<Report, ReadError>| read.unwrap_err();
    let other = error(changed(&|report| report["schema_version"] = 2.into()));
    assert!(matches!(other, ReadError::Version { found: 2 }), "{other:?}");
    assert!(other.to_string().contains("version 2"), "{other}");
    let verdict = error(changed(&|report| report["verdict"] = "green".into()));
    assert!(verdict.source().unwrap().to_string().contains("unknown variant `green`"), "{verdict:?}");
    for text in ["", "{}", "[]", "{\"schema_version\": 1}", "suite: orders"] {
        assert!(matches!(error(Report::read(text)), ReadError::Json(_)), "{text}");
    }
}

#[test]
fn a_frame_in_memory_has_a_page_too() {
    let suite = ::karat::Suite::from_yaml("suite: memory\ncolumns: {a: [not_null]}\n").unwrap();
    let run =
        ::karat::check(&suite, df! { "a" => [Some(1), None] }.unwrap(), &::karat::CheckOptions::default());
    let page = html(&Report::from(&run)).unwrap();
    assert!(page.contains("1 of 2 rows fails"));
}

//! What only a Delta table of runs has.

use std::path::Path;

use ::karat::history::history_table_schema;
use ::karat::{CheckOptions, Report, Suite, check};
use polars::prelude::df;
use serde_json::{Value as Json, json};

use super::{SUITE, TABLE, history_in, opened, orders, project, report_in, reports, run_in};
use crate::cli::{Project, karat};

/// The columns are those that are published, in the repository and on the page, and Spark's own way to write them.
#[test]
fn the_columns_are_published() {
    let schema = history_table_schema();
    let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    crate::reports::golden::holds(&root.join("reports/history-table.v1.schema.json"), &text);
    let printed = karat().args(["schema", "history-table"]).run();
    assert_eq!(serde_json::from_str::<Json>(&printed.stdout).unwrap(), schema);

    let project = project(SUITE);
    run_in(TABLE, &project, 1, &[]);
    let log = project.read("runs/_delta_log/00000000000000000000.json");
    let actions = log.lines().map(|line| serde_json::from_str::<Json>(line).unwrap());
    let metadata = actions.into_iter().find(|action| action.get("metaData").is_some()).unwrap();
    let written: Json = serde_json::from_str(metadata["metaData"]["schemaString"].as_str().unwrap()).unwrap();
    assert_eq!(written, schema);

    let page = std::fs::read_to_string(root.join("expectations/history.md")).unwrap();
    for field in schema["fields"].as_array().unwrap() {
        let (name, comment) =
            (field["name"].as_str().unwrap(), field["metadata"]["comment"].as_str().unwrap());
        let kind = match &field["type"] {
            Json::String(kind) => kind.clone(),
            list => format!("array of {}", list["elementType"].as_str().unwrap()),
        };
        let row = format!("| `{name}` | {kind} | {comment} |");
        assert!(page.contains(&row), "the page lacks\n{row}");
    }
}

/// There is a row for each check, also of data that cannot be read.
#[test]
fn the_rows_say_what_the_report_says() {
    let project = project(SUITE).file("bad.yml", "suite: bad\ndata: nowhere\ncolumns: {id: [not_null]}\n");
    orders(&project, 2);
    let told = report_in(TABLE, &project, 1, &["bad.yml"]);
    assert_eq!(told["suites"].as_array().unwrap().len(), 2, "{told}");
    let rows = project.file(
        "rows.yml",
        "suite: rows
data: runs
columns:
  run_id: [{distinct_count: {equal: 1}}]
  check_id: [not_null]
  failing: [{where: \"check_id = 'status.in_set'\", in_set: [2]}]
  considered: [{where: \"check_id = 'status.in_set'\", in_set: [6]}]
  verdict: [{where: \"check_id = 'status.in_set'\", in_set: [fail]}]
  started_at: [{in_set: ['2026-01-01T08:00:00Z']}]
table:
  - row_count: {equal: 4}
  - {id: error, rows: \"(suite_error is not null) = (suite = 'bad')\"}
  - {id: report, rows: \"(run_report is not null) = (suite_position = 0 and check_position = 0)\"}
",
    );
    let ran = rows.check(&["rows.yml"]);
    assert_eq!(ran.code, 0, "{ran}");
}

/// A suite without checks has a row, too: it is not forgotten that it was run.
#[test]
fn a_suite_without_checks_has_a_row() {
    let project = Project::new();
    let history = opened(TABLE, &project);
    let suite = Suite::from_yaml("{suite: nothing, table: [row_count: {min: 1}]}").unwrap();
    let mut run = check(&suite, df! { "id" => [1] }.unwrap(), &CheckOptions::default());
    run.suites[0].suite.checks.clear();
    run.suites[0].outcomes.clear();
    history.append(&run, &Report::from(&run)).unwrap();
    let listing = history.runs().unwrap();
    assert!(listing.runs[0].suites[0].name == "nothing" && listing.runs[0].suites[0].checks.is_empty());
    assert_eq!(reports(&history)[0].suites[0].name, "nothing");
}

/// A table of something else is neither read nor written to; and where files of something else lie, none is made.
#[test]
fn a_table_of_something_else_is_no_history() {
    let folder = tempfile::TempDir::new().unwrap();
    karat().args(["demo", "demo"]).in_dir(folder.path()).run();
    let project = project(SUITE);
    let orders = folder.path().join("demo/lake/gold/revenue_by_segment");
    let before = std::fs::read_dir(&orders).unwrap().count();
    let place = format!("delta:{}", orders.display());
    let listed = history_in(&place, &project, &[]);
    assert_eq!(listed.code, 3, "{listed}");
    assert!(
        listed.stderr.contains("is no history of karat: it has no column \"history_version\""),
        "{listed}"
    );
    let ran = run_in(&place, &project, 1, &[]);
    assert!(ran.code == 3 && ran.stdout.contains("gate PASSED"), "{ran}");
    assert_eq!(std::fs::read_dir(&orders).unwrap().count(), before);

    let project = project.file("runs/notes.txt", "mine");
    let ran = run_in(TABLE, &project, 1, &[]);
    assert!(ran.code == 3 && ran.stderr.contains("the folder has files, and is no Delta table"), "{ran}");
    // Nobody has kept a run there so far: that is no error of who looks.
    let none = history_in(TABLE, &project, &[]);
    assert!(none.code == 2 && none.stderr.contains("runs has no runs"), "{none}");
}

/// A file that is gone or torn costs its own run, and is named.
#[test]
fn a_file_that_cannot_be_read_is_named_and_skipped() {
    let project = project(SUITE);
    for day in 1..=4 {
        run_in(TABLE, &project, day, &[]);
    }
    let files = |day: u32| {
        let log = project.read(&format!("runs/_delta_log/{day:020}.json"));
        let line = log.lines().find(|line| line.starts_with("{\"add\"")).unwrap().to_owned();
        let add: Json = serde_json::from_str(&line).unwrap();
        project.path().join("runs").join(add["add"]["path"].as_str().unwrap())
    };
    std::fs::remove_file(files(4)).unwrap();
    let torn = std::fs::read(files(3)).unwrap();
    std::fs::write(files(3), &torn[..torn.len() / 2]).unwrap();
    let listed = history_in(TABLE, &project, &[]);
    assert_eq!((listed.code, listed.stdout.lines().count()), (0, 2), "{listed}");
    assert_eq!(listed.stderr.matches("[FILE] is no run: it cannot be read").count(), 2, "{listed}");
    let past = &report_in(TABLE, &project, 9, &[])["suites"][0]["past"];
    assert_eq!(past["started_at"], "2026-01-02T08:00:00.000Z");
    let reports: Vec<bool> =
        opened(TABLE, &project).reports().unwrap().map(|report| report.is_ok()).collect();
    assert_eq!(reports, [true, true, false, false, true]);
}

/// Where nobody may delete, nothing is deleted.
#[test]
fn a_table_that_is_append_only_is_not_pruned() {
    let project = project(SUITE);
    run_in(TABLE, &project, 1, &[]);
    // As `alter table … set tblproperties` writes it.
    let log = project.read("runs/_delta_log/00000000000000000000.json");
    let metadata = log.lines().find(|line| line.starts_with("{\"metaData\"")).unwrap();
    let mut metadata: Json = serde_json::from_str(metadata).unwrap();
    metadata["metaData"]["configuration"]["delta.appendOnly"] = json!("true");
    let project = project.file("runs/_delta_log/00000000000000000002.json", &metadata.to_string());
    let pruned = history_in(TABLE, &project, &["prune", "--keep", "0"]);
    assert_eq!(pruned.code, 3, "{pruned}");
    assert!(pruned.stderr.contains("it is append-only, by its property delta.appendOnly"), "{pruned}");
    assert_eq!(run_in(TABLE, &project, 2, &[]).code, 0);
    assert_eq!(history_in(TABLE, &project, &[]).stdout.lines().count(), 2);
}

/// The last run of a suite is found among those of many others, whose files are not read.
#[test]
fn the_last_run_of_a_suite_is_found_behind_those_of_others() {
    let long = "x".repeat(80);
    let project = project(SUITE)
        .file("other.yml", "suite: other\ndata: orders.parquet\ncolumns: {id: [not_null]}\n")
        .file("long.yml", &format!("suite: {long}\ndata: orders.parquet\ncolumns: {{id: [not_null]}}\n"));
    run_in(TABLE, &project, 1, &[]);
    let kept = |suite: &str, day: u32| -> Json {
        let now = format!("2026-01-{day:02}T08:00:00Z");
        project.check(&[suite, "-q", "--history", TABLE, "--now", &now, "--format", "json=report.json"]);
        serde_json::from_str(&project.read("report.json")).unwrap()
    };
    kept("long.yml", 2);
    for day in 3..6 {
        kept("other.yml", day);
    }
    let day_of = |report: &Json| report["suites"][0]["past"]["started_at"].as_str().unwrap()[..10].to_owned();
    assert_eq!(day_of(&kept("orders.yml", 10)), "2026-01-01");
    assert_eq!(day_of(&kept("long.yml", 11)), "2026-01-02");
    // A run says nothing of those after it.
    assert_eq!(day_of(&kept("other.yml", 4)), "2026-01-03");
}

#[test]
fn a_place_is_a_folder_or_a_table() {
    let project = Project::new().file("karat.yml", "history: {detla: runs}\n");
    let wrong = |text: &str| {
        std::fs::write(project.path().join("karat.yml"), text).unwrap();
        karat().arg("history").in_dir(project.path()).run()
    };
    insta::assert_snapshot!(wrong("history: {detla: runs}\n"), @r#"
    exit 2
    --- stderr
    error: a history has no "detla"
     --> karat.yml:1:11
      |
    1 | history: {detla: ****}
      |           ^^^^^
      |
      = help: did you mean "delta"?
    "#);
    insta::assert_snapshot!(wrong("history: {}\n"), @r#"
    exit 2
    --- stderr
    error: "delta" is missing: where the table lies
     --> karat.yml:1:10
      |
    1 | history: {}
      |          ^^
    "#);
    insta::assert_snapshot!(wrong("history: {delta: [runs]}\n"), @r#"
    exit 2
    --- stderr
    error: expected a path or URI, found a list
     --> karat.yml:1:18
      |
    1 | history: {delta: [****]}
      |                  ^^^^^^
      |
      = help: write one, without brackets
    "#);
    insta::assert_snapshot!(wrong("history: {delta: 's3://key:secret@lake/runs'}\n"), @r#"
    exit 2
    --- stderr
    error: karat.yml:1: a URI with what may be a credential
      help: give credentials as environment variables or --storage-option
    "#);
    insta::assert_snapshot!(karat().args(["history", "--history", "delta:"]).run(), @r#"
    exit 2
    --- stderr
    error: invalid value 'delta:' for '--history <DIR|delta:URI>': a Delta table is named delta:URI

    For more information, try '--help'.
    "#);
}

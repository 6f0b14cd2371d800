//! What is published, read back by the deltalake package of Python.

use std::process::Command;

use ::karat::{CheckOptions, PublicationOutcome, Staged, publish};
use polars::prelude::*;
use serde_json::{Value as Json, json};

use super::lake::{Definition, Lake, read_by_python};
use crate::cli::{Ran, karat};
use crate::support::{assert_all_pass, judge_trusting, parsed};

/// A suite that holds on a table if its ids are.
const UNIQUE: &str =
    "{suite: silver/orders, data: orders, columns: {id: [not_null, unique], status: [{in_set: [O, F]}]}}";

fn orders(ids: &[i64]) -> DataFrame {
    let status: Vec<&str> = ids.iter().map(|id| if id % 2 == 0 { "F" } else { "O" }).collect();
    df!("id" => ids, "status" => status).unwrap()
}

fn check(lake: &Lake, arguments: &[&str]) -> Ran {
    karat().args(["check", "orders.yml"]).args(arguments).in_dir(lake.folder()).run()
}

fn command(lake: &Lake, arguments: &[&str]) -> Command {
    karat().args(["check", "orders.yml"]).args(arguments).in_dir(lake.folder()).command()
}

#[test]
#[cfg_attr(
    not(deltalake),
    ignore = "there is no deltalake; KARAT_DUCKDB_PYTHON names a Python that has it, beside DuckDB"
)]
fn what_the_gate_lets_through_is_appended_and_nothing_else() {
    let lake = Lake::new();
    lake.text("orders.yml", UNIQUE).orders("orders", &orders(&[1, 2]));
    lake.parquet("good/a.parquet", &orders(&[3])).parquet("good/b.parquet", &orders(&[4, 5]));
    lake.parquet("bad/a.parquet", &orders(&[6, 2]));
    let refused = check(&lake, &["--staged", "bad", "--publish", "-q"]);
    insta::assert_snapshot!(refused, @r#"
    exit 1
    --- stdout
    silver/orders  orders @ v1  4 rows in 2 files, of which 2 rows in 1 staged file

      ✗ id  unique  2 of 4 rows fail (50 %): 2 ×2

    gate FAILED: 1 failed, 2 passed  (the gate stops on fail and error; trust log)  2 scans, [TIME]
    not published, because the gate did not let it through
    "#);
    assert_eq!((lake.version("orders"), lake.parquet_files("orders").len()), (1, 1));
    let published = check(
        &lake,
        &[
            "--staged",
            "good",
            "--publish",
            "-q",
            "--format",
            "text",
            "--format",
            "json=run.json",
            "--format",
            "html=run.html",
            "--format",
            "markdown=run.md",
        ],
    );
    insta::assert_snapshot!(published, @r#"
    exit 0
    --- stdout
    silver/orders  orders @ v1  5 rows in 3 files, of which 3 rows in 2 staged files

    gate PASSED: 3 passed  (the gate stops on fail and error; trust log)  1 scan, [TIME]
    published as v2
    "#);
    let report: Json =
        serde_json::from_str(&std::fs::read_to_string(lake.path("run.json")).unwrap()).unwrap();
    let publication = json!({"outcome": "published", "version": 2, "into": "orders", "judged": 1, "summary": "published as v2"});
    assert_eq!(report["publication"], publication);
    let snapshot = &report["suites"][0]["snapshot"];
    assert_eq!(
        (&snapshot["version"], &snapshot["rows"], &snapshot["files"]),
        (&json!(1), &json!(5), &json!(3))
    );
    assert_eq!((&snapshot["staged"]["uri"], &snapshot["staged"]["rows"]), (&json!("good"), &json!(3)));
    let planned = karat().args(["plan", "orders.yml", "--staged", "good"]).in_dir(lake.folder()).run();
    assert!(planned.code == 0 && planned.stdout.contains("columns read: 2 of 2"), "{planned}");
    for page in ["run.html", "run.md"] {
        let page = std::fs::read_to_string(lake.path(page)).unwrap();
        assert!(page.contains("published as v2") && page.contains("staged"), "{page}");
    }
    // Another reader finds the rows, and the staged files are where they were.
    let read = read_by_python(&lake.uri("orders"), None);
    let rows: Vec<Json> = (1..=5).map(|id| json!([id, if id % 2 == 0 { "F" } else { "O" }])).collect();
    assert_eq!((&read["version"], &read["rows"]), (&json!(2), &json!(rows)));
    assert_eq!(read["operations"][0], "WRITE");
    assert!(lake.path("good/a.parquet").exists() && lake.path("good/b.parquet").exists());
    // Whoever publishes them again, under other names and elsewhere, does nothing.
    std::fs::rename(lake.path("good"), lake.path("again")).unwrap();
    std::fs::rename(lake.path("again/a.parquet"), lake.path("again/z.parquet")).unwrap();
    let again = check(&lake, &["--staged", "again", "--publish", "-q"]);
    insta::assert_snapshot!(again, @r#"
    exit 0
    --- stdout
    silver/orders  orders

    gate SKIPPED: 3 skipped  (the gate stops on fail and error)
    already published, as v2: nothing was done
    "#);
    assert_eq!(lake.version("orders"), 2);
}

/// The commit says what a reader, a later publisher and an auditor ask for.
#[test]
fn the_commit_names_the_batch_and_carries_statistics() {
    let lake = Lake::new();
    let columns = [
        ("id", "long"),
        ("small", "short"),
        ("ratio", "double"),
        ("text", "string"),
        ("day", "date"),
        ("at", "timestamp"),
        ("price", "decimal(9,2)"),
        ("open", "boolean"),
        ("none", "string"),
    ];
    lake.table("orders", &Definition { columns: &columns, ..Definition::default() });
    let long = "ü".repeat(10);
    let mut frame = df!(
        "id" => [Some(7_i64), None, Some(-3)], "small" => [1_i16, 2, 3], "ratio" => [1.5, f64::NAN, 2.0],
        "text" => [long.as_str(), "b", "a"], "open" => [true, false, true], "none" => [None::<&str>, None, None],
    )
    .unwrap();
    let cast = |name: &str, values: &[i64], to: DataType| {
        Column::from(Series::new(name.into(), values).cast(&to).unwrap())
    };
    let days = Series::new("day".into(), [0_i32, 1, 2]).cast(&DataType::Date).unwrap();
    frame.with_column(days.into()).unwrap();
    frame
        .with_column(cast(
            "at",
            &[1_500, 1_000_001, -1],
            DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)),
        ))
        .unwrap();
    frame.with_column(cast("price", &[1, 2, 3], DataType::Decimal(9, 2))).unwrap();
    lake.parquet("staged/a.parquet", &frame.select(columns.map(|(name, _)| name)).unwrap());
    let suite = parsed("{suite: s, columns: {id: [unique]}}");
    let files = Staged::at(lake.uri("staged"));
    let run = publish(&suite, &lake.uri("orders"), &files, &CheckOptions::default());
    assert_all_pass(&run);
    assert_eq!(run.publication.unwrap().outcome, PublicationOutcome::Published { version: 1 });
    let actions = lake.actions("orders", 1);
    let find = |name: &str| actions.iter().find_map(|action| action.get(name)).unwrap();
    let digest = run.suites[0].snapshot.as_ref().unwrap().staged.clone().unwrap().digest;
    assert_eq!(find("txn")["appId"], format!("karat/publish/{digest}"));
    assert_eq!(
        (&find("commitInfo")["readVersion"], &find("commitInfo")["isBlindAppend"]),
        (&json!(0), &json!(false))
    );
    assert_eq!(find("commitInfo")["karat"]["suites"], json!({"s": suite.digest}));
    let statistics: Json = serde_json::from_str(find("add")["stats"].as_str().unwrap()).unwrap();
    assert_eq!(
        statistics,
        json!({
            "numRecords": 3, "tightBounds": true,
            "minValues": {"id": -3, "small": 1, "text": "a", "day": "1970-01-01", "at": "1969-12-31T23:59:59.999Z", "price": 1.0},
            "maxValues": {"id": 7, "small": 3, "text": long, "day": "1970-01-03", "at": "1970-01-01T00:00:01.001Z", "price": 3.0},
            "nullCount": {"id": 1, "small": 0, "ratio": 0, "text": 0, "day": 0, "at": 0, "price": 0, "open": 0, "none": 3},
        })
    );
    // Those statistics are believed by the next one who judges the table, and are right.
    for trust in [::karat::source::Trust::Log, ::karat::source::Trust::None] {
        let suite = "{suite: s, columns: {id: [{max: {min: 7, max: 7}}, {min: {min: -3}}], none: ['null'], small: [{between: {min: 1, max: 3}}]}}";
        assert_all_pass(&judge_trusting(trust, suite, lake.uri("orders")));
    }
}

#[test]
#[cfg_attr(
    not(deltalake),
    ignore = "there is no deltalake; KARAT_DUCKDB_PYTHON names a Python that has it, beside DuckDB"
)]
fn a_table_begins_with_what_is_published() {
    let lake = Lake::new();
    let suite = "{suite: s, data: lake/new, columns: {id: [unique], day: [not_null]}}";
    lake.text("orders.yml", suite);
    let at = |value: i64| {
        Series::new("at".into(), [value]).cast(&DataType::Datetime(TimeUnit::Microseconds, None)).unwrap()
    };
    let frame = |id: i64| DataFrame::new(1, vec![Column::new("id".into(), [id]), at(id).into()]).unwrap();
    lake.parquet("staged/day=2026-01-01/a.parquet", &frame(1));
    lake.parquet("staged/day=2026-01-02/a.parquet", &frame(2));
    let published = check(&lake, &["--staged", "staged", "--publish", "-q"]);
    insta::assert_snapshot!(published, @r#"
    exit 0
    --- stdout
    s  lake/new  2 rows in 2 files, with which the table begins

    gate PASSED: 2 passed  (the gate stops on fail and error; trust log)  1 scan, [TIME]
    published as v0
    "#);
    let read = read_by_python(&lake.uri("lake/new"), None);
    assert_eq!((&read["version"], &read["partitioned"]), (&json!(0), &json!(["day"])));
    assert_eq!(read["types"], json!({"id": "long", "at": "timestamp_ntz", "day": "date"}));
    let rows = json!([
        [1, "1970-01-01 00:00:00.000001", "2026-01-01"],
        [2, "1970-01-01 00:00:00.000002", "2026-01-02"]
    ]);
    assert_eq!(read["rows"], rows);
    // The next ones go into the partitions of the table that is there now.
    lake.parquet("more/day=2026-01-03/a.parquet", &frame(3));
    lake.parquet("twice/day=2026-01-01/a.parquet", &frame(1));
    assert_eq!(check(&lake, &["--staged", "more", "--publish"]).code, 0);
    // The same bytes in another partition are other rows.
    lake.parquet("moved/day=2026-01-04/a.parquet", &frame(3));
    assert_eq!(check(&lake, &["--staged", "moved", "--publish"]).code, 1);
    assert_eq!(check(&lake, &["--staged", "twice", "--publish"]).code, 1);
    let read = read_by_python(&lake.uri("lake/new"), None);
    assert_eq!((&read["version"], read["rows"].as_array().unwrap().len()), (&json!(1), 3));
    assert_eq!(read["rows"][2], json!([3, "1970-01-01 00:00:00.000003", "2026-01-03"]));
}

/// A table that keeps the times of commits within them, as Spark made it.
#[test]
fn times_within_commits_grow() {
    let lake = Lake::new();
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/delta/in_commit_timestamps/table");
    crate::store::copy(std::path::Path::new(fixture), &lake.path("times"));
    lake.parquet("staged/a.parquet", &df!("id" => [1_000_i64]).unwrap());
    let suite = parsed("{suite: s, columns: {id: [not_null]}}");
    let files = Staged::at(lake.uri("staged"));
    let before = lake.version("times");
    let run = publish(&suite, &lake.uri("times"), &files, &CheckOptions::default());
    assert_eq!(run.published(), Ok(before + 1));
    let time = |version| {
        let first = lake.actions("times", version).remove(0);
        let (key, value) = first["commitInfo"].as_object().unwrap().iter().next().unwrap();
        assert_eq!(key, "inCommitTimestamp");
        value.as_i64().unwrap()
    };
    assert!(time(before + 1) > time(before));
    assert_all_pass(&judge_trusting(
        ::karat::source::Trust::Log,
        "{suite: s, columns: {id: [{max: {min: 1000, max: 1000}}]}, table: [{fresh: {within: 1 h}}]}",
        lake.uri("times"),
    ));
}

/// Where no file may be longer than this, as where the disk is full, the table is as it was, and nothing lies beside it.
#[test]
#[cfg(unix)]
fn a_disk_that_is_full_is_told_and_leaves_nothing() {
    let lake = Lake::new();
    lake.text("orders.yml", UNIQUE).orders("orders", &orders(&[1, 2]));
    // The first of them fits, and the second does not.
    lake.parquet("good/a.parquet", &orders(&[3]));
    lake.parquet("good/b.parquet", &orders(&(4..40_000).collect::<Vec<_>>()));
    let karat = command(&lake, &["--staged", "good", "--publish", "-q"]);
    let mut limited = Command::new("sh");
    limited.args(["-c", "trap '' XFSZ; ulimit -f 40; exec \"$@\"", "sh"]).arg(karat.get_program());
    limited.args(karat.get_args()).current_dir(lake.folder());
    let output = limited.output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(3), "{stdout}");
    let told = stdout.lines().last().unwrap();
    assert!(told.starts_with("not published: cannot write orders/part-"), "{told}");
    assert!(told.contains("File too large"), "{told}");
    assert_eq!((lake.version("orders"), lake.parquet_files("orders").len()), (1, 1));
    assert_eq!(check(&lake, &["--staged", "good", "--publish"]).code, 0);
}

/// A signal in the middle leaves no copy behind.
#[test]
#[cfg(unix)]
fn an_interrupted_run_publishes_nothing() {
    use std::os::unix::process::ExitStatusExt as _;
    let lake = Lake::new();
    lake.text("orders.yml", UNIQUE).orders("orders", &orders(&[1, 2]));
    let ids: Vec<i64> = (3..400_000).collect();
    lake.parquet("good/a.parquet", &orders(&ids));
    let mut seen = 0;
    for round in 0..12_u64 {
        let mut run = command(&lake, &["--staged", "good", "--publish", "-q"])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(20 + 40 * round));
        let sent = Command::new("kill").args(["-s", "INT", &run.id().to_string()]).status().unwrap();
        let status = run.wait().unwrap();
        if !sent.success() || status.success() {
            break;
        }
        seen += 1;
        assert!(status.code() == Some(130) || status.signal() == Some(2), "{status}");
        let named = 1 + usize::from(lake.version("orders") == 2);
        assert_eq!(lake.parquet_files("orders").len(), named, "after {round}");
    }
    eprintln!("{seen} runs were interrupted");
    assert_eq!(check(&lake, &["--staged", "good", "--publish"]).code, 0);
    assert_eq!((lake.version("orders"), lake.parquet_files("orders").len()), (2, 2));
}

//! Tables that are not written, files that others would not read, and command lines that make no sense.

use ::karat::{CheckOptions, PublicationOutcome, Run, Staged, publish};
use polars::prelude::*;
use serde_json::json;

use super::lake::{Definition, Lake};
use crate::cli::karat;
use crate::support::parsed;

const SUITE: &str = "{suite: s, columns: {id: [unique]}}";

fn published(into: &str, files: &str) -> Run {
    publish(&parsed(SUITE), into, &Staged::at(files), &CheckOptions::default())
}

/// Why nothing was published. Nothing was judged then.
fn reason(run: Run) -> String {
    let publication = run.publication.unwrap();
    assert_eq!(publication.judged, 0);
    assert_eq!(run.suites[0].outcomes[0].verdict, ::karat::Verdict::Error);
    match publication.outcome {
        PublicationOutcome::Failed { reason } => reason,
        other => panic!("{other:?}"),
    }
}

/// Tables that Spark made, which ask a writer for what karat does not do.
#[test]
fn tables_that_are_not_written_right_are_refused_by_name() {
    let lake = Lake::new();
    lake.parquet("staged/a.parquet", &df!("id" => [900_001_i64]).unwrap());
    for (name, expected) in [
        ("mapped_by_name", "its columns are mapped to others (columnMapping)"),
        ("mapped_by_id", "its columns are mapped to others (columnMapping)"),
        ("row_tracking", "its rows have ids that their writer gives (rowTracking)"),
        ("clustered", "its rows are clustered (clustering)"),
    ] {
        let table = format!("{}/tests/fixtures/delta/{name}/table", env!("CARGO_MANIFEST_DIR"));
        let found = reason(published(&table, &lake.uri("staged")));
        assert_eq!(found, format!("nothing can be published into {table}: {expected}"));
    }
}

#[test]
fn what_a_writer_has_to_make_or_to_check_is_refused_by_name() {
    let lake = Lake::new();
    lake.parquet("staged/a.parquet", &df!("id" => [1_i64]).unwrap());
    let lake = &lake;
    let mut number = 0;
    let mut refused = |definition: &Definition<'_>, metadata: serde_json::Value| {
        number += 1;
        let table = format!("t{number}");
        let field = json!({"name": "id", "type": "long", "nullable": true, "metadata": metadata});
        lake.commit(&table, 0, &definition.with_fields(vec![field]));
        let run = published(&lake.uri(&table), &lake.uri("staged"));
        if run.publication.as_ref().unwrap().version().is_some() {
            return None;
        }
        reason(run).split_once(": ").map(|(_, reason)| reason.to_owned())
    };
    let plain = Definition::default();
    let with = |features: &'static [&'static str], properties: &'static [(&'static str, &'static str)]| {
        Definition { properties, features, ..plain }
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(refused(&plain, json!({})), None);
    assert_eq!(
        refused(&with(&[], &[("delta.constraints.positive", "id > 0")]), json!({})),
        some("it has the CHECK constraint positive (checkConstraints)")
    );
    for (key, value, expected) in [
        ("delta.generationExpression", json!("1 + 1"), "its column id is generated (generatedColumns)"),
        ("delta.identity.start", json!(1), "its column id is an identity (identityColumns)"),
        (
            "delta.invariants",
            json!("{\"expression\":{\"expression\":\"id > 3\"}}"),
            "its column id has an invariant (invariants)",
        ),
    ] {
        assert_eq!(refused(&plain, json!({key: value})), some(expected));
    }
    for feature in ["icebergCompatV2", "coordinatedCommits-preview", "somethingNew"] {
        let features = [feature];
        let definition = Definition { features: &features, ..plain };
        let expected = format!("it asks its writers for more than is known here ({feature})");
        assert_eq!(refused(&definition, json!({})), Some(expected));
    }
    // A default is only asked for where a file lacks its column.
    assert_eq!(refused(&plain, json!({"CURRENT_DEFAULT": "7"})), None);
    let columns = ["id", "size"].map(
        |name| json!({"name": name, "type": "long", "nullable": true, "metadata": {"CURRENT_DEFAULT": "7"}}),
    );
    lake.commit("defaults", 0, &plain.with_fields(columns.into()));
    let found = reason(published(&lake.uri("defaults"), &lake.uri("staged")));
    assert!(found.ends_with("it lacks the column \"size\", for which the table has a default"), "{found}");
    // Features that are there and unused ask for nothing.
    let unused = [
        "appendOnly",
        "invariants",
        "checkConstraints",
        "generatedColumns",
        "identityColumns",
        "changeDataFeed",
    ];
    let definition = Definition { features: &unused, properties: &[("delta.appendOnly", "true")], ..plain };
    assert_eq!(refused(&definition, json!({})), None);
}

/// Others look for the very type of a column.
#[test]
fn files_that_others_would_not_read_are_refused() {
    let lake = Lake::new();
    let columns = [("id", "long"), ("at", "timestamp"), ("local", "timestamp_ntz")];
    let features = ["timestampNtz"];
    let definition = Definition {
        columns: &columns,
        features: &features,
        reader_features: &features,
        ..Definition::default()
    };
    lake.table("orders", &definition);
    let time = |name: &str, unit, zone: Option<TimeZone>| {
        Column::from(Series::new(name.into(), [1_000_i64]).cast(&DataType::Datetime(unit, zone)).unwrap())
    };
    let utc = || Some(TimeZone::UTC);
    let id = || Column::new("id".into(), [1_i64]);
    let micro = TimeUnit::Microseconds;
    let refused = |name: &str, columns: Vec<Column>| {
        lake.parquet(&format!("{name}/a.parquet"), &DataFrame::new(1, columns).unwrap());
        let found = reason(published(&lake.uri("orders"), &lake.uri(name)));
        found.replace(&format!("{}/", lake.folder().display()), "")
    };
    assert_eq!(
        refused("narrow", vec![Column::new("id".into(), [1_i32])]),
        "narrow/a.parquet does not fit the table: its column \"id\" is stored as integer, and others look for long: write it with this type"
    );
    assert_eq!(
        refused("nanoseconds", vec![id(), time("at", TimeUnit::Nanoseconds, utc())]),
        "nanoseconds/a.parquet does not fit the table: its column \"at\": a timestamp in another unit than microseconds"
    );
    assert_eq!(
        refused("zone", vec![id(), time("at", micro, None)]),
        "zone/a.parquet does not fit the table: its column \"at\" is stored as timestamp_ntz, and others look for timestamp: write it with this type"
    );
    lake.parquet(
        "right/a.parquet",
        &DataFrame::new(1, vec![id(), time("at", micro, utc()), time("local", micro, None)]).unwrap(),
    );
    let run = published(&lake.uri("orders"), &lake.uri("right"));
    assert_eq!(run.published(), Ok(1));
    // A table that does not exist so far has none of the types that no Delta table has.
    lake.parquet("unsigned/a.parquet", &df!("id" => [1_u64]).unwrap());
    assert!(
        reason(published(&lake.uri("new"), &lake.uri("unsigned")))
            .ends_with("its column \"id\": Delta has no such type")
    );
    lake.parquet("named/a.parquet", &df!("id" => [1_i64], "a b" => [1_i64]).unwrap());
    assert!(
        reason(published(&lake.uri("new"), &lake.uri("named")))
            .ends_with("a column of a Delta table cannot be called \"a b\"")
    );
    assert!(!lake.path("new").exists());
}

#[test]
fn a_part_of_the_checks_publishes_nothing() {
    let lake = Lake::new();
    lake.orders("orders", &df!("id" => [1_i64], "status" => ["O"]).unwrap());
    lake.parquet("staged/a.parquet", &df!("id" => [2_i64]).unwrap());
    let options = CheckOptions { select: vec!["id.unique".to_owned()], ..CheckOptions::default() };
    let run = publish(&parsed(SUITE), &lake.uri("orders"), &Staged::at(lake.uri("staged")), &options);
    assert!(reason(run).ends_with("only some of the checks are asked for, and a part of them is no gate"));
    assert_eq!(lake.version("orders"), 1);
}

#[test]
fn command_lines_that_make_no_sense_are_told() {
    let lake = Lake::new();
    let frame = df!("id" => [1_i64], "status" => ["O"]).unwrap();
    lake.orders("orders", &frame).orders("others", &frame).parquet("staged/a.parquet", &frame);
    lake.text("a.yml", "{suite: a, data: orders, columns: {id: [not_null]}}");
    lake.text("b.yml", "{suite: b, data: others, columns: {id: [not_null]}}");
    lake.text("broken.yml", "{suite: c, data: orders, columns: {id: [nut_null]}}");
    let told = |arguments: &[&str]| {
        let ran = karat().arg("check").args(arguments).in_dir(lake.folder()).run();
        assert_eq!(ran.code, 2, "{ran}");
        ran.stderr.lines().next().unwrap_or_default().to_owned()
    };
    let publish = ["--staged", "staged", "--publish"];
    let with = |first: &[&'static str], more: &[&'static str]| [first, &publish, more].concat();
    assert!(told(&["a.yml", "--publish"]).contains("required arguments were not provided"));
    assert!(told(&["a.yml", "--into", "orders"]).contains("required arguments were not provided"));
    for (more, other) in [
        (["--select", "id"], "--select"),
        (["--data", "orders"], "--data"),
        (["--changes", "1.."], "--changes"),
        (["--version", "1"], "--version"),
        (["--timestamp", "2026-01-01T00:00:00Z"], "--timestamp"),
    ] {
        let first = told(&with(&["a.yml"], &more));
        assert!(first.contains("cannot be used with") && first.contains(other), "{first}");
    }
    let several = "error: --staged is given for suites of several tables";
    assert_eq!(told(&with(&["a.yml", "b.yml"], &[])), several);
    assert_eq!(told(&["a.yml", "b.yml", "--staged", "staged"]), several);
    let ran = karat().args(["check", "a.yml", "broken.yml"]).args(publish).in_dir(lake.folder()).run();
    assert!(
        ran.code == 2 && ran.stderr.contains("nothing is published, since not every suite can be read"),
        "{ran}"
    );
    assert_eq!((lake.version("orders"), lake.version("others")), (1, 1));
    let ran =
        karat().args(["check", "a.yml", "--into", "orders@v1"]).args(publish).in_dir(lake.folder()).run();
    assert!(
        ran.code == 3 && ran.stdout.contains("it names a version, and files are appended to the newest"),
        "{ran}"
    );
    let ran =
        karat().args(["split", "a.yml", "--staged", "staged", "--valid", "v"]).in_dir(lake.folder()).run();
    assert!(ran.code == 2 && ran.stderr.contains("unexpected argument '--staged'"), "{ran}");
    // Suites of one table judge it together, whatever tables they name.
    let ran = karat()
        .args(["check", "a.yml", "b.yml", "--into", "others"])
        .args(publish)
        .in_dir(lake.folder())
        .run();
    assert!(ran.code == 0 && ran.stdout.contains("published as v2"), "{ran}");
    // One of them is enough to refuse.
    lake.text("b.yml", "{suite: b, data: others, columns: {id: [unique]}}");
    lake.parquet("staged/a.parquet", &df!("id" => [2_i64, 2], "status" => ["O", "F"]).unwrap());
    let ran = karat()
        .args(["check", "a.yml", "b.yml", "--into", "others"])
        .args(publish)
        .in_dir(lake.folder())
        .run();
    assert!(
        ran.code == 1 && ran.stdout.contains("not published, because the gate did not let it through"),
        "{ran}"
    );
    assert_eq!(lake.version("others"), 2);
}

/// A value of a personal partition is in no message.
#[test]
fn personal_partitions_are_not_named() {
    let lake = Lake::new();
    let definition = Definition {
        columns: &[("id", "long"), ("email", "string")],
        partitioned: &["email"],
        ..Definition::default()
    };
    lake.table("people", &definition);
    lake.text(
        "s.yml",
        "{suite: s, data: people, pii: [email], columns: {id: [not_null, unique], email: [{in_set: [a]}]}}",
    );
    lake.parquet("ok/email=jane@example.org/a.parquet", &df!("id" => [1_i64]).unwrap());
    lake.parquet("odd/email=jane@example.org/a.parquet", &df!("id" => ["1"]).unwrap());
    for staged in ["ok", "ok/email=jane@example.org", "odd", "odd/email=jane@example.org"] {
        for format in ["text", "json", "html", "markdown", "junit", "github"] {
            let arguments = ["check", "s.yml", "--staged", staged, "--publish", "-v", "--format", format];
            let ran = karat().args(arguments).in_dir(lake.folder()).run();
            assert!(
                ran.code != 0 && !ran.stdout.contains("jane") && !ran.stderr.contains("jane"),
                "{staged} {format}: {ran}"
            );
        }
    }
}

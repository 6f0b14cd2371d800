//! Small Delta tables of each feature, made by Spark and delta-rs, and what Spark finds in them.
//! See `tests/fixtures/delta/README.md`.

use std::path::{Path, PathBuf};

use karat::data::Value;
use karat::engine::polars::open;
use karat::source::{At, Opened as _, StorageOptions};
use karat::{CheckOptions, Data, Run, Suite, check};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::delta_answers::{difference, not_refused, probe, reasons};

/// The tables, or versions of them, that karat refuses, and a part of the reason. The list may only
/// shrink, but for what nobody could read.
const REFUSED: &[(&str, &str)] = &[
    ("corrupt_vector", "CRC32 checksum mismatch"),
    ("log_cleaned@v1", "version 1 is gone"),
    ("missing_commit", "found gap"),
    ("missing_file", "is not there, and the table's log names it"),
    ("missing_vector", "File not found"),
    ("unknown_reader_feature", "rowsWrittenBackwards"),
    ("vacuumed@v1", "is not there, and the table's log names it"),
];

/// A table, and the folder that it was copied to where its log must say where it lies.
struct Fixture {
    name: String,
    expected: Json,
    table: PathBuf,
    _copy: Option<TempDir>,
}

impl Fixture {
    fn all() -> Vec<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/delta");
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let mut fixtures: Vec<_> = entries
            .filter(|path| path.join("expected.json").exists())
            .map(|path| Self::open(&path))
            .collect();
        fixtures.sort_by(|left, right| left.name.cmp(&right.name));
        assert!(!fixtures.is_empty());
        fixtures
    }

    fn named(name: &str) -> Self {
        Self::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/delta").join(name))
    }

    fn open(folder: &Path) -> Self {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let expected = std::fs::read_to_string(folder.join("expected.json")).unwrap();
        let copy = name.contains("clone").then(|| relocated(folder));
        let table = copy.as_ref().map_or(folder, TempDir::path).join("table");
        Self { name, expected: serde_json::from_str(&expected).unwrap(), table, _copy: copy }
    }

    fn snapshots(&self) -> &[Json] {
        self.expected["snapshots"].as_array().unwrap()
    }

    fn at(&self, at: At) -> Data {
        Data::Uri { uri: self.table.display().to_string(), at }
    }

    fn version(&self, version: &Json) -> Data {
        self.at(version.as_u64().map_or(At::Latest, At::Version))
    }
}

/// A copy of a fixture whose logs say where it lies.
fn relocated(folder: &Path) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    copy_with_place(folder, copy.path(), copy.path());
    copy
}

pub fn copy_with_place(from: &Path, to: &Path, place: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, copy) = entry.map(|entry| (entry.path(), to.join(entry.file_name()))).unwrap();
        if path.is_dir() {
            copy_with_place(&path, &copy, place);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            let text = std::fs::read_to_string(path).unwrap();
            std::fs::write(copy, text.replace("{FOLDER}", place.to_str().unwrap())).unwrap();
        } else {
            std::fs::copy(path, copy).unwrap();
        }
    }
}

fn wrong_with(fixture: &Fixture, answer: &Json) -> Option<String> {
    let Fixture { name, .. } = fixture;
    let run: Run = check(&probe(answer), fixture.version(&answer["version"]), &CheckOptions::default());
    let version = format!("{name}@v{}", answer["version"]);
    let refusal = REFUSED.iter().find(|(refused, _)| refused == name || *refused == version);
    let found = match refusal {
        Some((_, reason)) => not_refused(&run, reason),
        None if answer["readable"] == true => difference(answer, &run),
        None => Some(format!("read, and must not be: {:?}", reasons(&run))),
    };
    found.map(|found| format!("{version}: {found}"))
}

#[test]
fn every_fixture_is_read_right_or_refused() {
    let fixtures = Fixture::all();
    let wrong: Vec<String> = fixtures
        .iter()
        .flat_map(|fixture| fixture.snapshots().iter().filter_map(|answer| wrong_with(fixture, answer)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is told of a table without reading its rows.
fn told(fixture: &Fixture, answer: &Json) -> Json {
    let at = answer["version"].as_u64().map_or(At::Latest, At::Version);
    let uri = fixture.table.display().to_string();
    let details = open(&uri, at, &StorageOptions::default()).unwrap().details().unwrap();
    let table = details.identity.table.as_deref().unwrap();
    // Spark hides columns of no type.
    let columns = details.columns.iter().filter(|column| column.data_type.to_string() != "void");
    json!({
        "version": details.identity.version,
        "rows": details.identity.rows,
        "columns": columns.map(|column| column.name.as_str()).collect::<Vec<_>>(),
        "files": details.identity.files,
        "bytes": details.identity.bytes,
        "files_with_vectors": details.files_with_vectors,
        "deleted_by_vectors": details.rows_deleted,
        "column_mapping": table.column_mapping,
        "partition_columns": details.partition_columns,
        "protocol": protocol(&json!({
            "minReaderVersion": table.min_reader_version,
            "minWriterVersion": table.min_writer_version,
            "readerFeatures": table.reader_features,
            "writerFeatures": table.writer_features,
        })),
    })
}

/// A protocol with its features in one order.
fn protocol(of: &Json) -> Json {
    let features = |kind: &str| {
        let listed = of[kind].as_array().into_iter().flatten().filter_map(Json::as_str);
        listed.collect::<std::collections::BTreeSet<_>>()
    };
    json!([
        of["minReaderVersion"],
        of["minWriterVersion"],
        features("readerFeatures"),
        features("writerFeatures")
    ])
}

#[test]
fn what_is_told_of_every_fixture_is_what_spark_tells() {
    let mut wrong = Vec::new();
    for fixture in Fixture::all() {
        for answer in fixture.snapshots().iter().filter(|answer| answer["readable"] == true) {
            let told = told(&fixture, answer);
            for (name, ours) in told.as_object().unwrap() {
                let theirs = if name == "protocol" { &protocol(&answer[name]) } else { &answer[name] };
                if ours != theirs {
                    wrong.push(format!(
                        "{}@v{}: {name}: {ours}, theirs {theirs}",
                        fixture.name, answer["version"]
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_commit_that_says_its_time_is_found_by_it() {
    let fixture = Fixture::named("in_commit_timestamps");
    let answers = fixture.snapshots();
    let at = |milliseconds: i64| {
        let time = chrono::DateTime::from_timestamp_millis(milliseconds).unwrap();
        let run = check(&probe(&answers[0]), fixture.at(At::Timestamp(time)), &CheckOptions::default());
        run.suites[0].snapshot.as_ref().and_then(|snapshot| snapshot.version)
    };
    for (version, time) in (0..).zip(fixture.expected["times"].as_array().unwrap()) {
        let time = time.as_i64().unwrap();
        assert_eq!(at(time), Some(version));
        assert_eq!(at(time - 1), version.checked_sub(1), "before version {version}");
    }
}

/// The rows that a range of versions brought, and the sum of their ids.
fn brought(fixture: &Fixture, range: &Json) -> (Value, Value) {
    let suite = "{suite: changes, table: [{row_count: {min: 0}, id: rows}], columns: {id: [{sum: {min: 0}, id: sum}]}}";
    let at = At::Changes { from: range["from"].as_u64().unwrap(), to: range["to"].as_u64() };
    let run = check(&Suite::from_yaml(suite).unwrap(), fixture.at(at), &CheckOptions::default());
    let run = &run.suites[0];
    assert_eq!(run.error, None, "{}: {range}", fixture.name);
    let observed = |id: &str| Value::clone(&run.outcome(id).unwrap().observed);
    (observed("rows"), observed("sum"))
}

#[test]
fn changes_are_those_of_sparks_feed() {
    let mut wrong = Vec::new();
    for name in ["changes", "changes_with_vectors", "changes_partitioned"] {
        let fixture = Fixture::named(name);
        for range in fixture.expected["changes"].as_array().unwrap() {
            // Rows that were deleted, and as they were before an update, are not judged.
            let kept = |of: &str| -> i128 {
                let count = |kind: &str| i128::from(range[of][kind].as_i64().unwrap_or(0));
                count("insert") + count("update_postimage")
            };
            let theirs = (kept("rows"), kept("sum_of_ids"));
            let ours = brought(&fixture, range);
            if ours != (Value::Integer(theirs.0), Value::Integer(theirs.1)) {
                wrong.push(format!("{name} {}..{}: {ours:?}, theirs {theirs:?}", range["from"], range["to"]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

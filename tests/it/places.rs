//! What lies in a place: names of all kinds, tables of another kind, and what is no file.

use std::path::Path;
use std::process::Command;

use karat::engine::polars::open;
use karat::source::{At, StorageOptions};
use karat::{CheckOptions, Suite, check};
use polars::prelude::{DataFrame, IpcWriter, ParquetWriter, SerWriter as _, df};
use serde_json::json;

const HOLDS: &str = "{suite: s, columns: {id: [not_null, unique]}, table: [row_count: {equal: 3}]}";

fn rows() -> DataFrame {
    df!("id" => [1_i64, 2, 3]).unwrap()
}

fn parquet(path: &Path) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    ParquetWriter::new(std::fs::File::create(path).unwrap()).finish(&mut rows()).unwrap();
}

/// A table of one file, which its log calls by a path, written as the log has it.
pub(crate) fn delta(folder: &Path, file: &str, path_in_log: &str) {
    parquet(&folder.join(file));
    let size = std::fs::metadata(folder.join(file)).unwrap().len();
    let field = json!({"name": "id", "type": "long", "nullable": true, "metadata": {}});
    let actions = [
        json!({"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}}),
        json!({"metaData": {
            "id": "1", "format": {"provider": "parquet", "options": {}}, "configuration": {},
            "schemaString": json!({"type": "struct", "fields": [field]}).to_string(), "partitionColumns": [],
        }}),
        json!({"add": {
            "path": path_in_log, "partitionValues": {}, "size": size, "modificationTime": 0, "dataChange": true,
        }}),
    ];
    std::fs::create_dir_all(folder.join("_delta_log")).unwrap();
    let lines: Vec<String> = actions.iter().map(ToString::to_string).collect();
    std::fs::write(folder.join("_delta_log/00000000000000000000.json"), lines.join("\n")).unwrap();
}

/// Why something is not opened.
fn refused(path: &Path) -> String {
    open(&path.display().to_string(), At::Latest, &StorageOptions::default()).unwrap_err().to_string()
}

fn assert_holds(uri: &str) {
    let run = check(&Suite::from_yaml(HOLDS).unwrap(), uri, &CheckOptions::default());
    assert_eq!(run.suites[0].error, None, "{uri}");
    assert!(run.passed(), "{uri}: {:?}", run.suites[0].outcomes);
}

#[test]
fn names_of_all_kinds_are_opened() {
    let names = [
        "a b",
        "a%20b",
        "a%2Fb%",
        "orders@v1",
        "a#b",
        "a?b",
        "a?x=1",
        "[a]",
        "a*b",
        "größe 日本語 🦀",
        "a:b",
        "a+b&c",
        "a'b\"c",
        "a\\b",
        "{a}",
        "~a",
        "a@v1@v2",
        "-a",
        "a;b",
    ];
    let folder = tempfile::tempdir().unwrap();
    for name in names {
        let place = folder.path().join(name);
        let file = |kind: &str| place.join(format!("{kind}s")).join(format!("{name}.{kind}"));
        for kind in ["parquet", "csv", "ndjson", "arrow"] {
            std::fs::create_dir_all(file(kind).parent().unwrap()).unwrap();
        }
        parquet(&file("parquet"));
        std::fs::write(file("csv"), "id\n1\n2\n3\n").unwrap();
        std::fs::write(file("ndjson"), "{\"id\":1}\n{\"id\":2}\n{\"id\":3}\n").unwrap();
        IpcWriter::new(std::fs::File::create(file("arrow")).unwrap()).finish(&mut rows()).unwrap();
        for kind in ["parquet", "csv", "ndjson", "arrow"] {
            assert_holds(&file(kind).display().to_string());
            assert_holds(&file(kind).parent().unwrap().display().to_string());
        }
        // A log has paths as URLs have them, but not all writers keep to that.
        let encoded: String =
            percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC).collect();
        for (table, path) in [("table", encoded.as_str()), ("literal", name)] {
            let table = place.join(table);
            delta(&table, &format!("{name}/{name}.parquet"), &format!("{path}/{path}.parquet"));
            assert_holds(&table.display().to_string());
            assert_holds(&format!("{}@v0", table.display()));
        }
    }
}

/// What is called as a version of a table is that, unless something else is called so.
#[test]
fn a_name_goes_before_a_version() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    delta(&at("orders"), "a.parquet", "a.parquet");
    assert!(refused(&at("orders@v1")).contains("there is no version 1"));
    parquet(&at("orders@v1/b.parquet"));
    let opened =
        open(&at("orders@v1").display().to_string(), At::Latest, &StorageOptions::default()).unwrap();
    assert_eq!(opened.identity.version, None);
    delta(&at("other@v1"), "a.parquet", "a.parquet");
    let opened =
        open(&at("other@v1@v0").display().to_string(), At::Latest, &StorageOptions::default()).unwrap();
    assert_eq!(opened.identity.version, Some(0));
}

#[test]
fn tables_of_another_kind_are_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    parquet(&at("lake/hudi/day=1/a.parquet"));
    std::fs::create_dir_all(at("lake/hudi/.hoodie")).unwrap();
    parquet(&at("lake/iceberg/data/day=1/a.parquet"));
    std::fs::create_dir_all(at("lake/iceberg/metadata")).unwrap();
    std::fs::write(at("lake/iceberg/metadata/v3.metadata.json"), "{}").unwrap();
    for (place, name) in [
        ("lake/hudi", "Apache Hudi"),
        ("lake/hudi/day=1", "Apache Hudi"),
        ("lake/hudi/*/*.parquet", "Apache Hudi"),
        ("lake/iceberg", "Apache Iceberg"),
        ("lake/iceberg/", "Apache Iceberg"),
        ("lake/iceberg/data", "Apache Iceberg"),
        ("lake/iceberg/data/day=1", "Apache Iceberg"),
        ("lake/iceberg/data/*/*.parquet", "Apache Iceberg"),
        ("lake", "Apache"),
    ] {
        let words = refused(&at(place));
        assert!(
            words.contains(name) && words.contains("write its rows as Delta or Parquet"),
            "{place}: {words}"
        );
    }
    // One file is what it is, and in other folders of what has such a folder may lie anything.
    assert_holds(&at("lake/hudi/day=1/a.parquet").display().to_string());
    parquet(&at("lake/iceberg/exports/a.parquet"));
    assert_holds(&at("lake/iceberg/exports").display().to_string());
    // A Delta table may be both.
    delta(&at("lake/hudi"), "b.parquet", "b.parquet");
    assert_holds(&at("lake/hudi").display().to_string());
    delta(&at("both/table"), "p=1/a.parquet", "p=1/a.parquet");
    for place in ["both/table/p=1", "both"] {
        let words = refused(&at(place));
        assert!(words.contains("a Delta table lies at") && words.contains("both/table"), "{words}");
    }
    // A folder that is only called so is none.
    parquet(&at("plain/metadata/a.parquet"));
    assert_holds(&at("plain").display().to_string());
}

/// Nobody writes into the pipe: who opens it waits for ever.
#[test]
#[cfg(unix)]
#[expect(clippy::disallowed_methods, reason = "there is no other way to make a pipe")]
fn what_is_no_file_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for name in ["a.parquet", "b.csv", "c.ndjson", "d.arrow"] {
        assert!(Command::new("mkfifo").arg(at(name)).status().unwrap().success());
        let words = refused(&at(name));
        assert!(words.contains("is a named pipe, not a file"), "{words}");
    }
    assert!(refused(&at("*.parquet")).contains("a named pipe"));
    assert!(refused(folder.path()).contains("a named pipe"));
    let _socket = std::os::unix::net::UnixListener::bind(at("e.parquet")).unwrap();
    assert!(refused(&at("e.parquet")).contains("is a socket, not a file"));
    assert!(refused(Path::new("/dev/null")).contains("is a device, not a file"));
    delta(&at("table"), "a.parquet", "a.parquet");
    std::fs::remove_file(at("table/a.parquet")).unwrap();
    assert!(Command::new("mkfifo").arg(at("table/a.parquet")).status().unwrap().success());
    assert!(refused(&at("table")).contains("table/a.parquet is a named pipe"));
}

#[test]
fn a_commit_that_cannot_be_read_is_named_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("table");
    delta(&table, "a.parquet", "a.parquet");
    let commit = |version: u64, lines: &[&str]| {
        std::fs::write(table.join(format!("_delta_log/{version:020}.json")), lines.join("\n")).unwrap();
    };
    let fine = r#"{"commitInfo":{"timestamp":1}}"#;
    for version in 1..3 {
        commit(version, &[fine]);
    }
    for bad in ["{not json", r#"{"add":{"path":"b.parquet""#, r#"{"add":{"path":3}}"#] {
        commit(3, &[fine, "", bad, fine]);
        let words = refused(&table);
        assert!(words.contains("_delta_log/00000000000000000003.json, line 3: "), "{words}");
        // What was before it can be read.
        let place = table.display().to_string();
        assert!(open(&place, At::Version(2), &StorageOptions::default()).is_ok());
        let changes = At::Changes { from: 1, to: None };
        let words = open(&place, changes, &StorageOptions::default()).unwrap_err().to_string();
        assert!(words.contains("_delta_log/00000000000000000003.json, line 3: "), "{words}");
    }
}

//! One Parquet file, which is there whole or not at all.

use karat::StorageOptions;
use karat::sink::{Part, Provenance, Sink, SinkError};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::{append, assert_ids, at, files_in, overwrite, provenance, python, rows, write, written};

#[test]
fn a_file_appears_whole() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("new/orders.parquet");
    let written = written(&at(&file), &[rows(0..3), rows(3..5)], &append()).unwrap();
    assert!(!file.exists());
    assert_eq!((written.rows(), written.files()), (5, 1));
    let done = written.commit(&provenance(1)).unwrap();
    assert_eq!((done.version, done.rows, done.files), (None, 5, 1));
    assert_eq!(done.bytes, std::fs::metadata(&file).unwrap().len());
    assert_ids(file.to_str().unwrap(), &StorageOptions::default(), &[0, 1, 2, 3, 4]);
    // A file without rows has its columns.
    let empty = folder.path().join("empty.parquet");
    write(&at(&empty), &[rows([])], &append(), 1).unwrap();
    assert_ids(empty.to_str().unwrap(), &StorageOptions::default(), &[]);
}

#[test]
fn a_file_is_replaced_only_if_that_is_asked_for() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("orders.parquet");
    write(&at(&file), &[rows(0..3)], &append(), 1).unwrap();
    // The same rows are known again, and others are refused before they are read.
    let sink = Sink::open(&at(&file), rows([]).schema(), &append()).unwrap();
    let earlier = sink.already(&provenance(1)).unwrap().unwrap();
    assert_eq!((earlier.version, earlier.rows, earlier.run_id.as_deref()), (None, Some(3), Some("run-1")));
    assert_eq!(sink.last_input_version(&provenance(2)).unwrap(), Some(1));
    for other in [provenance(2), Provenance { part: Part::Quarantine, ..provenance(1) }] {
        assert!(matches!(sink.already(&other), Err(SinkError::Exists { .. })));
    }
    assert!(matches!(write(&at(&file), &[rows(3..4)], &append(), 2), Err(SinkError::Exists { .. })));
    let sink = Sink::open(&at(&file), rows([]).schema(), &overwrite()).unwrap();
    assert_eq!(sink.already(&provenance(2)).unwrap(), None);
    drop(sink);
    write(&at(&file), &[rows(3..4)], &overwrite(), 2).unwrap();
    assert_ids(file.to_str().unwrap(), &StorageOptions::default(), &[3]);
    // One that came meanwhile is not replaced either.
    let (other, place) = (folder.path().join("other.parquet"), folder.path());
    let slow = written(&at(&other), &[rows(0..1)], &append()).unwrap();
    std::fs::write(&other, "mine").unwrap();
    assert!(matches!(slow.commit(&provenance(1)), Err(SinkError::Exists { .. })));
    assert_eq!(std::fs::read(&other).unwrap(), b"mine");
    drop(written(&at(&place.join("third.parquet")), &[rows(0..1)], &append()).unwrap());
    assert_eq!(files_in(place), ["orders.parquet", "other.parquet"]);
}

#[test]
#[cfg_attr(not(duckdb), ignore = "there is no DuckDB; KARAT_DUCKDB_PYTHON names a Python that has it")]
fn others_read_the_file() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("orders.parquet");
    write(&at(&file), &[rows(0..2)], &append(), 1).unwrap();
    let read = python("file", &file);
    assert_eq!(read["columns"], json!({"id": [0, 1], "name": ["name 0", "name 1"]}));
    let note: Json = serde_json::from_str(read["words"]["karat"].as_str().unwrap()).unwrap();
    assert_eq!((&note["run_id"], &note["input"]), (&json!("run-1"), &json!("lake/bronze/orders")));
    assert_eq!((&note["rows"], &note["part"]), (&json!(2), &json!("valid")));
}

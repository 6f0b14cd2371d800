//! One commit for all rows, or none; beside others who commit.

use std::sync::Barrier;
use std::thread;

use karat::StorageOptions;
use karat::sink::{Part, Provenance, Sink, SinkError};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::{
    append, assert_ids, at, evolve, files_in, now, overwrite, provenance, python, rows, write, written,
};

fn log(table: &std::path::Path, version: u64) -> Vec<Json> {
    let text = std::fs::read_to_string(table.join(format!("_delta_log/{version:020}.json"))).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_table_is_made_appended_to_and_overwritten() {
    let folder = TempDir::new().unwrap();
    let (table, none) = (folder.path().join("new/orders"), StorageOptions::default());
    let done = write(&at(&table), &[rows(0..3), rows(3..5)], &append(), 1).unwrap();
    assert_eq!((done.version, done.rows, done.files), (Some(0), 5, 1));
    assert_eq!(done.bytes, std::fs::metadata(table.join(&files_in(&table)[1])).unwrap().len());
    assert_ids(table.to_str().unwrap(), &none, &[0, 1, 2, 3, 4]);
    assert_eq!(write(&at(&table), &[rows(5..7)], &append(), 2).unwrap().version, Some(1));
    assert_ids(table.to_str().unwrap(), &none, &[0, 1, 2, 3, 4, 5, 6]);
    // No rows are a commit, too.
    let done = write(&at(&table), &[rows([])], &append(), 3).unwrap();
    assert_eq!((done.version, done.rows, done.files), (Some(2), 0, 0));
    assert_eq!(write(&at(&table), &[rows(8..9)], &overwrite(), 4).unwrap().version, Some(3));
    assert_ids(table.to_str().unwrap(), &none, &[8]);
}

/// A commit says where its rows come from, to people and to later runs.
#[test]
fn a_commit_says_where_its_rows_come_from() {
    let folder = TempDir::new().unwrap();
    let to = at(&folder.path().join("orders"));
    let open = || Sink::open(&to, rows([]).schema(), &append()).unwrap();
    assert_eq!(open().already(&provenance(7)).unwrap(), None);
    assert_eq!(open().last_input_version(&provenance(7)).unwrap(), None);
    write(&to, &[rows(0..3)], &append(), 7).unwrap();
    write(&to, &[rows(3..4)], &append(), 8).unwrap();
    let sink = open();
    assert_eq!(sink.existing_version(), Some(1));
    assert_eq!(sink.last_input_version(&provenance(0)).unwrap(), Some(8));
    let earlier = sink.already(&Provenance { run_id: "later".to_owned(), ..provenance(7) }).unwrap().unwrap();
    assert_eq!((earlier.version, earlier.rows), (Some(0), Some(3)));
    assert_eq!((earlier.run_id.as_deref(), earlier.now), (Some("run-7"), Some(now())));
    assert_eq!(earlier.suite_digest.as_deref(), Some("sha256:abc"));
    // Another version, part, suite, input or range is another one.
    let others = [
        Provenance { input_version: Some(6), ..provenance(7) },
        Provenance { input_version: Some(9), ..provenance(7) },
        Provenance { part: Part::Quarantine, ..provenance(7) },
        Provenance { suite: "silver/others".to_owned(), ..provenance(7) },
        Provenance { input_uri: "lake/bronze/others".to_owned(), ..provenance(7) },
        Provenance { input_from: Some(3), ..provenance(7) },
    ];
    for other in others {
        assert_eq!(sink.already(&other).unwrap(), None, "{other:?}");
    }
    let first = log(&folder.path().join("orders"), 0);
    assert_eq!(
        first[0]["commitInfo"]["userMetadata"],
        "karat: valid of silver/orders, from lake/bronze/orders v7, run run-7, 2026-03-01T12:00:00.000Z"
    );
    assert_eq!(first[1]["txn"]["version"], 7);
    assert_eq!(first[1]["txn"]["lastUpdated"], json!(now().timestamp_millis()));
}

/// An input without versions is known by its digest.
#[test]
fn an_input_without_versions_is_known_by_its_digest() {
    let folder = TempDir::new().unwrap();
    let to = at(&folder.path().join("orders"));
    let of = |digest: &str| Provenance {
        input_version: None,
        input_digest: Some(format!("sha256:{digest}")),
        ..provenance(0)
    };
    written(&to, &[rows(0..3)], &append()).unwrap().commit(&of("aa")).unwrap();
    written(&to, &[rows(3..4)], &append()).unwrap().commit(&of("bb")).unwrap();
    let sink = Sink::open(&to, rows([]).schema(), &append()).unwrap();
    assert_eq!(sink.already(&of("aa")).unwrap().unwrap().rows, Some(3));
    assert_eq!(sink.already(&of("bb")).unwrap().unwrap().rows, Some(1));
    assert_eq!(sink.already(&of("cc")).unwrap(), None);
}

/// Whoever gives up before the commit leaves nothing behind.
#[test]
fn what_is_not_committed_is_deleted() {
    let folder = TempDir::new().unwrap();
    let table = folder.path().join("orders");
    drop(written(&at(&table), &[rows(0..3)], &append()).unwrap());
    assert!(!table.exists());
    write(&at(&table), &[rows(0..3)], &append(), 1).unwrap();
    let before = files_in(&table);
    drop(written(&at(&table), &[rows(3..5)], &append()).unwrap());
    let mut sink = Sink::open(&at(&table), rows([]).schema(), &append()).unwrap();
    sink.write(&rows(5..9)).unwrap();
    assert_eq!(files_in(&table).len(), before.len() + 1);
    drop(sink);
    assert_eq!(files_in(&table), before);
    // A folder with something else is no place for a table, and is not touched.
    let other = folder.path().join("other");
    std::fs::create_dir(&other).unwrap();
    std::fs::write(other.join("notes.txt"), "mine").unwrap();
    let error = write(&at(&other), &[rows(0..1)], &append(), 1).unwrap_err();
    assert!(matches!(error, SinkError::Io { .. }), "{error:?}");
    assert_eq!(files_in(&other), ["notes.txt"]);
}

/// Those who append at the same time all get in, those who make the table included.
#[test]
fn writers_at_once_all_get_in() {
    (0..5).for_each(|_| twelve_writers_at_once());
}

fn twelve_writers_at_once() {
    let folder = TempDir::new().unwrap();
    let (table, count) = (folder.path().join("orders"), 12);
    let barrier = Barrier::new(count);
    thread::scope(|scope| {
        for number in 0..count {
            let (table, barrier) = (&table, &barrier);
            scope.spawn(move || {
                let number = number as i64;
                barrier.wait();
                let written = written(&at(table), &[rows(number * 10..number * 10 + 2)], &append());
                barrier.wait();
                let by = Provenance { suite: format!("suite {number}"), ..provenance(1) };
                written.unwrap().commit(&by).unwrap();
            });
        }
    });
    let ids: Vec<i64> = (0..count as i64).flat_map(|number| [number * 10, number * 10 + 1]).collect();
    assert_ids(table.to_str().unwrap(), &StorageOptions::default(), &ids);
    let log = files_in(&table.join("_delta_log"));
    assert_eq!(log.iter().filter(|name| name.contains(".json")).count(), count, "{log:?}");
    assert!(log.iter().any(|name| name.ends_with(".checkpoint.parquet")), "{log:?}");
}

/// Of two runs that write the same part of the same input, one is told that it is there.
#[test]
fn the_same_rows_get_in_once() {
    let folder = TempDir::new().unwrap();
    let table = folder.path().join("orders");
    let (one, other) = (
        written(&at(&table), &[rows(0..2)], &append()).unwrap(),
        written(&at(&table), &[rows(0..2)], &append()).unwrap(),
    );
    one.commit(&provenance(1)).unwrap();
    let error = other.commit(&Provenance { run_id: "other".to_owned(), ..provenance(1) }).unwrap_err();
    let SinkError::Already { earlier, .. } = error else { panic!("{error}") };
    assert_eq!((earlier.run_id.as_deref(), earlier.version), (Some("run-1"), Some(0)));
    assert_ids(table.to_str().unwrap(), &StorageOptions::default(), &[0, 1]);
    assert_eq!(files_in(&table).len(), 2, "{:?}", files_in(&table));
}

/// What others have changed matters if rows would be lost, or columns would not fit any more.
#[test]
fn a_conflict_that_matters_is_told() {
    let folder = TempDir::new().unwrap();
    let table = folder.path().join("orders");
    let to = at(&table);
    write(&to, &[rows(0..2)], &append(), 1).unwrap();
    let with_more = |name: &'static str| {
        let more: arrow::array::ArrayRef = std::sync::Arc::new(arrow::array::Int32Array::from(vec![1]));
        let mut columns: Vec<_> = vec![("id", rows([9]).column(0).clone())];
        columns.push((name, more));
        super::batch(columns)
    };
    let (overwriting, appending, evolving, same) = (
        written(&to, &[rows(7..8)], &overwrite()).unwrap(),
        written(&to, &[rows(2..3)], &append()).unwrap(),
        written(&to, &[with_more("more")], &evolve()).unwrap(),
        written(&to, &[with_more("more")], &evolve()).unwrap(),
    );
    write(&to, &[rows(3..4)], &append(), 2).unwrap();
    let error = overwriting.commit(&provenance(3)).unwrap_err();
    assert!(error.to_string().contains("version 1 has other files, which would be lost"), "{error}");
    // A column is added beside others who append. Who has written without it is told, and who adds the same gets in.
    assert_eq!(evolving.commit(&provenance(4)).unwrap().version, Some(2));
    let error = appending.commit(&provenance(5)).unwrap_err();
    assert!(error.to_string().contains("its columns are others"), "{error}");
    assert_eq!(same.commit(&provenance(6)).unwrap().version, Some(3));
    assert_eq!(files_in(&table).iter().filter(|name| name.ends_with("parquet")).count(), 4);
}

/// What the deltalake package reads is what was written.
#[test]
#[cfg_attr(
    not(deltalake),
    ignore = "there is no deltalake; KARAT_DUCKDB_PYTHON names a Python that has it, beside DuckDB"
)]
fn others_read_each_version() {
    let folder = TempDir::new().unwrap();
    let table = folder.path().join("orders");
    for version in 0..12 {
        write(&at(&table), &[rows([version])], &append(), version as u64).unwrap();
    }
    write(&at(&table), &[rows(20..22)], &overwrite(), 12).unwrap();
    let read = python("read", &table);
    assert_eq!((&read["version"], &read["files"]), (&json!(12), &json!(1)));
    assert_eq!(read["columns"], json!({"id": [20, 21], "name": ["name 20", "name 21"]}));
    let last = &read["history"][0];
    assert_eq!(last["operation"], "WRITE");
    assert_eq!(last["karat"]["run_id"], "run-12");
    python("compact", &table);
    write(&at(&table), &[rows(22..24)], &append(), 13).unwrap();
    assert_ids(table.to_str().unwrap(), &StorageOptions::default(), &[20, 21, 22, 23]);
}

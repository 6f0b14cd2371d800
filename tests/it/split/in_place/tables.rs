//! Tables of others: those that Spark has made, with vectors, partitions and mapped columns, and those of deltalake; read back by
//! deltalake.

use std::path::Path;

use karat::engine::polars::open;
use karat::sink::WriteOptions;
use karat::source::At;
use karat::split::Side;
use karat::{StorageOptions, Suite};
use polars::prelude::{DataFrame, DataType};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::{append, commit, commit_file, data, ids, moved, orders, table, version};
use crate::delta_fixtures::copy_with_place;
use crate::sink::python;
use crate::split::written::read;

/// A number of each row, in the order of the numbers, by the first column that has whole numbers and few nulls; with its name.
fn numbers(table: &Path) -> Option<(String, Vec<Option<i64>>)> {
    let rows: DataFrame = std::panic::catch_unwind(|| read(table.to_str().unwrap())).ok()?;
    let column =
        rows.columns().iter().find(|column| column.dtype().is_integer() && column.n_unique().unwrap() > 1)?;
    let wide = column.cast(&DataType::Int64).unwrap();
    let mut numbers: Vec<Option<i64>> = wide.i64().unwrap().iter().collect();
    numbers.sort_unstable();
    Some((column.name().to_string(), numbers))
}

/// Puts the rows aside whose number is above the middle one, and says what came of it.
fn of_fixture(table: &Path, bad: &Path) -> String {
    if open(table.to_str().unwrap(), At::Latest, &StorageOptions::default()).is_err() {
        return "not read".to_owned();
    }
    let Some((name, all)) = numbers(table) else { return "no numbers".to_owned() };
    let known: Vec<i64> = all.iter().copied().flatten().collect();
    let middle = known[(known.len() - 1) / 2];
    let check = format!("{{rows: {{predicate: '`{name}` <= {middle}', nulls: pass}}, id: c}}");
    let suite = Suite::from_yaml(&format!("{{suite: s, table: [{check}]}}")).unwrap();
    let (before, was) = (data(table), version(table));
    match moved(&suite, table, bad) {
        Err(error) => {
            assert_eq!((numbers(table), data(table), version(table)), (Some((name, all)), before, was));
            assert!(!bad.exists());
            error.to_string()
        }
        Ok(None) => "nothing to do".to_owned(),
        Ok(Some(done)) => {
            let (kept, gone): (Vec<_>, Vec<_>) =
                all.iter().partition(|number| number.is_none_or(|number| number <= middle));
            let Side::Written(deleted) = done.deleted else { panic!("it was not there") };
            assert_eq!(deleted.rows, gone.len() as u64);
            let of = |numbers: &[Option<i64>]| (numbers.len(), numbers.iter().flatten().sum::<i64>());
            let rows = read(table.to_str().unwrap());
            let left = rows.column(&name).unwrap().cast(&DataType::Int64).unwrap();
            assert_eq!(of(&left.i64().unwrap().iter().collect::<Vec<_>>()), of(&kept));
            let rows = read(bad.to_str().unwrap());
            let aside = rows.column(&name).unwrap().cast(&DataType::Int64).unwrap();
            assert_eq!(of(&aside.i64().unwrap().iter().collect::<Vec<_>>()), of(&gone));
            assert_eq!(data(table), before);
            assert!(moved(&suite, table, bad).unwrap().is_none());
            "deleted".to_owned()
        }
    }
}

/// Makes a table keep deletion vectors, as Spark's `ALTER TABLE … SET TBLPROPERTIES` does; `None` if its log does not say what it is.
fn upgrade(table: &Path) -> Option<()> {
    let newest = version(table);
    let actions: Vec<Json> = (0..=newest)
        .filter(|version| commit_file(table, *version).exists())
        .flat_map(|version| commit(table, version))
        .collect();
    let last = |name: &str| actions.iter().rev().find_map(|action| action.get(name).cloned());
    let (mut protocol, mut metadata) = (last("protocol")?, last("metaData")?);
    let named = |name: &str| -> Vec<String> {
        let names = protocol.get(name).and_then(Json::as_array).into_iter().flatten();
        names.map(|name| name.as_str().unwrap().to_owned()).collect()
    };
    let (mut readers, mut writers) = (named("readerFeatures"), named("writerFeatures"));
    let least = |version: &str| protocol[version].as_u64().unwrap();
    if least("minReaderVersion") == 2 {
        readers.push("columnMapping".to_owned());
    }
    let since = [
        (2, "appendOnly"),
        (2, "invariants"),
        (3, "checkConstraints"),
        (4, "changeDataFeed"),
        (4, "generatedColumns"),
        (5, "columnMapping"),
        (6, "identityColumns"),
    ];
    let writer = least("minWriterVersion");
    writers.extend(
        since.iter().filter(|(since, _)| writer < 7 && *since <= writer).map(|(_, it)| (*it).to_owned()),
    );
    for features in [&mut readers, &mut writers] {
        features.push("deletionVectors".to_owned());
    }
    protocol = json!({"minReaderVersion": 3, "minWriterVersion": 7, "readerFeatures": readers, "writerFeatures": writers});
    metadata["configuration"]["delta.enableDeletionVectors"] = json!("true");
    let time = last("commitInfo").and_then(|it| it["inCommitTimestamp"].as_i64()).map(|time| time + 1);
    let lines = [
        json!({"commitInfo": {"inCommitTimestamp": time, "timestamp": 0, "operation": "SET TBLPROPERTIES"}}),
        json!({"protocol": protocol}),
        json!({"metaData": metadata}),
    ];
    let text: String = lines.iter().map(|line| line.to_string() + "\n").collect();
    std::fs::write(commit_file(table, newest + 1), text).unwrap();
    Some(())
}

#[test]
fn tables_of_spark_are_changed_right_or_refused() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/delta");
    let mut fixtures: Vec<_> = std::fs::read_dir(fixtures)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("expected.json").exists())
        .collect();
    fixtures.sort();
    let mut told = String::new();
    for fixture in fixtures {
        let copy = TempDir::new().unwrap();
        copy_with_place(&fixture, copy.path(), copy.path());
        let (table, bad) = (copy.path().join("table"), copy.path().join("bad"));
        let mut done = of_fixture(&table, &bad);
        if done.contains("its protocol does not know deletion vectors") {
            done = if upgrade(&table).is_some() {
                format!("once it keeps vectors, {}", of_fixture(&table, &bad))
            } else {
                "without vectors".to_owned()
            };
        }
        let done = done.replace(copy.path().to_str().unwrap(), "");
        told += &format!("{}: {done}\n", fixture.file_name().unwrap().to_str().unwrap());
    }
    insta::assert_snapshot!(told, @r#"
    changes: /table cannot be written to: it keeps a feed of its changes, which would have to say what is deleted (delta.enableChangeDataFeed)
    changes_partitioned: /table cannot be written to: it keeps a feed of its changes, which would have to say what is deleted (delta.enableChangeDataFeed)
    changes_with_vectors: /table cannot be written to: it keeps a feed of its changes, which would have to say what is deleted (delta.enableChangeDataFeed)
    checkpoint_parts: without vectors
    checkpoint_struct_stats: without vectors
    checkpoint_v2_json: deleted
    checkpoint_v2_parquet: deleted
    checksums_kept: once it keeps vectors, deleted
    clustered: once it keeps vectors, deleted
    corrupt_vector: not read
    dv_files: deleted
    dv_inline: deleted
    dv_many_rows: deleted
    dv_partitioned: deleted
    dv_updated: deleted
    emptied: no numbers
    empty: no numbers
    every_type: once it keeps vectors, deleted
    evolved: once it keeps vectors, deleted
    in_commit_timestamps: once it keeps vectors, deleted
    log_cleaned: without vectors
    log_compacted: deleted
    mapped_by_id: once it keeps vectors, deleted
    mapped_by_id_partition: deleted
    mapped_by_name: once it keeps vectors, deleted
    mapped_late: once it keeps vectors, deleted
    mapped_odd_names: once it keeps vectors, deleted
    mapped_partition: deleted
    mapped_swapped: once it keeps vectors, deleted
    missing_commit: not read
    missing_file: not read
    missing_vector: not read
    odd_names: once it keeps vectors, deleted
    partition_empty: once it keeps vectors, deleted
    partition_types: once it keeps vectors, deleted
    row_tracking: /table cannot be written to: its rows have ids that their writer gives (rowTracking)
    rs_merged: once it keeps vectors, deleted
    rs_nested: once it keeps vectors, deleted
    rs_partitions: once it keeps vectors, deleted
    shallow_clone: deleted
    timestamps_int96: once it keeps vectors, deleted
    timestamps_int96_near: once it keeps vectors, deleted
    timestamps_int96_nested: once it keeps vectors, deleted
    timestamps_int96_nested_near: once it keeps vectors, deleted
    timestamps_micros: once it keeps vectors, deleted
    timestamps_millis: once it keeps vectors, deleted
    timestamps_ntz: once it keeps vectors, deleted
    unknown_reader_feature: not read
    vacuumed: once it keeps vectors, deleted
    variants: the column "v" cannot be read, and would be lost: it is variant
    void_column: the column "nothing" cannot be read, and would be lost: it is void
    void_typed_later: once it keeps vectors, deleted
    widened: once it keeps vectors, deleted
    widened_nested: once it keeps vectors, deleted
    writer_features: once it keeps vectors, deleted
    "#);
}

/// What deltalake reads of a table's column.
fn by_deltalake(table: &Path, column: &str) -> Vec<i64> {
    let read = python("read", table);
    let mut found: Vec<i64> =
        read["columns"][column].as_array().unwrap().iter().map(|value| value.as_i64().unwrap()).collect();
    found.sort_unstable();
    found
}

#[test]
#[cfg_attr(
    not(deltalake),
    ignore = "there is no deltalake; KARAT_DUCKDB_PYTHON names a Python that has it, beside DuckDB"
)]
fn deltalake_reads_what_is_left() {
    for by in [&["part"][..], &[]] {
        let folder = TempDir::new().unwrap();
        let (place, bad) = (folder.path().join("orders"), folder.path().join("bad"));
        let options = WriteOptions { partition_by: by.iter().map(ToString::to_string).collect(), ..append() };
        let batches = [0, 1, 2].map(|batch| orders(batch * 100..(batch + 1) * 100, |id| Some(id % 17)));
        table(&place, &batches, &options);
        for limit in [16, 12, 3] {
            let suite = format!("{{suite: below {limit}, table: [rows: 'number < {limit}']}}");
            moved(&Suite::from_yaml(&suite).unwrap(), &place, &bad).unwrap().unwrap();
            let left: Vec<i64> = (0..300).filter(|id| id % 17 < limit).collect();
            assert_eq!(by_deltalake(&place, "id"), left);
            assert_eq!(ids(&place), left);
            let gone: Vec<i64> = (0..300).filter(|id| id % 17 >= limit).collect();
            assert_eq!(by_deltalake(&bad, "id"), gone);
        }
        let history = python("read", &place)["history"].clone();
        assert_eq!(
            (history[0]["operation"].as_str(), history[0]["version"].as_u64()),
            (Some("DELETE"), Some(5))
        );
    }
}

#[test]
#[cfg_attr(
    not(deltalake),
    ignore = "there is no deltalake; KARAT_DUCKDB_PYTHON names a Python that has it, beside DuckDB"
)]
fn tables_of_deltalake_are_changed() {
    let folder = TempDir::new().unwrap();
    let (place, bad) = (folder.path().join("orders"), folder.path().join("bad"));
    python("make_with_vectors", &place);
    assert_eq!(by_deltalake(&place, "id"), (0..100).collect::<Vec<_>>());
    let before = data(&place);
    let suite = Suite::from_yaml("{suite: s, columns: {status: [{in_set: [paid]}]}}").unwrap();
    moved(&suite, &place, &bad).unwrap().unwrap();
    assert_eq!(by_deltalake(&place, "id"), (0..100).filter(|id| id % 7 != 0).collect::<Vec<_>>());
    assert_eq!(by_deltalake(&bad, "id"), (0..100).filter(|id| id % 7 == 0).collect::<Vec<_>>());
    assert_eq!(data(&place), before);
}

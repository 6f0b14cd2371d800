//! Tables that are partitioned.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int32Array, Int64Array, StringArray,
    StringViewArray, TimestampMicrosecondArray,
};
use karat::StorageOptions;
use karat::sink::{SinkError, WriteOptions};
use serde_json::json;
use tempfile::TempDir;

use super::{append, assert_ids, at, batch, files_in, overwrite, python, rows, write};

fn by(columns: &[&str]) -> WriteOptions {
    WriteOptions { partition_by: columns.iter().map(|&name| name.to_owned()).collect(), ..append() }
}

/// The values of every type come back, those that are escaped elsewhere included, and stand in no name of a file.
#[test]
#[cfg_attr(
    not(deltalake),
    ignore = "there is no deltalake; KARAT_DUCKDB_PYTHON names a Python that has it, beside DuckDB"
)]
fn values_of_every_type_come_back() {
    let columns: [(&str, ArrayRef, serde_json::Value); 8] = [
        (
            "text",
            Arc::new(StringViewArray::from(vec![Some("a/b=c d%20é"), None, Some("a/b=c d%20é"), Some("..")])),
            json!(["a/b=c d%20é", null, "a/b=c d%20é", ".."]),
        ),
        (
            "number",
            Arc::new(Int64Array::from(vec![Some(i64::MIN), None, Some(7), Some(7)])),
            json!([i64::MIN, null, 7, 7]),
        ),
        (
            "flag",
            Arc::new(BooleanArray::from(vec![Some(true), None, Some(false), Some(true)])),
            json!([true, null, false, true]),
        ),
        (
            "day",
            Arc::new(Date32Array::from(vec![Some(0), None, Some(-1), Some(20_000)])),
            json!(["1970-01-01", null, "1969-12-31", "2024-10-04"]),
        ),
        (
            "time",
            Arc::new(
                TimestampMicrosecondArray::from(vec![Some(1), None, Some(-1), Some(1_000_000)])
                    .with_timezone("UTC"),
            ),
            json!([
                "1970-01-01T00:00:00.000001+00:00",
                null,
                "1969-12-31T23:59:59.999999+00:00",
                "1970-01-01T00:00:01+00:00"
            ]),
        ),
        (
            "local",
            Arc::new(TimestampMicrosecondArray::from(vec![Some(1), None, Some(-1), Some(1_000_000)])),
            json!(["1970-01-01T00:00:00.000001", null, "1969-12-31T23:59:59.999999", "1970-01-01T00:00:01"]),
        ),
        (
            "amount",
            Arc::new(
                Decimal128Array::from(vec![Some(-5), None, Some(12_345), Some(0)])
                    .with_precision_and_scale(7, 2)
                    .unwrap(),
            ),
            json!(["-0.05", null, "123.45", "0.00"]),
        ),
        (
            "double",
            Arc::new(Float64Array::from(vec![Some(0.1), None, Some(-1e300), Some(2.0)])),
            json!([0.1, null, -1e300, 2.0]),
        ),
    ];
    for (name, values, expected) in columns {
        let folder = TempDir::new().unwrap();
        let table = folder.path().join("parted");
        let ids: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3, 4]));
        let rows = batch([("id", ids), (name, values)]);
        write(&at(&table), &[rows], &by(&[name]), 1).unwrap();
        let read = python("read", &table);
        assert_eq!(read["partitions"], json!([name]));
        let found =
            read["columns"]["id"].as_array().unwrap().iter().zip(read["columns"][name].as_array().unwrap());
        let mut found: Vec<_> = found.map(|(id, value)| (id.as_i64().unwrap(), value.clone())).collect();
        found.sort_by_key(|(id, _)| *id);
        let found: Vec<_> = found.into_iter().map(|(_, value)| value).collect();
        assert_eq!(json!(found), expected, "{name}");
        assert_ids(table.to_str().unwrap(), &StorageOptions::default(), &[1, 2, 3, 4]);
        assert!(files_in(&table).iter().all(|file| !file.contains('=')), "{:?}", files_in(&table));
    }
}

/// A table keeps its own partition columns, whatever is asked for and however the columns lie.
#[test]
fn a_table_keeps_its_partitions() {
    let folder = TempDir::new().unwrap();
    let table = folder.path().join("parted");
    let made = |from: i64| {
        let part: ArrayRef = Arc::new(Int32Array::from_iter_values((0..100).map(|row| row % 4)));
        let ids: ArrayRef = Arc::new(Int64Array::from_iter_values(from..from + 100));
        batch([("part", part), ("id", ids)])
    };
    let done = write(&at(&table), &[made(0), made(100)], &by(&["part"]), 1).unwrap();
    assert_eq!((done.files, done.rows), (4, 200));
    let done = write(&at(&table), &[made(200)], &append(), 2).unwrap();
    assert_eq!(done.files, 4);
    let ids: Vec<i64> = (0..300).collect();
    assert_ids(table.to_str().unwrap(), &StorageOptions::default(), &ids);
    write(&at(&table), &[made(0)], &overwrite(), 3).unwrap();
    assert_ids(table.to_str().unwrap(), &StorageOptions::default(), &ids[..100]);
}

/// More partitions than files that may be open at once.
#[test]
fn there_may_be_many_partitions() {
    let folder = TempDir::new().unwrap();
    let table = folder.path().join("parted");
    let made = |from: i64| {
        let part: ArrayRef = Arc::new(Int64Array::from_iter_values((0..1_000).map(|row| row % 500)));
        let ids: ArrayRef = Arc::new(Int64Array::from_iter_values(from..from + 1_000));
        batch([("part", part), ("id", ids)])
    };
    let done = write(&at(&table), &[made(0), made(1_000)], &by(&["part"]), 1).unwrap();
    assert!(done.files >= 500, "{done:?}");
    assert_ids(table.to_str().unwrap(), &StorageOptions::default(), &(0..2_000).collect::<Vec<_>>());
}

#[test]
fn what_cannot_be_a_partition_is_refused() {
    let folder = TempDir::new().unwrap();
    let table = folder.path().join("parted");
    let refused = |rows: arrow::array::RecordBatch, columns: &[&str]| {
        let error = write(&at(&table), &[rows], &by(columns), 1).unwrap_err();
        let SinkError::Column { column, reason, .. } = error else { panic!("{error}") };
        format!("{column}: {reason}")
    };
    assert_eq!(
        refused(rows(0..1), &["nowhere"]),
        "nowhere: the table is partitioned by it, and the rows have none of this name"
    );
    assert_eq!(
        refused(rows(0..1), &["id", "name"]),
        "id, name: there is no column that is no partition column"
    );
    let empty: ArrayRef = Arc::new(StringArray::from(vec!["a", ""]));
    let ids: ArrayRef = Arc::new(Int64Array::from(vec![1, 2]));
    assert_eq!(
        refused(batch([("id", ids), ("text", empty)]), &["text"]),
        "text: the empty text cannot be told from null where a table is partitioned by it"
    );
    assert!(!table.exists());
}

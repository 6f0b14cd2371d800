//! Tables whose columns are not those that are written.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Float32Array, Float64Array, Int8Array, Int32Array, Int64Array, RecordBatch, StringArray,
    StructArray, TimestampMicrosecondArray, UInt64Array,
};
use arrow::datatypes::Field;
use karat::sink::SinkError;
use serde_json::json;
use tempfile::TempDir;

use super::{append, at, batch, evolve, python, rows, write};

fn numbers(values: Vec<i64>) -> ArrayRef {
    Arc::new(Int64Array::from(values))
}

fn structs(fields: Vec<(&str, ArrayRef)>) -> ArrayRef {
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = fields
        .into_iter()
        .map(|(name, array)| (Field::new(name, array.data_type().clone(), true), array))
        .unzip();
    Arc::new(StructArray::new(fields.into(), arrays, None))
}

/// Columns that a table has not are added on request, fields of structs included, and those that rows have not are null.
#[test]
#[cfg_attr(
    not(deltalake),
    ignore = "there is no deltalake; KARAT_DUCKDB_PYTHON names a Python that has it, beside DuckDB"
)]
fn columns_are_added_and_left_out() {
    let folder = TempDir::new().unwrap();
    let table = folder.path().join("table");
    let first = batch([("id", numbers(vec![1])), ("s", structs(vec![("a", numbers(vec![1]))]))]);
    write(&at(&table), &[first], &append(), 1).unwrap();
    let second = batch([
        ("new", Arc::new(StringArray::from(vec!["x"])) as ArrayRef),
        ("id", numbers(vec![2])),
        ("s", structs(vec![("b", numbers(vec![2]))])),
    ]);
    let error = write(&at(&table), std::slice::from_ref(&second), &append(), 2).unwrap_err();
    assert!(matches!(&error, SinkError::Column { column, .. } if column == "new"), "{error}");
    assert_eq!(write(&at(&table), &[second], &evolve(), 2).unwrap().version, Some(1));
    // Nothing new: the schema is not written again.
    write(&at(&table), &[batch([("id", numbers(vec![3]))])], &evolve(), 3).unwrap();
    let log = std::fs::read_to_string(table.join("_delta_log/00000000000000000002.json")).unwrap();
    assert!(!log.contains("metaData"), "{log}");
    let read = python("read", &table);
    let rows: Vec<_> = (0..3)
        .map(|row| {
            let of = |name: &str| read["columns"][name][row].clone();
            (of("id").as_i64().unwrap(), json!([of("new"), of("s")]))
        })
        .collect();
    let row = |id: i64| &rows.iter().find(|(own, _)| *own == id).unwrap().1;
    assert_eq!(row(1), &json!([null, {"a": 1, "b": null}]));
    assert_eq!(row(2), &json!(["x", {"a": null, "b": 2}]));
    assert_eq!(row(3)[0], json!(null));
}

/// A narrower type fits a wider one, and no other.
#[test]
fn types_fit_if_nothing_is_lost() {
    let fits = |table: ArrayRef, values: ArrayRef| {
        let folder = TempDir::new().unwrap();
        let place = folder.path().join("table");
        write(&at(&place), &[batch([("column", table)])], &append(), 1).unwrap();
        write(&at(&place), &[batch([("column", values)])], &evolve(), 2).map(drop).map_err(
            |error| match error {
                SinkError::Column { reason, .. } => reason,
                other => panic!("{other}"),
            },
        )
    };
    let (long, int): (ArrayRef, ArrayRef) = (numbers(vec![1]), Arc::new(Int32Array::from(vec![1])));
    let byte: ArrayRef = Arc::new(Int8Array::from(vec![1]));
    let (float, double): (ArrayRef, ArrayRef) =
        (Arc::new(Float32Array::from(vec![0.5])), Arc::new(Float64Array::from(vec![0.5])));
    let unsigned: ArrayRef = Arc::new(UInt64Array::from(vec![u64::MAX]));
    for (table, values) in [
        (&long, &int),
        (&long, &byte),
        (&double, &int),
        (&double, &float),
        (&unsigned, &long),
        (&float, &byte),
    ] {
        assert_eq!(
            fits(table.clone(), values.clone()),
            Ok(()),
            "{} {}",
            table.data_type(),
            values.data_type()
        );
    }
    let time: ArrayRef = Arc::new(TimestampMicrosecondArray::from(vec![1]));
    let zoned: ArrayRef = Arc::new(TimestampMicrosecondArray::from(vec![1]).with_timezone("UTC"));
    let text: ArrayRef = Arc::new(StringArray::from(vec!["1"]));
    for (table, values) in [
        (&int, &long),
        (&double, &long),
        (&float, &int),
        (&long, &unsigned),
        (&long, &text),
        (&text, &long),
        (&time, &zoned),
        (&zoned, &time),
        (&float, &double),
    ] {
        let reason = fits(table.clone(), values.clone()).unwrap_err();
        assert!(reason.contains("in the table"), "{reason}");
    }
    assert_eq!(fits(long, text).unwrap_err(), "it is string, and long in the table");
}

/// Names that Delta does not tell apart.
#[test]
fn names_in_other_letters_are_no_other_columns() {
    let folder = TempDir::new().unwrap();
    let table = folder.path().join("table");
    let twice = batch([("id", numbers(vec![1])), ("ID", numbers(vec![2]))]);
    let error = write(&at(&table), &[twice], &append(), 1).unwrap_err();
    assert!(error.to_string().contains("only differs in upper and lower case"), "{error}");
    write(&at(&table), &[rows(0..1)], &append(), 1).unwrap();
    let error = write(&at(&table), &[batch([("Id", numbers(vec![1]))])], &evolve(), 2).unwrap_err();
    assert!(error.to_string().contains("only differs in upper and lower case"), "{error}");
}

/// Batches that are not what was announced.
#[test]
fn batches_must_be_those_that_were_announced() {
    let folder = TempDir::new().unwrap();
    for name in ["table", "file.parquet"] {
        let to = at(&folder.path().join(name));
        let mut sink = karat::sink::Sink::open(&to, rows([]).schema(), &append()).unwrap();
        let other =
            RecordBatch::try_from_iter([("id", Arc::new(Int32Array::from(vec![1])) as ArrayRef)]).unwrap();
        let error = sink.write(&other).unwrap_err();
        assert!(matches!(error, SinkError::Column { .. }), "{error}");
    }
}

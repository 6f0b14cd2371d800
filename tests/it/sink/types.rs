//! Every type, there and back: read by karat, and by others.

use std::sync::Arc;

use arrow::array::{
    Array as _, ArrayRef, BinaryArray, BooleanArray, Date32Array, Date64Array, Decimal128Array,
    DictionaryArray, FixedSizeBinaryArray, Float32Array, Float64Array, Int8Array, Int16Array, Int32Array,
    Int64Array, Int64Builder, LargeStringArray, ListArray, MapBuilder, RecordBatch, StringArray,
    StringBuilder, StringViewArray, StructArray, Time64MicrosecondArray, TimestampMicrosecondArray,
    TimestampMillisecondArray, TimestampNanosecondArray, UInt8Array, UInt16Array, UInt32Array, UInt64Array,
};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Field, Int32Type};
use karat::sink::SinkError;
use karat::{CheckOptions, Data, StorageOptions, Suite, Trust, check};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::{append, at, batch, python, write};

/// Three rows with all types that a Delta table takes. The second one is null in all columns but the first.
fn all_types() -> RecordBatch {
    let list = ListArray::from_iter_primitive::<Int32Type, _, _>([
        Some(vec![Some(1), None, Some(3)]),
        None,
        Some(vec![]),
    ]);
    let inner: Vec<(Arc<Field>, ArrayRef)> = vec![
        (
            Arc::new(Field::new("number", DataType::UInt16, true)),
            Arc::new(UInt16Array::from(vec![Some(65_535), Some(1), None])),
        ),
        (Arc::new(Field::new("texts", list.data_type().clone(), true)), Arc::new(list.clone())),
    ];
    let (fields, arrays): (Vec<_>, Vec<_>) = inner.into_iter().unzip();
    let structs = StructArray::new(fields.into(), arrays, Some(NullBuffer::from(vec![true, false, true])));
    let mut map = MapBuilder::new(None, StringBuilder::new(), Int64Builder::new());
    map.keys().append_value("a");
    map.values().append_value(1);
    map.keys().append_value("b");
    map.values().append_null();
    map.append(true).unwrap();
    map.append(false).unwrap();
    map.append(true).unwrap();
    let fixed = FixedSizeBinaryArray::try_from_sparse_iter_with_size(
        [Some([1_u8, 2]), None, Some([255, 0])].into_iter(),
        2,
    );
    let dictionary: DictionaryArray<Int32Type> = [Some("x"), None, Some("")].into_iter().collect();
    let micros = 1_767_225_600_123_456;
    batch([
        ("id", Arc::new(Int64Array::from(vec![1, 2, 3])) as ArrayRef),
        ("boolean", Arc::new(BooleanArray::from(vec![Some(true), None, Some(false)]))),
        ("int8", Arc::new(Int8Array::from(vec![Some(-128), None, Some(127)]))),
        ("int16", Arc::new(Int16Array::from(vec![Some(-32_768), None, Some(32_767)]))),
        ("int32", Arc::new(Int32Array::from(vec![Some(i32::MIN), None, Some(i32::MAX)]))),
        ("int64", Arc::new(Int64Array::from(vec![Some(i64::MIN), None, Some(i64::MAX)]))),
        ("uint8", Arc::new(UInt8Array::from(vec![Some(0), None, Some(255)]))),
        ("uint16", Arc::new(UInt16Array::from(vec![Some(0), None, Some(65_535)]))),
        ("uint32", Arc::new(UInt32Array::from(vec![Some(0), None, Some(u32::MAX)]))),
        ("uint64", Arc::new(UInt64Array::from(vec![Some(0), None, Some(u64::MAX)]))),
        ("float32", Arc::new(Float32Array::from(vec![Some(0.1), None, Some(f32::NAN)]))),
        ("float64", Arc::new(Float64Array::from(vec![Some(-0.0), None, Some(f64::INFINITY)]))),
        ("text", Arc::new(StringArray::from(vec![Some("Zürich"), None, Some("")]))),
        ("large_text", Arc::new(LargeStringArray::from(vec![Some("a\nb"), None, Some("\u{10ffff}")]))),
        (
            "view",
            Arc::new(StringViewArray::from(vec![Some("a longer text than fits in"), None, Some("short")])),
        ),
        ("binary", Arc::new(BinaryArray::from_opt_vec(vec![Some(b"\0\xff"), None, Some(b"")]))),
        ("fixed", Arc::new(fixed.unwrap())),
        ("dictionary", Arc::new(dictionary)),
        ("date", Arc::new(Date32Array::from(vec![Some(-719_162), None, Some(2_932_896)]))),
        ("date64", Arc::new(Date64Array::from(vec![Some(-86_400_000), None, Some(86_400_000)]))),
        (
            "micros",
            Arc::new(
                TimestampMicrosecondArray::from(vec![Some(micros), None, Some(-1)]).with_timezone("UTC"),
            ),
        ),
        (
            "nanos",
            Arc::new(
                TimestampNanosecondArray::from(vec![Some(micros * 1_000), None, Some(-1_000)])
                    .with_timezone("Europe/Berlin"),
            ),
        ),
        ("local", Arc::new(TimestampMillisecondArray::from(vec![Some(1_500), None, Some(-1)]))),
        (
            "decimal",
            Arc::new(
                Decimal128Array::from(vec![Some(12_345), None, Some(-5)])
                    .with_precision_and_scale(9, 2)
                    .unwrap(),
            ),
        ),
        (
            "wide",
            Arc::new(
                Decimal128Array::from(vec![Some(10_i128.pow(38) - 1), None, Some(1 - 10_i128.pow(38))])
                    .with_precision_and_scale(38, 10)
                    .unwrap(),
            ),
        ),
        ("list", Arc::new(list)),
        ("struct", Arc::new(structs)),
        ("map", Arc::new(map.finish())),
    ])
}

/// What a reader of the table must find.
fn expected() -> Json {
    json!({
        "id": [1, 2, 3],
        "boolean": [true, null, false],
        "int8": [-128, null, 127],
        "int16": [-32768, null, 32767],
        "int32": [i32::MIN, null, i32::MAX],
        "int64": [i64::MIN, null, i64::MAX],
        "uint8": [0, null, 255],
        "uint16": [0, null, 65535],
        "uint32": [0, null, u32::MAX],
        "uint64": ["0", null, "18446744073709551615"],
        "float32": [f64::from(0.1_f32), null, "nan"],
        "float64": [-0.0, null, "inf"],
        "text": ["Zürich", null, ""],
        "large_text": ["a\nb", null, "\u{10ffff}"],
        "view": ["a longer text than fits in", null, "short"],
        "binary": ["AP8=", null, ""],
        "fixed": ["AQI=", null, "/wA="],
        "dictionary": ["x", null, ""],
        "date": ["0001-01-01", null, "9999-12-31"],
        "date64": ["1969-12-31", null, "1970-01-02"],
        "micros": ["2026-01-01T00:00:00.123456+00:00", null, "1969-12-31T23:59:59.999999+00:00"],
        "nanos": ["2026-01-01T00:00:00.123456+00:00", null, "1969-12-31T23:59:59.999999+00:00"],
        "local": ["1970-01-01T00:00:01.500000", null, "1969-12-31T23:59:59.999000"],
        "decimal": ["123.45", null, "-0.05"],
        "wide": ["9999999999999999999999999999.9999999999", null, "-9999999999999999999999999999.9999999999"],
        "list": [[1, null, 3], null, []],
        "struct": [{"number": 65535, "texts": [1, null, 3]}, null, {"number": null, "texts": []}],
        "map": [[["a", 1], ["b", null]], null, []],
    })
}

#[test]
#[cfg_attr(
    not(deltalake),
    ignore = "there is no deltalake; KARAT_DUCKDB_PYTHON names a Python that has it, beside DuckDB"
)]
fn others_read_every_type() {
    let folder = TempDir::new().unwrap();
    let table = folder.path().join("all");
    write(&at(&table), &[all_types()], &append(), 7).unwrap();
    let read = python("read", &table);
    for (name, values) in expected().as_object().unwrap() {
        assert_eq!(&read["columns"][name], values, "{name}");
    }
    assert_eq!(read["columns"].as_object().unwrap().len(), all_types().num_columns());
}

/// karat itself finds the same rows in the table, in the file and in memory. What cannot be compared is tested for null.
#[test]
fn karat_reads_every_type() {
    let folder = TempDir::new().unwrap();
    let rows = all_types();
    for name in ["all", "all.parquet"] {
        let place = folder.path().join(name);
        write(&at(&place), std::slice::from_ref(&rows), &append(), 7).unwrap();
        let schema = rows.schema();
        let compared = schema.fields().iter().filter(|field| !field.data_type().is_nested());
        let compared: Vec<&str> = compared
            .map(|field| field.name().as_str())
            .filter(|it| !["id", "dictionary"].contains(it))
            .collect();
        let suite = format!(
            "{{suite: s, columns: {{id: [not_null]}}, table: [row_count: {{equal: 3}}, \
             same_rows_as: {{data: memory, key: id, columns: [{}]}}]}}",
            compared.join(", ")
        );
        let given = rows.clone();
        let options = CheckOptions {
            storage: StorageOptions::default(),
            trust: Trust::None,
            datasets: Arc::new(move |_| Data::from(vec![given.clone()]).into()),
            ..CheckOptions::default()
        };
        let run = check(&Suite::from_yaml(&suite).unwrap(), place.to_str().unwrap(), &options);
        assert!(run.passed(), "{name}: {run}");
    }
}

/// A type that Delta has not, or a value that it cannot hold, is refused by the name of its column.
#[test]
fn what_delta_cannot_hold_is_refused() {
    let folder = TempDir::new().unwrap();
    let refused = |array: ArrayRef| {
        let rows = batch([
            ("fine", Arc::new(Int64Array::from(vec![1; array.len()])) as ArrayRef),
            ("column", array),
        ]);
        let table = folder.path().join("refused");
        let error = write(&at(&table), &[rows], &append(), 1).unwrap_err();
        assert!(!table.exists(), "{:?}", super::files_in(&table));
        let SinkError::Column { column, reason, .. } = error else { panic!("{error}") };
        assert_eq!(column, "column");
        reason
    };
    assert_eq!(refused(Arc::new(Time64MicrosecondArray::from(vec![1]))), "Delta has no type for Time64(µs)");
    assert_eq!(
        refused(Arc::new(TimestampNanosecondArray::from(vec![1_000, 1_001, 5]))),
        "each of 2 of its values has parts of a microsecond, which Delta cannot hold"
    );
    assert_eq!(
        refused(Arc::new(Date64Array::from(vec![1]))),
        "one of its values is no whole day, which Delta cannot hold"
    );
    assert_eq!(
        refused(Arc::new(TimestampMillisecondArray::from(vec![i64::MAX]))),
        "values of type Timestamp(ms) cannot all be written as Timestamp(µs)"
    );
    assert_eq!(refused(Arc::new(arrow::array::NullArray::new(1))), "Delta has no type for Null");
}

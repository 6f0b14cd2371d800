//! What the log says of the values of a file: bounds that hold all of them, or nothing.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Array, Decimal128Array, Float32Array, Float64Array, Int32Array, Int64Array, StringArray,
    StructArray, TimestampMicrosecondArray,
};
use arrow::datatypes::{DataType, Field};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::{append, at, batch, write};

/// The statistics of the only file of a table with these rows.
fn statistics(rows: arrow::array::RecordBatch) -> Json {
    let folder = TempDir::new().unwrap();
    let table = folder.path().join("table");
    write(&at(&table), &[rows], &append(), 1).unwrap();
    let log = std::fs::read_to_string(table.join("_delta_log/00000000000000000000.json")).unwrap();
    let add = log.lines().find(|line| line.starts_with("{\"add\"")).unwrap();
    let add: Json = serde_json::from_str(add).unwrap();
    serde_json::from_str(add["add"]["stats"].as_str().unwrap()).unwrap()
}

fn text_of(rows: arrow::array::RecordBatch) -> String {
    let folder = TempDir::new().unwrap();
    let table = folder.path().join("table");
    write(&at(&table), &[rows], &append(), 1).unwrap();
    std::fs::read_to_string(table.join("_delta_log/00000000000000000000.json")).unwrap()
}

#[test]
fn bounds_hold_all_values() {
    let longest = "z".repeat(500);
    let nested = StructArray::new(
        vec![Arc::new(Field::new("inner", DataType::Int32, true))].into(),
        vec![Arc::new(Int32Array::from(vec![Some(4), None, Some(2)])) as ArrayRef],
        None,
    );
    let found = statistics(batch([
        ("id", Arc::new(Int64Array::from(vec![i64::MAX, i64::MIN, 0])) as ArrayRef),
        ("text", Arc::new(StringArray::from(vec![Some("b"), None, Some("a")]))),
        ("long", Arc::new(StringArray::from(vec![longest.as_str(), "y", "y"]))),
        ("nan", Arc::new(Float64Array::from(vec![1.0, f64::NAN, 2.0]))),
        ("infinite", Arc::new(Float64Array::from(vec![1.0, f64::INFINITY, 2.0]))),
        ("float", Arc::new(Float32Array::from(vec![0.1, 0.2, 0.3]))),
        ("none", Arc::new(Int64Array::from(vec![None::<i64>; 3]))),
        ("date", Arc::new(Date32Array::from(vec![0, -1, 1]))),
        ("time", Arc::new(TimestampMicrosecondArray::from(vec![1_500, -1_500, 1_001]).with_timezone("UTC"))),
        ("struct", Arc::new(nested)),
    ]));
    assert_eq!(found["numRecords"], 3);
    assert_eq!(
        found["minValues"],
        json!({
            "id": i64::MIN, "text": "a", "long": "y", "infinite": 1.0, "float": 0.1, "date": "1969-12-31",
            "time": "1969-12-31T23:59:59.998Z", "struct": {"inner": 2},
        })
    );
    let greatest = found["maxValues"].as_object().unwrap();
    let long = greatest["long"].as_str().unwrap();
    assert!(long > longest.as_str() && long.len() < 100, "{long}");
    let mut others = greatest.clone();
    others.remove("long");
    assert_eq!(
        json!(others),
        json!({
            "id": i64::MAX, "text": "b", "float": 0.3, "date": "1970-01-02", "time": "1970-01-01T00:00:00.002Z",
            "struct": {"inner": 4},
        })
    );
    assert_eq!(
        found["nullCount"],
        json!({
            "id": 0, "text": 1, "long": 0, "nan": 0, "infinite": 0, "float": 0, "none": 3, "date": 0, "time": 0,
            "struct": {"inner": 1},
        })
    );
}

/// Decimals keep all their digits, which a double would not.
#[test]
fn decimals_keep_their_digits() {
    let wide = Decimal128Array::from(vec![10_i128.pow(37) + 1, -7]).with_precision_and_scale(38, 2).unwrap();
    let text = text_of(batch([("wide", Arc::new(wide) as ArrayRef)]));
    assert!(text.contains(r#"\"minValues\":{\"wide\":-0.07}"#), "{text}");
    assert!(text.contains(r#"\"maxValues\":{\"wide\":100000000000000000000000000000000000.01}"#), "{text}");
}

/// A table says of how many columns it wants statistics.
#[test]
fn no_more_columns_have_statistics_than_the_first_ones() {
    let many = (0..40).map(|number| {
        let name: &'static str = Box::leak(format!("c{number:02}").into_boxed_str());
        (name, Arc::new(Int64Array::from(vec![number])) as ArrayRef)
    });
    let found = statistics(batch(many));
    assert_eq!(found["minValues"].as_object().unwrap().len(), 32);
    assert_eq!(found["nullCount"].as_object().unwrap().len(), 32);
}

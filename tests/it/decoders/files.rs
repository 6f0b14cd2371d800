//! The Parquet files that lie around: fixtures, and corpora where there are some.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Date32Type, Date64Type, Decimal128Type, DurationMicrosecondType,
    Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, Time32MillisecondType,
    Time64MicrosecondType, Time64NanosecondType, TimeUnit, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use karat::data::{Decimal, Float, Value};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::cells;
use crate::corpora::corpora;

/// Compares all of them, and says how many cells that were.
pub fn all() {
    let mut paths = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures"), &mut paths);
    let own = paths.len();
    if cfg!(corpora) {
        ["delta", "dirty"].map(corpora).iter().for_each(|folder| walk(folder, &mut paths));
    }
    paths.sort();
    let (mut cells, mut compared) = (0, 0);
    let mut left_out: BTreeMap<String, u64> = BTreeMap::new();
    let mut wrong = Vec::new();
    for path in &paths {
        match compare(path) {
            Ok(found) => (cells, compared) = (cells + found, compared + 1),
            Err(reason) if reason.contains(" instead of ") => {
                wrong.push(format!("{}: {reason}", path.display()));
            }
            // What either refuses is not read wrong.
            Err(reason) => *left_out.entry(reason).or_default() += 1,
        }
    }
    let refused: u64 = left_out.values().sum();
    eprintln!("{cells} cells of {compared} files, {refused} not compared, {} differences", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared * 10 > own * 7, "{compared} of {own}: {left_out:#?}");
}

fn walk(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "parquet") {
            into.push(path);
        }
    }
}

/// Rows of a file that are compared at most.
const MOST: usize = 20_000;

/// Compares a file in both decoders; the columns that the other one shows in a form that is known here.
pub fn compare(path: &Path) -> Result<u64, String> {
    let open = || {
        let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path).ok()?).ok()?;
        let fields = builder.schema().fields().clone();
        let batches = builder.build().ok()?.collect::<Result<Vec<RecordBatch>, _>>().ok()?;
        Some((fields, batches))
    };
    let read = std::panic::catch_unwind(open).ok().flatten();
    let (fields, batches) = read.ok_or("the other decoder refuses it")?;
    let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
    if rows > MOST {
        return Err("it has too many rows".to_owned());
    }
    let known: Vec<usize> = (0..fields.len()).filter(|index| is_known(fields[*index].data_type())).collect();
    let names: Vec<String> = known.iter().map(|index| fields[*index].name().clone()).collect();
    if names.is_empty() {
        return Err("it has no column that is known".to_owned());
    }
    let expected: Vec<Vec<Value>> = batches
        .iter()
        .flat_map(|batch| {
            let known = &known;
            (0..batch.num_rows())
                .map(move |row| known.iter().map(|index| cell(batch.column(*index).as_ref(), row)).collect())
        })
        .collect();
    let found = cells::rows(path, &names).map_err(|_| "karat refuses it".to_owned())?;
    cells::compare(&names, &found, &expected)
}

/// Whether the type is shown alike, with nothing in it that decoders may name differently.
fn is_known(data_type: &DataType) -> bool {
    match data_type {
        DataType::List(of) | DataType::LargeList(of) | DataType::FixedSizeList(of, _) => {
            is_known(of.data_type())
        }
        DataType::Map(of, _) => is_known(of.data_type()),
        DataType::Struct(fields) => fields.iter().all(|field| is_known(field.data_type())),
        DataType::Boolean
        | DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32
        | DataType::UInt64
        | DataType::Float16
        | DataType::Float32
        | DataType::Float64
        | DataType::Utf8
        | DataType::Utf8View
        | DataType::BinaryView
        | DataType::LargeUtf8
        | DataType::Binary
        | DataType::LargeBinary
        | DataType::Date32
        | DataType::Decimal128(..)
        | DataType::Time32(TimeUnit::Millisecond)
        | DataType::Time64(_)
        | DataType::Duration(TimeUnit::Microsecond)
        | DataType::Timestamp(TimeUnit::Millisecond | TimeUnit::Microsecond, Some(_)) => true,
        _ => false,
    }
}

fn cell(array: &dyn Array, row: usize) -> Value {
    if array.is_null(row) {
        return Value::Null;
    }
    let all = |items: &dyn Array| Value::List((0..items.len()).map(|item| cell(items, item)).collect());
    let instant =
        |value: i64, unit: i128| Value::Timestamp { nanoseconds: i128::from(value) * unit, instant: true };
    match array.data_type() {
        DataType::Boolean => Value::Boolean(array.as_boolean().value(row)),
        DataType::Int8 => whole::<Int8Type>(array, row),
        DataType::Int16 => whole::<Int16Type>(array, row),
        DataType::Int32 => whole::<Int32Type>(array, row),
        DataType::Int64 => whole::<Int64Type>(array, row),
        DataType::UInt8 => whole::<UInt8Type>(array, row),
        DataType::UInt16 => whole::<UInt16Type>(array, row),
        DataType::UInt32 => whole::<UInt32Type>(array, row),
        DataType::UInt64 => whole::<UInt64Type>(array, row),
        DataType::Float16 => Value::Float(Float(array.as_primitive::<Float16Type>().value(row).to_f64())),
        DataType::Float32 => Value::Float(Float(array.as_primitive::<Float32Type>().value(row).into())),
        DataType::Float64 => Value::Float(Float(array.as_primitive::<Float64Type>().value(row))),
        DataType::Utf8 => Value::String(array.as_string::<i32>().value(row).to_owned()),
        DataType::Utf8View => Value::String(array.as_string_view().value(row).to_owned()),
        DataType::BinaryView => Value::Binary(array.as_binary_view().value(row).to_vec()),
        DataType::LargeUtf8 => Value::String(array.as_string::<i64>().value(row).to_owned()),
        DataType::Binary => Value::Binary(array.as_binary::<i32>().value(row).to_vec()),
        DataType::LargeBinary => Value::Binary(array.as_binary::<i64>().value(row).to_vec()),
        DataType::Date32 => Value::Date(array.as_primitive::<Date32Type>().value(row)),
        DataType::Date64 => instant(array.as_primitive::<Date64Type>().value(row), 1_000_000),
        DataType::Decimal128(_, scale) => Value::Decimal(Decimal {
            unscaled: array.as_primitive::<Decimal128Type>().value(row),
            scale: u8::try_from(*scale).unwrap(),
        }),
        DataType::Time32(_) => {
            Value::Time(i64::from(array.as_primitive::<Time32MillisecondType>().value(row)) * 1_000_000)
        }
        DataType::Time64(TimeUnit::Microsecond) => {
            Value::Time(array.as_primitive::<Time64MicrosecondType>().value(row) * 1_000)
        }
        DataType::Time64(_) => Value::Time(array.as_primitive::<Time64NanosecondType>().value(row)),
        DataType::Duration(_) => {
            Value::Duration(i128::from(array.as_primitive::<DurationMicrosecondType>().value(row)) * 1_000)
        }
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            instant(array.as_primitive::<TimestampMillisecondType>().value(row), 1_000_000)
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            instant(array.as_primitive::<TimestampMicrosecondType>().value(row), 1_000)
        }
        DataType::Timestamp(..) => instant(array.as_primitive::<TimestampNanosecondType>().value(row), 1),
        DataType::List(_) => all(array.as_list::<i32>().value(row).as_ref()),
        DataType::LargeList(_) => all(array.as_list::<i64>().value(row).as_ref()),
        DataType::FixedSizeList(..) => all(array.as_fixed_size_list().value(row).as_ref()),
        DataType::Map(..) => all(&array.as_map().value(row)),
        DataType::Struct(fields) => {
            let columns = array.as_struct().columns().iter().zip(fields);
            Value::Struct(
                columns.map(|(column, field)| (field.name().clone(), cell(column.as_ref(), row))).collect(),
            )
        }
        other => panic!("{other}"),
    }
}

fn whole<T: ArrowPrimitiveType>(array: &dyn Array, row: usize) -> Value
where
    T::Native: Into<i128>,
{
    Value::Integer(array.as_primitive::<T>().value(row).into())
}

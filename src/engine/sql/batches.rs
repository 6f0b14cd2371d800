//! Fetched rows as Arrow: every cell is a text, read as a value of its column's type.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, Float32Array, Float64Array,
    Int8Array, Int16Array, Int32Array, Int64Array, PrimitiveArray, RecordBatch, StringArray,
    Time64NanosecondArray, TimestampMicrosecondArray, TimestampMillisecondArray, TimestampNanosecondArray,
    UInt8Array, UInt16Array, UInt32Array, UInt64Array,
};
use arrow::datatypes::{ArrowTimestampType, Field as ArrowField, Schema as ArrowSchema};

use super::read_values::{self, Cell, Unreadable};
use crate::data::{DataType, Field, TimeUnit, Value};

/// Returns whether values of a type have a form in Arrow that means the same type to karat.
pub(super) fn has_form(of: &DataType) -> bool {
    match of {
        DataType::Boolean
        | DataType::Float { .. }
        | DataType::String
        | DataType::Binary
        | DataType::Date
        | DataType::Time
        | DataType::Timestamp { .. } => true,
        DataType::Integer { bits, .. } => *bits <= 64,
        DataType::Decimal { precision, scale } => *precision <= 38 && scale <= precision,
        _ => false,
    }
}

/// Returns rows as a record batch.
///
/// # Errors
/// A cell is no value of its column's type.
pub(super) fn batch(fields: &[Field], rows: &[Vec<Cell>]) -> Result<RecordBatch, Unreadable> {
    let mut columns = Vec::with_capacity(fields.len());
    for (index, field) in fields.iter().enumerate() {
        let cells = rows.iter().map(|row| row.get(index).unwrap_or(&None));
        columns.push(column(cells, &field.data_type)?);
    }
    let arrow = |(field, column): (&Field, &ArrayRef)| {
        ArrowField::new(field.name.as_str(), column.data_type().clone(), true)
    };
    let schema = ArrowSchema::new(fields.iter().zip(&columns).map(arrow).collect::<Vec<_>>());
    RecordBatch::try_new(Arc::new(schema), columns).map_err(|_| UNFIT)
}

/// What is said of a cell that its column cannot hold.
const UNFIT: Unreadable = Unreadable { wanted: "a value of its column's type" };

fn column<'a>(cells: impl Iterator<Item = &'a Cell>, of: &DataType) -> Result<ArrayRef, Unreadable> {
    let values: Vec<Value> = cells.map(|cell| read_values::value(cell, of)).collect::<Result<_, _>>()?;
    Ok(match of {
        DataType::Boolean => array::<BooleanArray, _>(values, |value| match value {
            Value::Boolean(value) => Some(value),
            _ => None,
        })?,
        DataType::Integer { bits: ..=8, signed: true } => integers::<Int8Array, _>(values)?,
        DataType::Integer { bits: ..=16, signed: true } => integers::<Int16Array, _>(values)?,
        DataType::Integer { bits: ..=32, signed: true } => integers::<Int32Array, _>(values)?,
        DataType::Integer { signed: true, .. } => integers::<Int64Array, _>(values)?,
        DataType::Integer { bits: ..=8, .. } => integers::<UInt8Array, _>(values)?,
        DataType::Integer { bits: ..=16, .. } => integers::<UInt16Array, _>(values)?,
        DataType::Integer { bits: ..=32, .. } => integers::<UInt32Array, _>(values)?,
        DataType::Integer { .. } => integers::<UInt64Array, _>(values)?,
        #[expect(clippy::cast_possible_truncation, reason = "the value was read as one of single precision")]
        DataType::Float { bits: 32 } => array::<Float32Array, _>(values, |value| match value {
            Value::Float(float) => Some(float.0 as f32),
            _ => None,
        })?,
        DataType::Float { .. } => array::<Float64Array, _>(values, |value| match value {
            Value::Float(float) => Some(float.0),
            _ => None,
        })?,
        DataType::Decimal { precision, scale } => decimals(values, *precision, *scale)?,
        DataType::String => array::<StringArray, _>(values, |value| match value {
            Value::String(text) => Some(text),
            _ => None,
        })?,
        DataType::Binary => array::<BinaryArray, _>(values, |value| match value {
            Value::Binary(bytes) => Some(bytes),
            _ => None,
        })?,
        DataType::Date => array::<Date32Array, _>(values, |value| match value {
            Value::Date(days) => Some(days),
            _ => None,
        })?,
        DataType::Time => array::<Time64NanosecondArray, _>(values, |value| match value {
            Value::Time(nanoseconds) => Some(nanoseconds),
            _ => None,
        })?,
        DataType::Timestamp { unit, zone } => match unit {
            TimeUnit::Milliseconds => {
                moments(instants::<TimestampMillisecondArray>(values, *unit)?, zone.as_deref())
            }
            TimeUnit::Microseconds => {
                moments(instants::<TimestampMicrosecondArray>(values, *unit)?, zone.as_deref())
            }
            TimeUnit::Nanoseconds => {
                moments(instants::<TimestampNanosecondArray>(values, *unit)?, zone.as_deref())
            }
        },
        _ => return Err(UNFIT),
    })
}

/// Makes an array of values, nulls among them.
fn array<A, N>(values: Vec<Value>, of: impl Fn(Value) -> Option<N>) -> Result<ArrayRef, Unreadable>
where
    A: FromIterator<Option<N>> + Array + 'static,
{
    Ok(Arc::new(optional(values, of)?.into_iter().collect::<A>()))
}

fn optional<N>(values: Vec<Value>, of: impl Fn(Value) -> Option<N>) -> Result<Vec<Option<N>>, Unreadable> {
    let one = |value: Value| if value.is_null() { Ok(None) } else { of(value).map(Some).ok_or(UNFIT) };
    values.into_iter().map(one).collect()
}

fn integers<A, N>(values: Vec<Value>) -> Result<ArrayRef, Unreadable>
where
    A: FromIterator<Option<N>> + Array + 'static,
    N: TryFrom<i128>,
{
    array::<A, N>(values, |value| match value {
        Value::Integer(number) => N::try_from(number).ok(),
        _ => None,
    })
}

fn decimals(values: Vec<Value>, precision: u8, scale: u8) -> Result<ArrayRef, Unreadable> {
    let units = optional(values, |value| match value {
        Value::Decimal(decimal) => Some(decimal.unscaled),
        _ => None,
    })?;
    let scale = i8::try_from(scale).map_err(|_| UNFIT)?;
    let array = units.into_iter().collect::<Decimal128Array>().with_precision_and_scale(precision, scale);
    let array = array.map_err(|_| UNFIT)?;
    array.validate_decimal_precision(precision).map_err(|_| UNFIT)?;
    Ok(Arc::new(array))
}

fn instants<A: FromIterator<Option<i64>>>(values: Vec<Value>, unit: TimeUnit) -> Result<A, Unreadable> {
    let counts = optional(values, |value| match value {
        Value::Timestamp { nanoseconds, .. } => i64::try_from(nanoseconds / unit.nanoseconds()).ok(),
        _ => None,
    })?;
    Ok(counts.into_iter().collect())
}

fn moments<T: ArrowTimestampType>(array: PrimitiveArray<T>, zone: Option<&str>) -> ArrayRef {
    Arc::new(array.with_timezone_opt(zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_become_columns_of_their_types_or_nothing() {
        let fields = [
            Field::new("n", DataType::Integer { bits: 8, signed: false }),
            Field::new("d", DataType::Decimal { precision: 4, scale: 1 }),
            Field::new(
                "t",
                DataType::Timestamp { unit: TimeUnit::Microseconds, zone: Some("UTC".to_owned()) },
            ),
        ];
        let row = |cells: [&str; 3]| cells.map(|cell| (!cell.is_empty()).then(|| cell.to_owned())).to_vec();
        let read = batch(&fields, &[row(["255", "-999.9", "1000"]), row(["", "", ""])]).unwrap();
        assert_eq!((read.num_rows(), read.num_columns()), (2, 3));
        assert!(read.columns().iter().all(|column| column.is_null(1) && !column.is_null(0)));
        for wrong in [["256", "1", "1000"], ["1", "1000.0", "1000"], ["1", "1", "1"]] {
            assert!(batch(&fields, &[row(wrong)]).is_err(), "{wrong:?}");
        }
    }
}

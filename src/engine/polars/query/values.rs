//! Converts values of Polars to karat's.

use polars::prelude::{Column, TimeUnit as PlUnit};
use polars_core::prelude::{AnyValue, DataFrame};

use crate::data::{Decimal, Value};
use crate::engine::EngineError;

/// Returns the value of a cell.
pub(in crate::engine::polars) fn cell(
    frame: &DataFrame,
    column: &str,
    row: usize,
) -> Result<Value, EngineError> {
    Ok(value(&frame.column(column)?.get(row)?))
}

/// Returns the count in a column of one row.
pub(in crate::engine::polars) fn count(frame: &DataFrame, column: &str) -> Result<u64, EngineError> {
    as_count(&cell(frame, column, 0)?)
}

/// Converts a value to a count. Polars' sums over no rows may be null.
pub(in crate::engine::polars) fn as_count(value: &Value) -> Result<u64, EngineError> {
    match value {
        Value::Null => Ok(0),
        value => value.as_count().ok_or_else(|| EngineError::Query { reason: "it gave no count".into() }),
    }
}

/// Returns a column of `height` rows; a column of one value is repeated.
pub(in crate::engine::polars) fn as_high(column: &Column, height: usize) -> Column {
    if column.len() == 1 && height != 1 { column.new_from_index(0, height) } else { column.clone() }
}

/// Converts a value.
pub(in crate::engine::polars) fn value(any: &AnyValue<'_>) -> Value {
    match any {
        AnyValue::Boolean(value) => Value::Boolean(*value),
        AnyValue::UInt8(value) => Value::Integer(i128::from(*value)),
        AnyValue::UInt16(value) => Value::Integer(i128::from(*value)),
        AnyValue::UInt32(value) => Value::Integer(i128::from(*value)),
        AnyValue::UInt64(value) => Value::Integer(i128::from(*value)),
        AnyValue::Int8(value) => Value::Integer(i128::from(*value)),
        AnyValue::Int16(value) => Value::Integer(i128::from(*value)),
        AnyValue::Int32(value) => Value::Integer(i128::from(*value)),
        AnyValue::Int64(value) => Value::Integer(i128::from(*value)),
        AnyValue::Int128(value) => Value::Integer(*value),
        AnyValue::Float32(value) => Value::float(f64::from(*value)),
        AnyValue::Float64(value) => Value::float(*value),
        AnyValue::Decimal(unscaled, _, scale) => {
            Value::Decimal(Decimal { unscaled: *unscaled, scale: u8::try_from(*scale).unwrap_or(u8::MAX) })
        }
        AnyValue::String(text) => Value::String((*text).to_owned()),
        AnyValue::StringOwned(text) => Value::String(text.to_string()),
        AnyValue::Binary(bytes) => Value::Binary(bytes.to_vec()),
        AnyValue::BinaryOwned(bytes) => Value::Binary(bytes.clone()),
        AnyValue::Date(days) => Value::Date(*days),
        AnyValue::Time(nanoseconds) => Value::Time(*nanoseconds),
        AnyValue::Duration(count, unit) => Value::Duration(nanoseconds(*count, *unit)),
        AnyValue::Datetime(count, unit, zone) => {
            Value::Timestamp { nanoseconds: nanoseconds(*count, *unit), instant: zone.is_some() }
        }
        AnyValue::DatetimeOwned(count, unit, zone) => {
            Value::Timestamp { nanoseconds: nanoseconds(*count, *unit), instant: zone.is_some() }
        }
        AnyValue::List(items) => Value::List(items.iter().map(|item| value(&item)).collect()),
        AnyValue::Struct(..) | AnyValue::StructOwned(_) => fields(any),
        _ => Value::Null,
    }
}

fn fields(any: &AnyValue<'_>) -> Value {
    let owned = any.clone().into_static();
    match owned {
        AnyValue::StructOwned(content) => {
            let (values, fields) = *content;
            Value::Struct(
                fields.iter().zip(&values).map(|(field, any)| (field.name.to_string(), value(any))).collect(),
            )
        }
        _ => Value::Null,
    }
}

fn nanoseconds(count: i64, unit: PlUnit) -> i128 {
    let factor = match unit {
        PlUnit::Milliseconds => 1_000_000,
        PlUnit::Microseconds => 1_000,
        PlUnit::Nanoseconds => 1,
    };
    i128::from(count) * factor
}

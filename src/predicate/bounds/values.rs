//! Values as the ends of ranges: which of them are told, their order and their digits.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::data::{DataType, Decimal, Number, TimeUnit, Value, integer_range};

pub(super) const NANOSECONDS_A_DAY: i128 = 86_400_000_000_000;

/// The order of two values that are compared, where it is exactly that of a scan.
pub(super) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Integer(_) | Value::Decimal(_), Value::Integer(_) | Value::Decimal(_)) => {
            Some(Number::Exact(exact(left)?).compare(Number::Exact(exact(right)?)))
        }
        (Value::Date(days), Value::Timestamp { nanoseconds, .. }) => {
            Some((i128::from(*days) * NANOSECONDS_A_DAY).cmp(nanoseconds))
        }
        (Value::Timestamp { .. }, Value::Date(_)) => order(right, left).map(Ordering::reverse),
        (Value::Boolean(_), Value::Boolean(_))
        | (Value::String(_), Value::String(_))
        | (Value::Date(_), Value::Date(_))
        | (Value::Timestamp { .. }, Value::Timestamp { .. }) => left.compare(right),
        _ => None,
    }
}

/// Returns whether the ends of ranges of a type are told. Those of floats are not: NaN is in no statistics.
fn is_told(data_type: &DataType) -> bool {
    use DataType::{Boolean, Date, Decimal, Integer, String, Timestamp};
    matches!(data_type, Boolean | Integer { .. } | Decimal { .. } | String | Date | Timestamp { .. })
}

/// Returns whether a value cannot be one of a type.
pub(super) fn is_foreign(value: &Value, data_type: &DataType) -> bool {
    is_told(data_type) && fitted(Cow::Borrowed(value), data_type).is_none()
}

/// A value as an end of a range of a type, if it is one of the type and such ends are told.
pub(super) fn fitted<'a>(value: Cow<'a, Value>, data_type: &DataType) -> Option<Cow<'a, Value>> {
    let fits = match (&*value, data_type) {
        (Value::Decimal(decimal), DataType::Decimal { .. }) => return number(*decimal, data_type),
        (Value::Boolean(_), DataType::Boolean)
        | (Value::String(_), DataType::String)
        | (Value::Date(_), DataType::Date) => true,
        (Value::Integer(integer), DataType::Integer { bits, signed }) => {
            let (first, last) = integer_range(*bits, *signed);
            (first..=last).contains(integer)
        }
        (Value::Timestamp { nanoseconds, instant }, DataType::Timestamp { unit, zone }) => {
            *instant == zone.is_some() && is_count(*nanoseconds, *unit)
        }
        _ => false,
    };
    fits.then_some(value)
}

/// Returns whether so many nanoseconds are a count of a unit, of the 64 bits in which it is stored.
fn is_count(nanoseconds: i128, unit: TimeUnit) -> bool {
    let step = unit.nanoseconds();
    nanoseconds.rem_euclid(step) == 0 && i64::try_from(nanoseconds.div_euclid(step)).is_ok()
}

/// A number as a value of a type of exact numbers, if it is one.
pub(super) fn number<'a>(of: Decimal, data_type: &DataType) -> Option<Cow<'a, Value>> {
    match data_type {
        DataType::Integer { .. } => fitted(Cow::Owned(Value::Integer(rescaled(of, 0)?)), data_type),
        DataType::Decimal { precision, scale } => {
            let unscaled = rescaled(of, *scale)?;
            let fits = unscaled.unsigned_abs() < 10_u128.checked_pow(u32::from(*precision))?;
            fits.then_some(Cow::Owned(Value::Decimal(Decimal { unscaled, scale: *scale })))
        }
        _ => None,
    }
}

pub(super) fn exact(value: &Value) -> Option<Decimal> {
    match value {
        Value::Integer(unscaled) => Some(Decimal { unscaled: *unscaled, scale: 0 }),
        Value::Decimal(decimal) => Some(*decimal),
        _ => None,
    }
}

/// The digits of a number with so many of them behind the point, if it needs no more.
pub(super) fn rescaled(of: Decimal, scale: u8) -> Option<i128> {
    of.floor_to(scale).and_then(|(unscaled, exact)| exact.then_some(unscaled))
}

/// The place of a value among those of its type, where they are counted.
pub(super) fn discrete(value: &Value) -> Option<i128> {
    match value {
        Value::Boolean(value) => Some(i128::from(*value)),
        Value::Integer(value) => Some(*value),
        Value::Date(days) => Some(i128::from(*days)),
        _ => None,
    }
}

/// The least and the greatest value of a type that can hold no others.
pub(super) fn limits(data_type: &DataType) -> Option<(Value, Value)> {
    match data_type {
        DataType::Boolean => Some((Value::Boolean(false), Value::Boolean(true))),
        DataType::Integer { bits, signed } => {
            let (first, last) = integer_range(*bits, *signed);
            Some((Value::Integer(first), Value::Integer(last)))
        }
        _ => None,
    }
}

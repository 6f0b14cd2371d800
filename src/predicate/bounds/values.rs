//! Values as bounds of ranges: their order, their digits, and the types that have bounds.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::data::{DataType, Decimal, Number, TimeUnit, Value, integer_range};

pub(super) const NANOSECONDS_A_DAY: i128 = 86_400_000_000_000;

/// Compares two values, if their order is certainly that of a scan.
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

/// Returns whether ranges of a type have bounds. Those of floats have none, since statistics do not cover
/// NaN.
fn has_bounds(data_type: &DataType) -> bool {
    use DataType::{Boolean, Date, Decimal, Integer, String, Timestamp};
    matches!(data_type, Boolean | Integer { .. } | Decimal { .. } | String | Date | Timestamp { .. })
}

/// Returns whether a value cannot be a value of a type.
pub(super) fn is_foreign(value: &Value, data_type: &DataType) -> bool {
    has_bounds(data_type) && fitted(Cow::Borrowed(value), data_type).is_none()
}

/// Returns a value as a bound of a type's range, if it is a value of the type and the type has bounds.
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

/// Returns whether a time in nanoseconds is a whole number of units that 64 bits hold, as the type needs.
fn is_count(nanoseconds: i128, unit: TimeUnit) -> bool {
    let step = unit.nanoseconds();
    nanoseconds.rem_euclid(step) == 0 && i64::try_from(nanoseconds.div_euclid(step)).is_ok()
}

/// Returns a number as a value of an integer or a decimal type, if the type can hold the number.
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

/// Returns the number as a count of `10^-scale`, if that is exact.
pub(super) fn rescaled(of: Decimal, scale: u8) -> Option<i128> {
    of.floor_to(scale).and_then(|(unscaled, exact)| exact.then_some(unscaled))
}

/// Returns the position of a value among those of its type, if the type is discrete.
pub(super) fn discrete(value: &Value) -> Option<i128> {
    match value {
        Value::Boolean(value) => Some(i128::from(*value)),
        Value::Integer(value) => Some(*value),
        Value::Date(days) => Some(i128::from(*days)),
        _ => None,
    }
}

/// Returns the least and the greatest value of a type, if the type has them.
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

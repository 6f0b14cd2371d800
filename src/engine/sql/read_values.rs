//! Reads what statements select: every cell is a text, written by [`Dialect::shown`](super::Dialect::shown).

use num_bigint::BigInt;

use crate::data::{DataType, Decimal, TimeUnit, Value};

/// A cell of a result.
pub type Cell = Option<String>;

/// A cell is not what was asked for. It does not say what it is, since it may be personal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a result is not {wanted}")]
pub struct Unreadable {
    pub(super) wanted: &'static str,
}

/// Returns a value of a type.
pub(super) fn value(cell: &Cell, of: &DataType) -> Result<Value, Unreadable> {
    let Some(text) = cell else { return Ok(Value::Null) };
    let unreadable = |wanted| Unreadable { wanted };
    let integer = |wanted| text.parse::<i128>().map_err(|_| unreadable(wanted));
    match of {
        DataType::Boolean => match text.as_str() {
            "true" | "t" => Ok(Value::Boolean(true)),
            "false" | "f" => Ok(Value::Boolean(false)),
            _ => Err(unreadable("a boolean")),
        },
        DataType::Integer { .. } => Ok(Value::Integer(integer("an integer")?)),
        DataType::Float { bits: 32 } => {
            let single: f32 = text.parse().map_err(|_| unreadable("a float"))?;
            Ok(Value::float(single.into()))
        }
        DataType::Float { .. } => text.parse().map(Value::float).map_err(|_| unreadable("a double")),
        DataType::Decimal { scale, .. } => {
            let unscaled = units(text, u32::from(*scale)).and_then(|units| i128::try_from(units).ok());
            let unscaled = unscaled.ok_or_else(|| unreadable("a decimal"))?;
            Ok(Value::Decimal(Decimal { unscaled, scale: *scale }))
        }
        DataType::String => Ok(Value::String(text.clone())),
        DataType::Binary => bytes(text).map(Value::Binary).ok_or_else(|| unreadable("bytes")),
        DataType::Date => {
            let days = i32::try_from(integer("a date")?).map_err(|_| unreadable("a date"))?;
            Ok(Value::Date(days))
        }
        DataType::Time => {
            let nanoseconds = i64::try_from(integer("a time")?).map_err(|_| unreadable("a time"))?;
            Ok(Value::Time(nanoseconds))
        }
        DataType::Timestamp { unit, zone } => {
            let nanoseconds = integer("a timestamp")?;
            // Beyond, a system shows what is no time at all: its infinities.
            let most = i128::from(i64::MAX) * TimeUnit::Microseconds.nanoseconds();
            if nanoseconds % unit.nanoseconds() != 0 || nanoseconds.abs() >= most {
                return Err(unreadable("a timestamp"));
            }
            Ok(Value::Timestamp { nanoseconds, instant: zone.is_some() })
        }
        _ => Err(unreadable("a value")),
    }
}

/// Returns a number of rows, groups or keys.
pub(super) fn count(cell: &Cell) -> Result<u64, Unreadable> {
    cell.as_deref().and_then(|text| text.parse().ok()).ok_or(Unreadable { wanted: "a count" })
}

/// Returns a sum as a number of units of `10^-scale`; 0 where there was nothing to add.
pub(super) fn sum(cell: &Cell, scale: u32) -> Result<BigInt, Unreadable> {
    match cell {
        None => Ok(BigInt::default()),
        Some(text) => units(text, scale).ok_or(Unreadable { wanted: "a sum" }),
    }
}

/// Returns a written number as a number of units of `10^-scale`, if it is one.
fn units(text: &str, scale: u32) -> Option<BigInt> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let kept = usize::try_from(scale).ok()?;
    let (fraction, rest) = fraction.split_at_checked(kept).unwrap_or((fraction, ""));
    if rest.bytes().any(|digit| digit != b'0') {
        return None;
    }
    let digits = format!("{whole}{fraction:0<kept$}");
    let is_number = digits.strip_prefix('-').unwrap_or(&digits).bytes().all(|digit| digit.is_ascii_digit());
    if is_number { digits.parse().ok() } else { None }
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    if !hex.is_ascii() || !hex.len().is_multiple_of(2) {
        return None;
    }
    let pairs = (0..hex.len()).step_by(2);
    pairs.map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_exactly_or_not_at_all() {
        let read = |text: &str, of: &DataType| value(&Some(text.to_owned()), of);
        let decimal = DataType::Decimal { precision: 38, scale: 2 };
        assert_eq!(read("-1.50", &decimal), Ok(Value::Decimal(Decimal { unscaled: -150, scale: 2 })));
        assert_eq!(read("7", &decimal), Ok(Value::Decimal(Decimal { unscaled: 700, scale: 2 })));
        assert!(read("1.005", &decimal).is_err() && read("NaN", &decimal).is_err());
        assert_eq!(read("0.1", &DataType::Float { bits: 32 }), Ok(Value::float(f64::from(0.1_f32))));
        assert_eq!(read("00fF", &DataType::Binary), Ok(Value::Binary(vec![0, 255])));
        assert!(read("0", &DataType::Binary).is_err() && read("2147483648", &DataType::Date).is_err());
        assert_eq!(value(&None, &decimal), Ok(Value::Null));
        assert_eq!(sum(&Some("-0.5".to_owned()), 3), Ok(BigInt::from(-500)));
    }
}

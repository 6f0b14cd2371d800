//! A naive implementation of casts, written from their documentation.

use chrono::NaiveDate;
use karat::data::{DataType, Decimal, Float, Value};

use super::digits::{digits, ten};
use super::evaluate::{date, decimal, double, midnight};

/// Casts a value to another type. The result is null if the cast fails.
pub fn cast(value: &Value, to: &DataType) -> Value {
    match (value, to) {
        (Value::Null, _) => Value::Null,
        (value, DataType::Integer { bits, signed }) => {
            let range = if *signed { -(1_i128 << (bits - 1))..1 << (bits - 1) } else { 0..1 << bits };
            let whole = match value {
                Value::Integer(value) => Some(*value),
                Value::Decimal(Decimal { unscaled, scale }) => {
                    Some(unscaled / 10_i128.pow(u32::from(*scale)))
                }
                Value::Exact(_) => {
                    let of = digits(value).unwrap();
                    i128::try_from(of.unscaled / ten(of.scale)).ok()
                }
                // `as` would saturate, so that the range is tested first.
                Value::Float(Float(value)) if value.abs() < 1e30 => Some(value.trunc() as i128),
                Value::String(text) => whole_number(text),
                _ => None,
            };
            whole.filter(|whole| range.contains(whole)).map_or(Value::Null, Value::Integer)
        }
        (Value::String(text), DataType::Float { bits }) => {
            let parsed = if *bits == 32 { text.parse::<f32>().map(f64::from) } else { text.parse() };
            parsed.map_or(Value::Null, Value::float)
        }
        (Value::Integer(value), DataType::Float { bits: 32 }) => Value::float(f64::from(*value as f32)),
        (value, DataType::Float { bits: 32 }) => Value::float(f64::from(double(value) as f32)),
        (value, DataType::Float { .. }) => Value::float(double(value)),
        (Value::Integer(value), DataType::Decimal { precision, scale }) => {
            let most = 10_i128.pow(u32::from(precision - scale));
            if value.abs() < most {
                decimal(value * 10_i128.pow(u32::from(*scale)), *scale)
            } else {
                Value::Null
            }
        }
        (Value::Boolean(value), DataType::String) => Value::String(value.to_string()),
        (Value::Integer(value), DataType::String) => Value::String(value.to_string()),
        // Only a product of integers is such a number here.
        (Value::Exact(_), DataType::String) => {
            let of = digits(value).filter(|of| of.scale == 0).unwrap();
            Value::String(of.unscaled.to_string())
        }
        (Value::Date(days), DataType::String) => {
            // Years of more than four digits are written with a sign.
            Value::String(date(*days).to_string())
        }
        (Value::String(text), DataType::Date) => iso_date(text).map_or(Value::Null, Value::Date),
        (Value::Timestamp { nanoseconds, .. }, DataType::Date) => {
            Value::Date(i32::try_from(nanoseconds.div_euclid(86_400_000_000_000)).unwrap())
        }
        (Value::Timestamp { nanoseconds, .. }, DataType::Timestamp { unit, zone }) => Value::Timestamp {
            nanoseconds: nanoseconds.div_euclid(unit.nanoseconds()) * unit.nanoseconds(),
            instant: zone.is_some(),
        },
        (Value::Date(days), DataType::Timestamp { .. }) => {
            Value::Timestamp { nanoseconds: midnight(*days), instant: false }
        }
        (same, _) => same.clone(),
    }
}

/// Parses an optional sign followed by digits only.
fn whole_number(text: &str) -> Option<i128> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        None
    } else {
        text.parse().ok()
    }
}

/// Parses a date of four, two and two digits only.
fn iso_date(text: &str) -> Option<i32> {
    let bytes = text.as_bytes();
    let shape = bytes.len() == 10
        && bytes
            .iter()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { *byte == b'-' } else { byte.is_ascii_digit() });
    let part = |from: usize, to: usize| text[from..to].parse::<u32>().unwrap();
    let date = shape.then(|| NaiveDate::from_ymd_opt(part(0, 4).cast_signed(), part(5, 7), part(8, 10)));
    date.flatten().map(|date| date.to_epoch_days())
}

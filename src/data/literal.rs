//! Literals of a suite, and how they bind to a type.

use std::fmt;

use chrono::{NaiveTime, Timelike as _};

use super::clock::{date_text, is_on_the_clock, timestamp_text};
use super::numeral::{Floor, Numeral};
use super::{DataType, Decimal, Moment, Value};
use crate::document::Scalar;

/// A literal that is not bound to a type yet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Literal {
    /// A null.
    Null,
    /// `true` or `false` in SQL.
    Boolean(bool),
    /// A number in SQL.
    Number(String),
    /// Quoted text.
    Text(String),
    /// Text after a keyword of SQL: `DATE '2026-01-31'`.
    Moment(Moment, String),
    /// A plain scalar of YAML or JSON, whose meaning depends on the column's type.
    Plain(String),
}

/// A literal that is bound to a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The value; if not exact, the greatest value of the type below the literal, or null if there is none.
    pub value: Value,
    /// True if the type can hold the literal itself.
    pub exact: bool,
}

/// The reason why a literal cannot be bound to a type, as a lower-case fragment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct LiteralError {
    /// The literal and the type.
    pub message: String,
    /// A way to correct the literal.
    pub help: Option<String>,
}

impl Literal {
    /// Returns the literal that a scalar of a suite denotes.
    #[must_use]
    pub fn from_scalar(scalar: &Scalar) -> Self {
        if scalar.is_null() {
            Self::Null
        } else if scalar.quoted {
            Self::Text(scalar.text.clone())
        } else {
            Self::Plain(scalar.text.clone())
        }
    }

    /// Returns the value of the type that equals this literal.
    ///
    /// # Errors
    /// The literal does not fit the type, its range or its scale.
    pub fn bind(&self, data_type: &DataType) -> Result<Value, LiteralError> {
        let bound = self.bind_below(data_type)?;
        if bound.exact { Ok(bound.value) } else { Err(self.misfit(data_type, Some(none_equals(data_type)))) }
    }

    /// Returns the value of the type that equals this literal; `None` if the literal is of the type's kind,
    /// but out of its range or between two of its values.
    ///
    /// # Errors
    /// The literal is of another kind than the type.
    pub fn member(&self, data_type: &DataType) -> Result<Option<Value>, LiteralError> {
        let bound = self.bind_below(data_type)?;
        Ok(bound.exact.then_some(bound.value))
    }

    /// Returns the value of this literal for comparisons with values of the type; it need not be a value of
    /// the type.
    ///
    /// # Errors
    /// The literal is of another kind than the type.
    pub fn beside(&self, data_type: &DataType) -> Result<Value, LiteralError> {
        let bound = self.bind_below(data_type)?;
        let text = match self {
            Self::Plain(text) | Self::Number(text) | Self::Text(text) if !bound.exact => text,
            _ => return Ok(bound.value),
        };
        let between = match data_type {
            DataType::Timestamp { zone, .. } => timestamp_text(text, zone.is_some())
                .map(|nanoseconds| Value::Timestamp { nanoseconds, instant: zone.is_some() }),
            _ => integer_text(text).map(Value::Decimal).or_else(|| float_text(text).map(Value::float)),
        };
        between.ok_or_else(|| self.misfit(data_type, None))
    }

    /// Returns whether the literal is a number in decimal, hexadecimal or octal notation.
    #[must_use]
    pub fn is_numeral(&self) -> bool {
        matches!(self, Self::Plain(text) | Self::Number(text) if Numeral::parse(text).is_some())
    }

    /// Returns the value of the type that equals this literal, or the greatest value below. For a float type,
    /// a number within its range binds to the nearest float.
    ///
    /// # Errors
    /// The literal is of another kind than the type.
    pub fn bind_below(&self, data_type: &DataType) -> Result<Bound, LiteralError> {
        let exact = |value| Ok(Bound { value, exact: true });
        match (self, data_type) {
            (Self::Null, _) => exact(Value::Null),
            (Self::Moment(moment, text), _) => {
                moment.bind_below(text, data_type).ok_or_else(|| self.misfit(data_type, None))
            }
            (Self::Boolean(value), DataType::Boolean) => exact(Value::Boolean(*value)),
            (Self::Plain(text), DataType::Boolean) => match text.as_str() {
                "true" | "True" | "TRUE" => exact(Value::Boolean(true)),
                "false" | "False" | "FALSE" => exact(Value::Boolean(false)),
                _ => Err(self.misfit(data_type, None)),
            },
            (Self::Text(text) | Self::Plain(text), DataType::String) => exact(Value::String(text.clone())),
            (Self::Number(text) | Self::Plain(text), DataType::Integer { bits, signed }) => {
                let (least, most) = integer_range(*bits, *signed);
                let floor = floor_of(text, 0).ok_or_else(|| self.misfit(data_type, None))?;
                Ok(counted(floor, least, most, Value::Integer))
            }
            (
                Self::Number(text) | Self::Plain(text) | Self::Text(text),
                DataType::Decimal { precision, scale },
            ) => {
                let floor = floor_of(text, *scale).ok_or_else(|| self.misfit(data_type, None))?;
                let most = 10_i128.checked_pow(u32::from(*precision)).map_or(i128::MAX, |most| most - 1);
                let value = |unscaled| Value::Decimal(Decimal { unscaled, scale: *scale });
                Ok(counted(floor, -most, most, value))
            }
            (Self::Number(text) | Self::Plain(text), DataType::Float { bits }) => {
                let value = float_text(text).ok_or_else(|| self.misfit(data_type, None))?;
                Ok(float_below(text, value, *bits))
            }
            (Self::Text(text) | Self::Plain(text), DataType::Date) => {
                let days = date_text(text)
                    .ok_or_else(|| self.misfit(data_type, Some("dates are written 2026-01-31".to_owned())))?;
                Ok(whole_days(days, true))
            }
            (Self::Text(text) | Self::Plain(text), DataType::Time) => {
                let time =
                    text.parse::<NaiveTime>().ok().filter(|time| is_on_the_clock(text, time)).ok_or_else(
                        || self.misfit(data_type, Some("times are written 23:59:59".to_owned())),
                    )?;
                exact(Value::Time(
                    i64::from(time.num_seconds_from_midnight()) * 1_000_000_000
                        + i64::from(time.nanosecond()),
                ))
            }
            (Self::Text(text) | Self::Plain(text), DataType::Timestamp { unit, zone }) => {
                let help = if zone.is_some() { "2026-01-31T10:00:00Z" } else { "2026-01-31T10:00:00" };
                let nanoseconds = timestamp_text(text, zone.is_some()).ok_or_else(|| {
                    self.misfit(data_type, Some(format!("timestamps here are written {help}")))
                })?;
                let step = unit.nanoseconds();
                let count = nanoseconds.div_euclid(step);
                let rest = nanoseconds.rem_euclid(step);
                let floor = Floor::At { unscaled: count, exact: rest == 0 };
                let instant = zone.is_some();
                let value = |count| Value::Timestamp { nanoseconds: count * step, instant };
                Ok(counted(floor, i64::MIN.into(), i64::MAX.into(), value))
            }
            _ => Err(self.misfit(data_type, None)),
        }
    }

    /// Returns the value of the type that equals this literal under Python's rules: a text never equals a
    /// number or a boolean, a number equals any number of the same value, and true is 1.
    #[must_use]
    pub fn equal_value(&self, data_type: &DataType) -> Option<Value> {
        match data_type {
            DataType::Boolean if self.is_numeral() => {
                let number = self.member(&DataType::INT64).ok().flatten();
                return match number {
                    Some(Value::Integer(number @ (0 | 1))) => Some(Value::Boolean(number == 1)),
                    _ => None,
                };
            }
            numeric if numeric.is_numeric() => {
                if let Ok(Value::Boolean(value)) = self.bind(&DataType::Boolean) {
                    let number = Self::Number(u8::from(value).to_string());
                    return number.member(data_type).ok().flatten();
                }
            }
            _ => {}
        }
        let comparable = match (self, data_type) {
            (Self::Text(_), other) => !other.is_numeric(),
            (Self::Plain(text), DataType::String) => {
                self.natural_type() == DataType::String && !matches!(text.as_str(), "true" | "false")
            }
            _ => true,
        };
        if comparable { self.member(data_type).ok().flatten() } else { None }
    }

    /// Returns the type of a literal if no other value determines one.
    #[must_use]
    pub fn natural_type(&self) -> DataType {
        match self {
            Self::Null => DataType::Null,
            Self::Boolean(_) => DataType::Boolean,
            Self::Text(_) => DataType::String,
            Self::Moment(moment, text) => moment.natural_type(text),
            Self::Number(text) | Self::Plain(text) => match Decimal::parse(text) {
                Some(_) if text.contains(['e', 'E']) => DataType::FLOAT64,
                Some(Decimal { scale: 0, unscaled }) if i64::try_from(unscaled).is_ok() => DataType::INT64,
                Some(Decimal { scale, .. }) if scale <= 38 => DataType::Decimal { precision: 38, scale },
                _ if float_text(text).is_some() => DataType::FLOAT64,
                _ => DataType::String,
            },
        }
    }

    fn misfit(&self, data_type: &DataType, help: Option<String>) -> LiteralError {
        let help = help.or_else(|| match (self, data_type) {
            (Self::Text(text), _) if Self::Plain(text.clone()).bind(data_type).is_ok() => {
                Some("without quotes it would".to_owned())
            }
            (Self::Number(_) | Self::Boolean(_), DataType::String) => Some("put it in quotes".to_owned()),
            (Self::Moment(moment, text), DataType::String) => Some(moment.beside_text(text)),
            (Self::Plain(text) | Self::Text(text), _)
                if data_type.is_numeric() && Decimal::parse(text).is_none() =>
            {
                Some("a number is written 1500 or 0.5".to_owned())
            }
            (Self::Plain(_) | Self::Text(_), DataType::Boolean) => {
                Some("a boolean is true or false".to_owned())
            }
            _ => None,
        });
        LiteralError { message: format!("{self} does not fit the type {data_type}"), help }
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("NULL"),
            Self::Boolean(value) => write!(f, "{}", if *value { "TRUE" } else { "FALSE" }),
            Self::Number(text) | Self::Plain(text) => f.write_str(text),
            Self::Text(text) => write!(f, "'{}'", text.replace('\'', "''")),
            Self::Moment(moment, text) => write!(f, "{} {}", moment.keyword(), Self::Text(text.clone())),
        }
    }
}

/// Parses decimal notation, or the hexadecimal and octal notations of YAML's core schema.
fn integer_text(text: &str) -> Option<Decimal> {
    let radix = |digits, radix| {
        i128::from_str_radix(digits, radix).ok().map(|unscaled| Decimal { unscaled, scale: 0 })
    };
    match text.get(..2) {
        Some("0x") => radix(&text[2..], 16),
        Some("0o") => radix(&text[2..], 8),
        _ => Decimal::parse(text),
    }
}

fn float_text(text: &str) -> Option<f64> {
    match text {
        ".nan" | ".NaN" | ".NAN" | "NaN" => Some(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "Infinity" => Some(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" | "-Infinity" => Some(f64::NEG_INFINITY),
        _ if text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b)) => text.parse().ok(),
        _ => None,
    }
}

/// Rounds a number down to `scale` digits after the point; the infinities are beyond every number.
fn floor_of(text: &str, scale: u8) -> Option<Floor> {
    match float_text(text) {
        Some(value) if value.is_infinite() && !text.contains(|c: char| c.is_ascii_digit()) => {
            Some(if value > 0.0 { Floor::Above } else { Floor::Below })
        }
        _ => Numeral::parse(text).map(|number| number.floor_to(scale)),
    }
}

/// Binds a rounded number to the values from `least` to `most`.
fn counted(floor: Floor, least: i128, most: i128, value: impl Fn(i128) -> Value) -> Bound {
    match floor {
        Floor::At { unscaled, exact } if (least..=most).contains(&unscaled) => {
            Bound { value: value(unscaled), exact }
        }
        Floor::At { unscaled, .. } if unscaled > most => Bound { value: value(most), exact: false },
        Floor::Above => Bound { value: value(most), exact: false },
        Floor::Below | Floor::At { .. } => Bound { value: Value::Null, exact: false },
    }
}

/// Binds a number of days since 1970 to dates; `exact` is true if the literal is that day's midnight.
pub(super) fn whole_days(days: i64, exact: bool) -> Bound {
    let day = |day: i32| Bound { value: Value::Date(day), exact };
    match i32::try_from(days) {
        Ok(days) => day(days),
        Err(_) if days > 0 => Bound { exact: false, ..day(i32::MAX) },
        Err(_) => Bound { value: Value::Null, exact: false },
    }
}

/// Binds a number to the floats of a width: to the nearest one, or to the greatest one below if the number
/// overflows.
fn float_below(text: &str, value: f64, bits: u8) -> Bound {
    let nearest = rounded(value, bits);
    if nearest.is_infinite() && text.contains(|c: char| c.is_ascii_digit()) {
        let greatest = if bits == 32 { f64::from(f32::MAX) } else { f64::MAX };
        return Bound {
            value: Value::float(if nearest > 0.0 { greatest } else { f64::NEG_INFINITY }),
            exact: false,
        };
    }
    Bound { value: Value::float(nearest), exact: true }
}

fn none_equals(data_type: &DataType) -> String {
    match data_type {
        DataType::Integer { bits, signed } => {
            let (least, most) = integer_range(*bits, *signed);
            format!("{data_type} holds whole numbers from {least} to {most}")
        }
        other => format!("no value of {other} equals it"),
    }
}

/// Rounds a double to the precision of a width.
fn rounded(value: f64, bits: u8) -> f64 {
    if bits == 32 { single(value) } else { value }
}

/// Rounds a double to single precision, as a 32-bit column would hold it.
#[expect(clippy::cast_possible_truncation, reason = "rounding to single precision is the purpose")]
fn single(value: f64) -> f64 {
    f64::from(value as f32)
}

/// Returns the least and the greatest integer of a width.
pub(crate) fn integer_range(bits: u8, signed: bool) -> (i128, i128) {
    match (bits, signed) {
        (128.., _) => (i128::MIN, i128::MAX),
        (bits, true) => (-(1_i128 << (bits - 1)), (1_i128 << (bits - 1)) - 1),
        (bits, false) => (0, (1_i128 << bits) - 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::TimeUnit;

    fn plain(text: &str, data_type: &DataType) -> Result<String, String> {
        Literal::Plain(text.into())
            .bind(data_type)
            .map(|value| value.to_string())
            .map_err(|error| error.message)
    }

    #[test]
    fn the_type_decides_what_a_plain_scalar_is() {
        let decimal = DataType::Decimal { precision: 10, scale: 2 };
        for text in ["01", "NO", "1e3", "12345678901234567890", "1.50"] {
            assert_eq!(plain(text, &DataType::String).as_deref(), Ok(text));
        }
        assert_eq!(plain("01", &DataType::INT64).as_deref(), Ok("1"));
        assert_eq!(plain("1e3", &DataType::INT64).as_deref(), Ok("1000"));
        assert_eq!(plain("1.5", &decimal).as_deref(), Ok("1.50"));
        assert!(plain("NO", &DataType::INT64).is_err());
        assert!(plain("NO", &DataType::Boolean).is_err());
        assert!(plain("1.505", &decimal).is_err());
        assert!(plain("12345678901234567890", &DataType::INT64).unwrap_err().contains("does not fit"));
        assert!(plain("12345678901234567890", &DataType::Integer { bits: 64, signed: false }).is_ok());
        assert!(Literal::Text("1".into()).bind(&DataType::INT64).is_err());
    }

    #[test]
    fn values_of_other_types_are_unequal() {
        let equal = |literal: Literal, data_type: &DataType| {
            literal.equal_value(data_type).map(|value| value.to_string())
        };
        let plain = |text: &str| Literal::Plain(text.into());
        let text = |text: &str| Literal::Text(text.into());
        assert_eq!(equal(plain("1.0"), &DataType::INT64).as_deref(), Some("1"));
        assert_eq!(equal(plain("O"), &DataType::String).as_deref(), Some("O"));
        assert_eq!(equal(text("2020-01-01"), &DataType::Date).as_deref(), Some("2020-01-01"));
        assert_eq!(equal(plain("true"), &DataType::INT64).as_deref(), Some("1"));
        assert_eq!(equal(plain("0.0"), &DataType::Boolean).as_deref(), Some("false"));
        let decimal = DataType::Decimal { precision: 10, scale: 2 };
        for (literal, data_type) in [
            (plain("1.5"), DataType::INT64),
            (text("1"), DataType::INT64),
            (text("1.5"), decimal),
            (plain("1"), DataType::String),
            (plain("true"), DataType::String),
            (text("soon"), DataType::Date),
            (plain("2"), DataType::Boolean),
            (text("1"), DataType::Boolean),
            (plain("1000"), DataType::Integer { bits: 8, signed: true }),
        ] {
            assert_eq!(equal(literal.clone(), &data_type), None, "{literal}: {data_type}");
        }
    }

    #[test]
    fn a_bound_between_two_values_is_the_one_below() {
        let bound = |text: &str| Literal::Plain(text.into()).bind_below(&DataType::INT64).unwrap();
        assert_eq!(bound("66.6"), Bound { value: Value::Integer(66), exact: false });
        assert_eq!(bound("-66.6"), Bound { value: Value::Integer(-67), exact: false });
        assert_eq!(bound("66.0"), Bound { value: Value::Integer(66), exact: true });
    }

    #[test]
    fn timestamps_are_instants_or_wall_clock() {
        let zoned = DataType::Timestamp { unit: TimeUnit::Microseconds, zone: Some("UTC".into()) };
        let naive = DataType::Timestamp { unit: TimeUnit::Microseconds, zone: None };
        assert_eq!(plain("2026-01-31T11:00:00+01:00", &zoned).as_deref(), Ok("2026-01-31T10:00:00Z"));
        assert_eq!(plain("2026-01-31", &naive).as_deref(), Ok("2026-01-31T00:00:00"));
        assert!(plain("2026-01-31T11:00:00Z", &naive).is_err());
        let ten = Ok("2026-01-31T10:00:00Z");
        for offset in ["+01:00", "+0100", "+01", "+01:00"] {
            for text in [format!("2026-01-31T11:00:00{offset}"), format!("2026-01-31 11:00:00.000{offset}")] {
                assert_eq!(plain(&text, &zoned).as_deref(), ten, "{text}");
                assert!(plain(&text, &naive).is_err(), "{text}");
            }
        }
        for text in [
            "2026-01-31T04:30:00-0530",
            "2026-01-31 10:00Z",
            "2026-01-31 10:00:00 UTC",
            "2026-01-31T10:00:00+00",
        ] {
            assert_eq!(plain(text, &zoned).as_deref(), ten, "{text}");
        }
        for offset in ["+1", "+24", "+01:60", "+0a", "+010", "+01:0", "++1", "+01:00:00", "+", "é+01"] {
            assert!(plain(&format!("2026-01-31T11:00:00{offset}"), &zoned).is_err(), "{offset}");
        }
    }

    #[test]
    fn what_no_clock_shows_is_no_time() {
        let zoned = DataType::Timestamp { unit: TimeUnit::Nanoseconds, zone: Some("UTC".into()) };
        let naive = DataType::Timestamp { unit: TimeUnit::Nanoseconds, zone: None };
        for time in ["12:34:60", "23:59:60", "12:34:60.5", "12:34:61", "24:00:00", "12:34:56.1234567891"] {
            assert!(plain(time, &DataType::Time).is_err(), "{time}");
            for (text, data_type) in [
                (format!("2026-05-05T{time}Z"), &zoned),
                (format!("2026-05-05 {time}+02"), &zoned),
                (format!("2026-05-05 {time}"), &naive),
            ] {
                assert!(plain(&text, data_type).is_err(), "{text}");
            }
        }
        assert!(plain("12:34:56.1234567890", &DataType::Time).is_ok());
    }
}

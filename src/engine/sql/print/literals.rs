//! Prints literals. Each says its type, so that no system guesses one.

use chrono::{DateTime, Datelike as _, NaiveDate};

use super::printer::{Printed, Printer};
use crate::data::{DataType, Float, Value};

impl Printer<'_> {
    /// Prints a text in quotes.
    pub(super) fn text(&self, text: &str) -> Printed {
        if text.contains('\0') {
            return Err(self.refuse("a text with a NUL cannot be written"));
        }
        if !self.dialect.can_write(text) {
            return Err(self.refuse("a text with a backslash, or with a blank at its end, is read otherwise"));
        }
        let name = self.type_name(&DataType::String)?;
        Ok(format!("CAST({} AS {name})", self.dialect.text(text)))
    }

    /// Prints a value of a type.
    pub(in crate::engine::sql) fn literal(&self, value: &Value, data_type: &DataType) -> Printed {
        let written = match value {
            Value::Null => {
                let name = match data_type {
                    DataType::Null => self.type_name(&DataType::Boolean)?,
                    other => self.type_name(other)?,
                };
                return Ok(format!("CAST(NULL AS {name})"));
            }
            Value::Boolean(true) => return Ok("TRUE".to_owned()),
            Value::Boolean(false) => return Ok("FALSE".to_owned()),
            Value::String(text) => return self.text(text),
            Value::Binary(bytes) => return Ok(self.dialect.bytes(bytes)),
            Value::Integer(_) | Value::Decimal(_) => value.to_string(),
            Value::Exact(number) if self.dialect.has_unlimited_decimals() && number.digits().is_some() => {
                number.to_string()
            }
            Value::Float(Float(number)) => match data_type {
                // A double that becomes a float of single precision is rounded once, as everywhere.
                DataType::Float { bits: 32 } if number.is_finite() => {
                    #[expect(clippy::cast_possible_truncation, reason = "the literal is of single precision")]
                    let single = *number as f32;
                    format!("{single:e}")
                }
                _ if number.is_nan() => "NaN".to_owned(),
                _ if number.is_infinite() && *number > 0.0 => "Infinity".to_owned(),
                _ if number.is_infinite() => "-Infinity".to_owned(),
                // The two zeros are one.
                _ => format!("{:e}", number + 0.0),
            },
            Value::Date(days) => NaiveDate::from_epoch_days(*days)
                .filter(|date| (1..=9999).contains(&date.year()))
                .map(|date| date.to_string())
                .ok_or_else(|| self.refuse("a date beyond the years 1 to 9999 cannot be written"))?,
            Value::Time(nanoseconds) if nanoseconds % 1_000 == 0 => value.to_string(),
            Value::Timestamp { nanoseconds, .. } => self.moment(*nanoseconds, data_type)?,
            _ => return Err(self.refuse(&format!("a value of the type {data_type} cannot be written"))),
        };
        Ok(format!("CAST('{written}' AS {})", self.type_name(data_type)?))
    }

    /// Returns a time on the wall clock of UTC in the unit of its type.
    fn moment(&self, nanoseconds: i128, data_type: &DataType) -> Printed {
        let beyond = || {
            self.refuse("a time beyond the years 1 to 9999, or finer than a nanosecond, cannot be written")
        };
        let DataType::Timestamp { unit, .. } = data_type else { return Err(beyond()) };
        let nanoseconds = nanoseconds.div_euclid(unit.nanoseconds()) * unit.nanoseconds();
        let seconds = i64::try_from(nanoseconds.div_euclid(1_000_000_000)).map_err(|_| beyond())?;
        let rest = u32::try_from(nanoseconds.rem_euclid(1_000_000_000)).map_err(|_| beyond())?;
        let time = DateTime::from_timestamp(seconds, rest).ok_or_else(beyond)?.naive_utc();
        if !(1..=9999).contains(&time.year()) {
            return Err(beyond());
        }
        Ok(time.format("%Y-%m-%d %H:%M:%S%.f").to_string())
    }
}

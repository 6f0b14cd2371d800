//! Typed literals of SQL: `DATE '2026-01-31'`.

use super::clock::timestamp_text;
use super::literal::whole_days;
use super::{Bound, DataType, Literal, TimeUnit};

const NANOSECONDS_A_DAY: i128 = 86_400_000_000_000;

/// The keyword before the text of a typed literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Moment {
    /// `DATE`
    Date,
    /// `TIME`
    Time,
    /// `TIMESTAMP`
    Timestamp,
}

impl Moment {
    /// Returns the keyword in SQL.
    #[must_use]
    pub const fn keyword(self) -> &'static str {
        match self {
            Self::Date => "DATE",
            Self::Time => "TIME",
            Self::Timestamp => "TIMESTAMP",
        }
    }

    /// Binds the literal to a type: to the value that equals it, or to the greatest one below. A date stands
    /// for its midnight, whether the literal is the date or the type is.
    pub(super) fn bind_below(self, text: &str, data_type: &DataType) -> Option<Bound> {
        let read = |as_type: &DataType| Literal::Text(text.to_owned()).bind_below(as_type).ok();
        match (self, data_type) {
            (Self::Date, DataType::Date) | (Self::Time, DataType::Time) => read(data_type),
            (Self::Timestamp, DataType::Timestamp { .. }) => read(data_type),
            (Self::Date, DataType::Timestamp { .. }) => {
                read(&DataType::Date)?;
                read(data_type)
            }
            (Self::Timestamp, DataType::Date) => {
                let nanoseconds = timestamp_text(text, false)?;
                let days = i64::try_from(nanoseconds.div_euclid(NANOSECONDS_A_DAY)).ok()?;
                Some(whole_days(days, nanoseconds.rem_euclid(NANOSECONDS_A_DAY) == 0))
            }
            _ => None,
        }
    }

    /// Returns the type of the literal if no other value determines one: a timestamp with an offset is an
    /// instant.
    pub(super) fn natural_type(self, text: &str) -> DataType {
        match self {
            Self::Date => DataType::Date,
            Self::Time => DataType::Time,
            Self::Timestamp if self.bind_below(text, &wall_clock()).is_some() => wall_clock(),
            Self::Timestamp => {
                DataType::Timestamp { unit: TimeUnit::Microseconds, zone: Some("UTC".to_owned()) }
            }
        }
    }

    /// Returns the help for a typed literal that is compared with a text.
    pub(super) fn beside_text(self, text: &str) -> String {
        let quoted = format!("{} alone compares text", Literal::Text(text.to_owned()));
        match self {
            Self::Date => format!("CAST(… AS date) reads dates; {quoted}"),
            Self::Time | Self::Timestamp => quoted,
        }
    }
}

fn wall_clock() -> DataType {
    DataType::Timestamp { unit: TimeUnit::Microseconds, zone: None }
}

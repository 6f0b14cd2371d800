//! What texts may be read as, all of them, without losing anything.

use chrono::NaiveDate;

use crate::data::{DataType, Decimal, Literal, TimeUnit};

/// The types that every text seen so far can be read as, and be written from as it was.
#[derive(Clone, Copy, Debug)]
pub(super) struct Texts {
    whole: bool,
    number: bool,
    boolean: bool,
    date: bool,
    instant: bool,
    wall_clock: bool,
}

impl Texts {
    /// What fields of CSV may be.
    pub(super) const FIELDS: Self =
        Self { whole: true, number: true, boolean: true, date: true, instant: true, wall_clock: true };
    /// What strings of JSON may be, which has numbers and booleans of its own.
    pub(super) const STRINGS: Self = Self { whole: false, number: false, boolean: false, ..Self::FIELDS };

    /// Takes in one more text.
    pub(super) fn see(&mut self, text: &str) {
        self.whole = self.whole && is_whole(text);
        self.number = self.number && is_number(text);
        self.boolean = self.boolean && matches!(text, "true" | "false" | "True" | "False" | "TRUE" | "FALSE");
        self.date = self.date && is_date(text);
        self.instant = self.instant && has_offset(text) && is_exact(text, &timestamp(true));
        self.wall_clock = self.wall_clock && is_date_and(text) && is_exact(text, &timestamp(false));
    }

    /// What they are.
    pub(super) fn data_type(self) -> DataType {
        let found = [
            (self.whole, DataType::INT64),
            (self.number, DataType::FLOAT64),
            (self.boolean, DataType::Boolean),
            (self.date, DataType::Date),
            (self.instant, timestamp(true)),
            (self.wall_clock, timestamp(false)),
        ];
        found.into_iter().find(|(fits, _)| *fits).map_or(DataType::String, |(_, data_type)| data_type)
    }
}

fn timestamp(instant: bool) -> DataType {
    DataType::Timestamp { unit: TimeUnit::Microseconds, zone: instant.then(|| "UTC".to_owned()) }
}

/// `-17`, but not `017`, `-0` or `+17`, which would not be written so.
fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    text != "-0" && is_integral(digits) && text.parse::<i64>().is_ok()
}

fn is_integral(digits: &str) -> bool {
    digits.bytes().all(|b| b.is_ascii_digit())
        && (digits.len() == 1 || !digits.starts_with('0'))
        && !digits.is_empty()
}

/// `1.50` or `2e-7`: a number that a double tells from all others of as many digits.
fn is_number(text: &str) -> bool {
    const EXACT_DIGITS: usize = 15;
    if matches!(text, "NaN" | "Infinity" | "-Infinity") {
        return true;
    }
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if !is_integral(whole) || !all_digits(fraction) || !all_digits(exponent) {
        return false;
    }
    let Some(value) = text.parse::<f64>().ok().filter(|value| value.is_finite()) else { return false };
    mantissa.len() <= EXACT_DIGITS
        || Decimal::parse(text).is_some_and(|exact| Decimal::parse(&value.to_string()) == Some(exact))
}

/// `2026-01-31`
fn is_date(text: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    text.len() == 10
        && text.is_ascii()
        && (&text[4..5], &text[7..8]) == ("-", "-")
        && digits(&text[..4])
        && digits(&text[5..7])
        && digits(&text[8..])
        && text.parse::<NaiveDate>().is_ok()
}

/// A date and something behind it.
fn is_date_and(text: &str) -> bool {
    text.len() > 11 && text.get(..10).is_some_and(is_date)
}

fn has_offset(text: &str) -> bool {
    is_date_and(text) && (text.ends_with('Z') || text[10..].contains(['+', '-']))
}

fn is_exact(text: &str, data_type: &DataType) -> bool {
    Literal::Plain(text.to_owned()).bind(data_type).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(texts: &[&str]) -> String {
        let mut seen = Texts::FIELDS;
        for text in texts {
            seen.see(text);
        }
        seen.data_type().to_string()
    }

    #[test]
    fn texts_have_a_type_only_when_that_loses_nothing() {
        assert_eq!(read(&["1", "-20"]), "int64");
        for text in ["01", "+1", " 1", "1 ", "", "1_000", "0x1", "12345678901234567890", "1.", ".5", "٣"] {
            assert_eq!(read(&["1", text]), "string", "{text}");
        }
        assert_eq!(read(&["1", "2.50", "-1e-7", "NaN", "-0"]), "float64");
        assert_eq!(read(&["0.1234567890123456789"]), "string");
        assert_eq!(read(&["0.30000000000000004"]), "float64");
        assert_eq!(read(&["1e400"]), "string");
        assert_eq!(read(&["9007199254740993", "0.5"]), "string");
        assert_eq!(read(&["true", "False"]), "boolean");
        assert_eq!(read(&["true", "1"]), "string");
        assert_eq!(read(&["2026-01-31"]), "date");
        assert_eq!(read(&["2026-02-30"]), "string");
        assert_eq!(read(&["2026-01-31T10:00:00Z", "2026-01-31T10:00:00.5+01:00"]), "timestamp");
        assert_eq!(read(&["2026-01-31 10:00:00"]), "timestamp_ntz");
        assert_eq!(read(&["2026-01-31 10:00:00", "2026-01-31T10:00:00Z"]), "string");
        assert_eq!(read(&["2026-01-31T10:00:00.1234567Z"]), "string");
    }
}

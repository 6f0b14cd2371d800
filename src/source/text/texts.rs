//! Finds the type to which all texts of a column convert without loss.

use chrono::NaiveDate;

use super::kind_counts::KindCounts;
use super::numbers::{Numbers, is_number, is_phone};
use crate::data::{DataType, Literal, TimeUnit};

/// The rules for reading the texts of a dataset.
#[derive(Clone, Debug, Default)]
pub(crate) struct TextRules {
    /// True if texts may also be numbers and booleans, as in CSV; JSON has its own.
    pub(crate) may_be_all: bool,
    /// The texts that stand for NaN, in addition to `NaN`.
    pub(crate) nan: Vec<String>,
    /// The texts that stand for infinity, with or without a sign, in addition to `Infinity`.
    pub(crate) infinity: Vec<String>,
}

/// The file of a value, and the line where its row begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) file: &'a str,
    pub(crate) line: u64,
}

impl TextRules {
    /// Returns the usual spelling of a text that stands for NaN or infinity, and any other text unchanged.
    pub(crate) fn usual<'a>(&self, text: &'a str) -> &'a str {
        let is_of = |texts: &[String], text: &str| texts.iter().any(|of| of == text);
        if is_of(&self.nan, text) {
            return "NaN";
        }
        let negative = text.starts_with('-');
        if is_of(&self.infinity, text.strip_prefix(['-', '+']).unwrap_or(text)) {
            return if negative { "-Infinity" } else { "Infinity" };
        }
        text
    }
}

/// The types to which every text seen so far converts without loss.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts {
    /// The properties of the texts that are numbers.
    numbers: Numbers,
    /// Number of texts of each kind, to find columns most of whose texts are of one.
    kinds: KindCounts,
    no_numbers: bool,
    no_booleans: bool,
    no_dates: bool,
    no_instants: bool,
    no_wall_clock: bool,
    /// True if some text is no phone number.
    no_phones: bool,
}

impl Texts {
    /// Adds a text.
    pub(crate) fn add(&mut self, text: &str, rules: &TextRules, place: Place<'_>) {
        if rules.may_be_all {
            self.add_number(rules.usual(text), text, place);
            self.no_booleans |= !matches!(text, "true" | "false" | "True" | "False" | "TRUE" | "FALSE");
        } else {
            (self.no_numbers, self.no_booleans) = (true, true);
        }
        let date = is_date(text);
        self.no_dates |= !date;
        self.kinds.dates.add(date, self.no_dates, text, place);
        let (instant, wall_clock) = if is_date_and(text) {
            (has_offset(text) && is_exact(text, &timestamp(true)), is_exact(text, &timestamp(false)))
        } else {
            (false, false)
        };
        self.no_instants |= !instant;
        self.no_wall_clock |= !wall_clock;
        self.kinds.instants.add(instant, self.no_instants, text, place);
        self.kinds.wall_clock.add(wall_clock, self.no_wall_clock, text, place);
        self.kinds.texts += 1;
    }

    fn add_number(&mut self, usual: &str, text: &str, place: Place<'_>) {
        match self.numbers.with(usual) {
            Some(numbers) => self.numbers = numbers,
            None => self.no_numbers = true,
        }
        let is_number = is_number(usual) || matches!(usual, "NaN" | "Infinity" | "-Infinity");
        self.kinds.numbers.add(is_number, self.no_numbers, text, place);
        self.no_phones |= !is_phone(text);
    }

    /// Returns the type of the texts.
    pub(crate) fn data_type(&self) -> DataType {
        let none_seen = self.kinds.texts == 0;
        // Phone numbers stay text, since nobody computes with them.
        let numbers = !self.no_numbers && self.no_phones;
        let found = [
            (numbers, self.numbers.data_type()),
            (!self.no_booleans, DataType::Boolean),
            (!self.no_dates, DataType::Date),
            (!self.no_instants, timestamp(true)),
            (!self.no_wall_clock, timestamp(false)),
        ];
        found
            .into_iter()
            .find(|(fits, _)| *fits && !none_seen)
            .map_or(DataType::String, |(_, data_type)| data_type)
    }

    /// Returns the type of most but not all texts, with the first text that does not have it.
    pub(crate) fn kinds(&self) -> Option<super::kind_counts::Outlier> {
        if self.data_type() != DataType::String {
            return None;
        }
        self.kinds.outlier([self.numbers.data_type(), DataType::Date, timestamp(true), timestamp(false)])
    }
}

fn timestamp(instant: bool) -> DataType {
    DataType::Timestamp { unit: TimeUnit::Microseconds, zone: instant.then(|| "UTC".to_owned()) }
}

/// Returns whether a text is a date such as `2026-01-31`.
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

/// Returns whether a text is a date with something after it.
fn is_date_and(text: &str) -> bool {
    text.len() > 11 && text.get(..10).is_some_and(is_date)
}

fn has_offset(text: &str) -> bool {
    text.ends_with(['Z', 'z']) || text.ends_with(" UTC") || text[10..].contains(['+', '-'])
}

fn is_exact(text: &str, data_type: &DataType) -> bool {
    Literal::Plain(text.to_owned()).bind(data_type).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(texts: &[&str]) -> Texts {
        let rules =
            TextRules { may_be_all: true, nan: vec!["nan".to_owned()], infinity: vec!["inf".to_owned()] };
        let mut seen = Texts::default();
        for (line, text) in (1..).zip(texts) {
            seen.add(text, &rules, Place { file: "a.csv", line });
        }
        seen
    }

    fn read(texts: &[&str]) -> String {
        seen(texts).data_type().to_string()
    }

    #[test]
    fn texts_have_a_type_only_when_that_loses_nothing() {
        assert_eq!(read(&["1", "-20"]), "int64");
        for text in ["01", " 1", "1 ", "", "1_000", "0x1", ".", "٣", "NAN", "1,5"] {
            assert_eq!(read(&["1", text]), "string", "{text}");
        }
        assert_eq!(read(&["1", "+1"]), "int64");
        assert_eq!(read(&["+5"]), "int64");
        assert_eq!(read(&["+491701234567", "+15551234567"]), "string");
        assert_eq!(read(&["+491701234567", "5"]), "int64");
        assert_eq!(read(&["1", "12345678901234567890"]), "decimal(38,0)");
        assert_eq!(read(&["1", "1.", ".5"]), "float64");
        assert_eq!(read(&["1", "2.50", "-1e-7", "NaN", "-0"]), "float64");
        assert_eq!(read(&["1", "nan", "inf", "-inf", "+inf"]), "float64");
        assert_eq!(read(&["0.1234567890123456789"]), "decimal(38,19)");
        assert_eq!(read(&["0.30000000000000004"]), "float64");
        assert_eq!(read(&["1e400"]), "string");
        assert_eq!(read(&["9007199254740993", "0.5"]), "decimal(38,1)");
        assert_eq!(read(&["true", "False"]), "boolean");
        assert_eq!(read(&["true", "1"]), "string");
        assert_eq!(read(&["2026-01-31"]), "date");
        assert_eq!(read(&["2026-02-30"]), "string");
        assert_eq!(read(&["2026-01-31T10:00:00Z", "2026-01-31T10:00:00.5+01:00"]), "timestamp");
        assert_eq!(read(&["2026-01-31 10:00:00+00", "2026-01-31T10:00:00.5+0100"]), "timestamp");
        assert_eq!(read(&["2026-01-31 10:00:00"]), "timestamp_ntz");
        assert_eq!(read(&["2026-01-31 10:00:00", "2026-01-31T10:00:00Z"]), "string");
        assert_eq!(read(&["2026-01-31T10:00:00.1234567Z"]), "string");
        for text in ["2026-05-05T12:34:60Z", "2026-05-05 12:34:60", "2026-05-05T24:00:00Z"] {
            assert_eq!(read(&[text]), "string", "{text}");
        }
    }

    #[test]
    fn what_spoils_a_column_is_known() {
        for (texts, wanted) in [
            (&["1", "2", "n/a", "x"][..], None),
            (&["1", "2", "3", "n/a", "x"], Some("int64 n/a 4")),
            (&["n/a", "1.5", "2"], Some("float64 n/a 1")),
            (&["1", "007", "3"], Some("int64 007 2")),
            (&["1e400", "1.5", "2"], Some("float64 1e400 1")),
            (&["1.5", "1 ", "2"], Some("float64 1  2")),
            (&["2026-01-31", "31.01.2026", "2026-02-01"], Some("date 31.01.2026 2")),
            (
                &["2026-01-31T10:00:00Z", "2026-01-31T10:00:60Z", "2026-01-31T10:00:00Z"],
                Some("timestamp 2026-01-31T10:00:60Z 2"),
            ),
            (&["a", "b"], None),
            (&["1", "2"], None),
        ] {
            let found = seen(texts).kinds();
            let found = found.map(|found| format!("{} {} {}", found.wanted, found.text, found.line));
            assert_eq!(found.as_deref(), wanted, "{texts:?}");
        }
    }
}

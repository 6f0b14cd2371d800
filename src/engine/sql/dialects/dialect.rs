//! The differences between dialects of SQL, as far as karat prints them.

use std::fmt::Debug;

use crate::data::DataType;

/// A dialect of SQL. What is not here is the same in all of them.
pub trait Dialect: Debug + Send + Sync {
    /// Returns the name of the system, as it stands in messages.
    fn name(&self) -> &'static str;

    /// Returns the name of the type of expressions of a type; `None` if there is none that holds all its values.
    fn type_name(&self, of: &DataType) -> Option<String>;

    /// Returns whether sums, products and comparisons of decimals of any number of digits are exact.
    fn has_unlimited_decimals(&self) -> bool;

    /// Returns a text as it is compared and sorted by code point.
    fn by_code_point(&self, text: &str) -> String;

    /// Returns a literal of bytes.
    fn bytes(&self, bytes: &[u8]) -> String;

    /// Returns an expression of a type as a text that `read_value` understands.
    fn shown(&self, of: &str, data_type: &DataType) -> Option<String>;

    /// Returns the condition that a regular expression is found in a text.
    fn found(&self, text: &str, regex: &str) -> String;

    /// Returns how the system writes regular expressions.
    fn regexes(&self) -> &'static RegexSyntax;

    /// Returns a date in the form `2026-01-31` as a date, null where the calendar has no such day.
    fn date_of_text(&self, text: &str) -> String;

    /// Returns the condition that a text has nothing but ASCII characters.
    fn is_ascii(&self, text: &str) -> String;

    /// Returns the number of nanoseconds since 1970 of a date, or of a wall clock in a unit.
    fn nanoseconds(&self, of: &str, data_type: &DataType) -> Option<String>;

    /// Returns the integer quotient of two integers, cut off towards zero.
    fn whole_quotient(&self, dividend: &str, divisor: &str) -> String;

    /// Returns a double rounded to a whole number, halves away from zero.
    fn rounded_double(&self, of: &str) -> String;

    /// Returns a decimal rounded to digits behind the point, or before it if they are negative.
    fn rounded_decimal(&self, of: &str, digits: i8) -> String;

    /// Returns the condition that a text contains a part.
    fn contains(&self, text: &str, part: &str) -> String;

    /// Returns a date or wall clock moved by a number of a unit: `month`, `day` or `second`.
    fn moved(&self, of: &str, count: &str, unit: MovedBy) -> String;

    /// Returns a date or wall clock that is after all others; `None` if there is none.
    fn endless(&self, of: &DataType) -> Option<String>;

    /// Returns the remainder of decimals; `None` if it is not exact.
    fn decimal_remainder(&self, dividend: &str, divisor: &str) -> Option<String>;

    /// Returns the sum of integers as a number that does not wrap.
    fn integer_sum(&self, of: &str) -> String;

    /// Returns the exact type in which integers are multiplied before they are summed.
    fn widest_integer(&self) -> &'static str;

    /// Returns the number of expressions that one select may have.
    fn most_expressions(&self) -> usize;
}

/// The units by which dates are moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MovedBy {
    /// Months, whose days vary.
    Months,
    /// Days.
    Days,
    /// Seconds.
    Seconds,
}

/// How regular expressions are written.
#[derive(Debug)]
pub struct RegexSyntax {
    /// The system, for messages.
    pub system: &'static str,
    /// Writes a character by its code point.
    pub character: fn(char) -> String,
    /// The least character that a text may contain.
    pub least: char,
    /// The beginning and the end of the text.
    pub text: (&'static str, &'static str),
    /// The beginning and the end of a line, if they can be asked for.
    pub line: Option<(&'static str, &'static str)>,
    /// The most repetitions that may be asked for.
    pub most_repetitions: u32,
}

/// Returns the digits of bytes.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

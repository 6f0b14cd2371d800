//! The differences between dialects of SQL, as far as karat prints them.

use std::fmt::Debug;

use crate::data::{DataType, MAX_DIGITS};
use crate::predicate::Typed;

/// A dialect of SQL. What is not here is the same in all of them.
pub trait Dialect: Debug + Send + Sync {
    /// Returns the name of the system, as it stands in messages.
    fn name(&self) -> &'static str;

    /// Returns a name of a column or a table in quotes.
    fn quoted(&self, name: &str) -> String {
        format!("\"{}\"", name.replace('"', "\"\""))
    }

    /// Returns whether a statement can name a column so.
    fn can_name(&self, _: &str) -> bool {
        true
    }

    /// Returns whether a literal text without NUL can be written, and is compared as it stands.
    fn can_write(&self, _: &str) -> bool {
        true
    }

    /// Returns why the system has no expression that means exactly the same as this one, whatever it is made of; `None` if it has, or
    /// if the parts say so.
    fn refuses(&self, _: &Typed) -> Option<&'static str> {
        None
    }

    /// Returns the condition that two values differ, where null is a value.
    fn differ(&self, one: &str, other: &str) -> String {
        format!("{one} IS DISTINCT FROM {other}")
    }

    /// Returns a literal text without NUL, whatever its type is.
    fn text(&self, text: &str) -> String {
        format!("'{}'", text.replace('\'', "''"))
    }

    /// Returns the name of the type of expressions of a type; `None` if there is none that holds all its values.
    fn type_name(&self, of: &DataType) -> Option<String>;

    /// Returns whether sums, products and comparisons of decimals of any number of digits are exact.
    fn has_unlimited_decimals(&self) -> bool;

    /// Returns the most digits of a sum, a difference or a product of decimals that have digits behind the point. Of no
    /// meaning where decimals are unlimited.
    fn most_computed_digits(&self) -> u8 {
        MAX_DIGITS
    }

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

    /// Returns a wall clock at the beginning of its unit.
    fn cut_off_at(&self, unit: &str, clock: &str) -> String {
        format!("date_trunc('{unit}', {clock})")
    }

    /// Returns a part of a date or a wall clock, which may have a fraction. Days of the week are counted from Sunday, 1.
    fn part_of_date(&self, part: &str, of: &str) -> String {
        let more = if part == DAY_OF_WEEK { " + 1" } else { "" };
        format!("(extract({part} FROM {of}){more})")
    }

    /// Returns the number of days from one date to another.
    fn days_between(&self, start: &str, end: &str) -> String {
        format!("({end} - {start})")
    }

    /// Returns the integer quotient of two integers, cut off towards zero.
    fn whole_quotient(&self, dividend: &str, divisor: &str) -> String;

    /// Returns a decimal or a double without what is behind the point.
    fn cut_off(&self, of: &str, _: &DataType) -> String {
        format!("trunc({of})")
    }

    /// Returns the nearest whole number that is not below or, for `floor`, not above a double, as a double.
    fn whole_double(&self, function: &str, of: &str) -> String {
        format!("{function}({of})")
    }

    /// Returns a double rounded to a whole number, halves away from zero.
    fn rounded_double(&self, of: &str) -> String {
        format!("round({of})")
    }

    /// Returns the condition that a text contains a part.
    fn contains(&self, text: &str, part: &str) -> String {
        format!("contains({text}, {part})")
    }

    /// Returns the condition that a text begins with a part.
    fn starts_with(&self, text: &str, part: &str) -> String {
        format!("starts_with({text}, {part})")
    }

    /// Returns a date or wall clock moved by a number of a unit.
    fn moved(&self, of: &str, count: i128, unit: MovedBy) -> String;

    /// Returns a date or wall clock that is after all others; `None` if there is none.
    fn endless(&self, _: &DataType) -> Option<String> {
        None
    }

    /// Returns the remainder of decimals; `None` if it is not exact.
    fn decimal_remainder(&self, dividend: &str, divisor: &str) -> Option<String>;

    /// Returns the sum of integers of a type as a number that does not wrap.
    fn integer_sum(&self, of: &str, data_type: &DataType) -> String;

    /// Returns the exact type in which integers are multiplied before they are summed.
    fn widest_integer(&self) -> &'static str;

    /// Returns whether the number of rows that a select leaves out at its beginning may be computed by a subquery.
    fn skips_a_computed_number(&self) -> bool;

    /// Returns the number of expressions that one select may have.
    fn most_expressions(&self) -> usize;
}

/// What the day of the week is called, as a part of a date.
pub(in crate::engine::sql) const DAY_OF_WEEK: &str = "dow";

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

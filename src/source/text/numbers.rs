//! Parses the decimal form of numbers, and finds the type that holds all numbers of a column without loss.

use crate::data::DataType;

/// The properties shared by all numbers seen so far.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Numbers {
    /// True if all are written as whole numbers and fit a signed 64-bit integer.
    int64: bool,
    /// True if all are written as whole numbers.
    whole: bool,
    /// True if each is the shortest decimal form of its nearest double, so that different numbers have
    /// different doubles.
    are_shortest_doubles: bool,
    /// True if each is its nearest double rounded to some number of digits.
    are_rounded_doubles: bool,
    /// The most digits before and after the decimal point, if decimals hold all numbers.
    decimal: Option<Digits>,
}

#[derive(Clone, Copy, Debug)]
struct Digits {
    whole: usize,
    fraction: usize,
}

/// The greatest precision of a decimal.
const MOST_DIGITS: usize = 38;
/// The most digits with which every number is the shortest form of its double, unless it is tiny or huge.
const EXACT_DIGITS: usize = 15;

impl Default for Numbers {
    fn default() -> Self {
        let decimal = Some(Digits { whole: 0, fraction: 0 });
        Self { int64: true, whole: true, are_shortest_doubles: true, are_rounded_doubles: true, decimal }
    }
}

impl Numbers {
    /// Returns the properties with one more number, or `None` if the text is no number or no type holds all
    /// numbers.
    pub(crate) fn with(self, text: &str) -> Option<Self> {
        if matches!(text, "NaN" | "Infinity" | "-Infinity") {
            return Self { int64: false, whole: false, decimal: None, ..self }.that_hold();
        }
        let number = DecimalText::parse(text)?;
        let whole = number.is_whole() && text != "-0";
        let significant = number.significant();
        let (is_shortest, from) = significant.are_of_double(text);
        let digits = significant.digits_around_point();
        let decimal = self.decimal.map(|most| Digits {
            whole: most.whole.max(digits.whole),
            fraction: most.fraction.max(digits.fraction),
        });
        Self {
            int64: self.int64 && whole && (number.whole.len() <= EXACT_DIGITS || text.parse::<i64>().is_ok()),
            whole: self.whole && whole,
            are_shortest_doubles: self.are_shortest_doubles && is_shortest,
            are_rounded_doubles: self.are_rounded_doubles && from,
            decimal: decimal.filter(|most| most.whole + most.fraction <= MOST_DIGITS),
        }
        .that_hold()
    }

    fn that_hold(self) -> Option<Self> {
        (self.decimal.is_some() || self.are_shortest_doubles || self.are_rounded_doubles).then_some(self)
    }

    /// Returns the type that holds all numbers.
    pub(crate) fn data_type(self) -> DataType {
        let precision = 38;
        match self.decimal {
            Some(_) if self.int64 => DataType::INT64,
            Some(_) if self.whole => DataType::Decimal { precision, scale: 0 },
            Some(most) if !self.are_shortest_doubles => {
                DataType::Decimal { precision, scale: u8::try_from(most.fraction).unwrap_or(precision) }
            }
            _ => DataType::FLOAT64,
        }
    }
}

/// Returns whether a text is a number in a usual spelling, whatever type holds the number.
pub(crate) fn is_number(text: &str) -> bool {
    DecimalText::parse(text).is_some()
}

/// Returns whether a text looks like a phone number: a plus sign and 7 to 15 digits.
pub(crate) fn is_phone(text: &str) -> bool {
    text.strip_prefix('+')
        .is_some_and(|digits| (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()))
}

/// The parts of a number such as `17`, `-3.50`, `.5`, `5.`, `+5`, `2e-7`; but not `007`, which is a code.
struct DecimalText<'a> {
    whole: &'a str,
    fraction: &'a str,
    point: bool,
    exponent: Option<i32>,
}

impl<'a> DecimalText<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            None => (unsigned, None),
            Some((mantissa, exponent)) => {
                let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
                let exponent = exponent.parse().ok().filter(|_| all_digits(digits))?;
                (mantissa, Some(exponent))
            }
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let is_code = whole.len() > 1 && whole.starts_with('0');
        let is_none = whole.is_empty() && fraction.is_empty();
        (!is_code && !is_none && all_digits(whole) && all_digits(fraction)).then_some(Self {
            whole,
            fraction,
            point: mantissa.len() > whole.len(),
            exponent,
        })
    }

    fn is_whole(&self) -> bool {
        !self.point && self.exponent.is_none()
    }

    fn significant(&self) -> SignificantDigits<'a> {
        let whole = self.whole.trim_start_matches('0');
        let fraction = self.fraction.trim_end_matches('0');
        let exponent = i64::from(self.exponent.unwrap_or(0));
        if whole.is_empty() {
            let zeros = fraction.len() - fraction.trim_start_matches('0').len();
            let point = exponent - i64::try_from(zeros).unwrap_or(i64::MAX);
            return SignificantDigits { first: "", rest: &fraction[zeros..], point };
        }
        let point = exponent + i64::try_from(whole.len()).unwrap_or(i64::MAX);
        if fraction.is_empty() {
            return SignificantDigits { first: whole.trim_end_matches('0'), rest: "", point };
        }
        SignificantDigits { first: whole, rest: fraction, point }
    }
}

/// The significant digits d₁d₂… of a number, without zeros at either end, and the exponent in 0.d₁d₂… ×
/// 10^point.
struct SignificantDigits<'a> {
    /// The first part of the digits; `rest` is the second.
    first: &'a str,
    rest: &'a str,
    point: i64,
}

impl SignificantDigits<'_> {
    fn len(&self) -> usize {
        self.first.len() + self.rest.len()
    }

    fn digits_around_point(&self) -> Digits {
        if self.len() == 0 {
            return Digits { whole: 0, fraction: 0 };
        }
        let length = i64::try_from(self.len()).unwrap_or(i64::MAX);
        // The exact count does not matter beyond the precision of decimals.
        let count = |digits: i64| usize::try_from(digits.clamp(0, 1_000)).unwrap_or(0);
        Digits { whole: count(self.point), fraction: count(length.saturating_sub(self.point)) }
    }

    /// Returns whether these digits are the shortest form of the nearest double, and whether the double
    /// rounded to the same number of digits has these digits.
    fn are_of_double(&self, text: &str) -> (bool, bool) {
        const MOST_DIGITS_OF_DOUBLE: usize = 767;
        let length = self.len();
        if length == 0 || (length <= EXACT_DIGITS && (-300..300).contains(&self.point)) {
            return (true, true);
        }
        let Some(double) = text.parse::<f64>().ok().filter(|double| double.is_finite()) else {
            return (false, false);
        };
        let is_shortest = self.is_written(&format!("{double:e}"));
        let precision = length.min(MOST_DIGITS_OF_DOUBLE) - 1;
        (is_shortest, is_shortest || self.is_written(&format!("{double:.precision$e}")))
    }

    /// Returns whether a number in scientific notation, `d.ddde±x`, has these digits and this exponent.
    fn is_written(&self, scientific: &str) -> bool {
        let unsigned = scientific.trim_start_matches('-');
        let Some((mantissa, exponent)) = unsigned.split_once('e') else { return false };
        let digits = mantissa.bytes().filter(|byte| *byte != b'.');
        let end = mantissa.trim_end_matches(['0', '.']).bytes().filter(|byte| *byte != b'.').count();
        exponent.parse::<i64>().is_ok_and(|exponent| exponent + 1 == self.point)
            && digits.take(end).eq(self.first.bytes().chain(self.rest.bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(texts: &[&str]) -> String {
        let numbers = texts.iter().try_fold(Numbers::default(), |numbers, text| numbers.with(text));
        numbers.map_or("none".to_owned(), |numbers| numbers.data_type().to_string())
    }

    #[test]
    fn numbers_have_the_type_that_loses_nothing() {
        for (texts, wanted) in [
            (&["1", "-20", "+5", "0", "9223372036854775807", "-9223372036854775808"][..], "int64"),
            (&["9223372036854775808", "1"], "decimal(38,0)"),
            (&["99999999999999999999999999999999999999"], "decimal(38,0)"),
            (&["1", ".5", "5.", "-.5", "+1.5", "2e-7", "1E3", "1e+3"], "float64"),
            (&["-0"], "float64"),
            (&["0.30000000000000004", "1e300"], "float64"),
            (&["5e-324", "1.7976931348623157e308"], "float64"),
            // The shortest form of a double stays a double; a form with 17 digits is a decimal.
            (&["8.39459"], "float64"),
            (&["8.3945900000000009", "9.5"], "decimal(38,16)"),
            (&["0.1234567890123456789"], "decimal(38,19)"),
            (&["12345678901234567.89", "12345678901234567.88"], "decimal(38,2)"),
            (&["9007199254740993", "0.5"], "decimal(38,1)"),
            (&["9007199254740992", "0.5"], "float64"),
            (&["1234567890123456789e2", "0.5"], "decimal(38,1)"),
            (&["8.3945900000000009", "NaN"], "float64"),
            (&["8.3945900000000009", "1e300"], "float64"),
            (&["NaN", "Infinity", "-Infinity", "1"], "float64"),
            (&["0.10000000000000000555111512312578270211815834045410156250", "1e-40"], "float64"),
            (&["1e400"], "none"),
            (&["1e-400"], "none"),
            (&["999999999999999999999999999999999999999"], "none"),
            (&["0.1234567890123456789", "1e300"], "none"),
            (&["0.1234567890123456789", "NaN"], "none"),
        ] {
            assert_eq!(read(texts), wanted, "{texts:?}");
        }
        for text in [
            "01",
            "-01",
            "00.5",
            " 1",
            "1 ",
            "",
            ".",
            "+",
            "-",
            "1_000",
            "0x1",
            "1e",
            "1e+",
            "e5",
            "1.2.3",
            "٣",
            "nan",
            "1,5",
            "--1",
            "1e99999999999",
        ] {
            assert_eq!(read(&[text]), "none", "{text}");
        }
    }
}

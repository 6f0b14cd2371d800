//! Exact numbers of any size: fractions, and square roots of fractions.

use std::cmp::Ordering;
use std::fmt;

use num_bigint::{BigInt, BigUint, Sign};
use num_rational::BigRational;
use num_traits::{One as _, Signed as _, ToPrimitive as _, Zero as _};

use super::nearest_double as nearest;
use super::{Decimal, Float, Value};

/// An exact number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Exact(Kind);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Fraction(BigRational),
    /// The square root of a positive fraction, negated if `negative`. The root is irrational.
    Root {
        negative: bool,
        of: BigRational,
    },
}

/// Maximum number of digits of a number that is shown with all of them.
const MOST_SHOWN: usize = 60;
/// Maximum number of zeros that the exponent of a number in a suite may add.
const MOST_ZEROS: i64 = 400;

impl Exact {
    /// Returns a whole number.
    #[must_use]
    pub fn integer(number: impl Into<BigInt>) -> Self {
        Self(Kind::Fraction(BigRational::from_integer(number.into())))
    }

    /// Returns a quotient; `None` if the denominator is 0.
    #[must_use]
    pub fn fraction(numerator: impl Into<BigInt>, denominator: impl Into<BigInt>) -> Option<Self> {
        let (numerator, denominator) = (numerator.into(), denominator.into());
        if denominator.is_zero() {
            return None;
        }
        // Common factors are often powers of two, which shifts remove much faster than a gcd.
        let twos = |number: &BigInt| number.trailing_zeros().unwrap_or(u64::MAX);
        let common = twos(&numerator).min(twos(&denominator));
        Some(Self(Kind::Fraction(BigRational::new(numerator >> common, denominator >> common))))
    }

    /// Returns `unscaled × 10^-scale`.
    #[must_use]
    pub fn scaled(unscaled: impl Into<BigInt>, scale: u8) -> Self {
        Self(Kind::Fraction(BigRational::new(unscaled.into(), power_of_ten(u32::from(scale)))))
    }

    /// Returns the square root of a fraction; `None` for a negative fraction and for a root.
    #[must_use]
    pub fn root(of: &Self) -> Option<Self> {
        let Kind::Fraction(of) = &of.0 else { return None };
        if of.is_negative() {
            return None;
        }
        let side = |number: &BigInt| {
            let root = number.sqrt();
            (&root * &root == *number).then_some(root)
        };
        Some(Self(match (side(of.numer()), side(of.denom())) {
            (Some(numerator), Some(denominator)) => Kind::Fraction(BigRational::new(numerator, denominator)),
            _ => Kind::Root { negative: false, of: of.clone() },
        }))
    }

    /// Returns the exact value of a double; `None` for NaN and the infinities.
    #[must_use]
    pub fn double(number: f64) -> Option<Self> {
        let (mantissa, exponent) = nearest::parts(number)?;
        let mantissa = BigInt::from(mantissa);
        if exponent >= 0 {
            return Some(Self::integer(mantissa << exponent.unsigned_abs()));
        }
        Self::fraction(mantissa, BigInt::one() << exponent.unsigned_abs())
    }

    /// Returns the number that a double's shortest text denotes: `0.1`, and not the exact value of the
    /// double.
    #[must_use]
    pub fn written(number: f64) -> Option<Self> {
        if number.is_finite() { Self::parse(&format!("{number:e}")) } else { None }
    }

    /// Parses `-12.50`, `.5` or `1e3`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
            None => (text, 0),
        };
        let digits = mantissa.strip_prefix(['-', '+']).unwrap_or(mantissa);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all = format!("{whole}{fraction}");
        if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let scale = i64::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
        if scale.abs() > MOST_ZEROS {
            return None;
        }
        let number: BigInt = all.parse().ok()?;
        let number = if mantissa.starts_with('-') { -number } else { number };
        let power = power_of_ten(u32::try_from(scale.unsigned_abs()).ok()?);
        if scale > 0 { Self::fraction(number, power) } else { Some(Self::integer(number * power)) }
    }

    /// Returns the number as a fraction with all digits: `1/3`, `-√2/1`.
    pub(super) fn as_fraction(&self) -> String {
        let written = |of: &BigRational| format!("{}/{}", of.numer(), of.denom());
        match &self.0 {
            Kind::Fraction(fraction) => written(fraction),
            Kind::Root { negative: false, of } => format!("√{}", written(of)),
            Kind::Root { negative: true, of } => format!("-√{}", written(of)),
        }
    }

    /// Returns the exact number of a value, if the value is a finite number.
    #[must_use]
    pub fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Integer(number) => Some(Self::integer(*number)),
            Value::Decimal(Decimal { unscaled, scale }) => Some(Self::scaled(*unscaled, *scale)),
            Value::Float(Float(number)) => Self::double(*number),
            Value::Exact(exact) => Some(exact.clone()),
            _ => None,
        }
    }

    /// Returns the number as a value: an integer or a decimal of at most 38 digits where one holds the
    /// number.
    #[must_use]
    pub fn value(self) -> Value {
        const MOST: u128 = 10_u128.pow(38);
        let Some((unscaled, scale)) = self.decimal() else { return Value::Exact(self) };
        match (unscaled.to_i128(), u8::try_from(scale)) {
            (Some(number), Ok(0)) => Value::Integer(number),
            (Some(unscaled), Ok(scale)) if scale <= 38 && unscaled.unsigned_abs() < MOST => {
                Value::Decimal(Decimal { unscaled, scale })
            }
            _ => Value::Exact(self),
        }
    }

    /// Returns whether the number is 0.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        matches!(&self.0, Kind::Fraction(fraction) if fraction.is_zero())
    }

    /// Returns whether the number is below 0.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Kind::Fraction(fraction) => fraction.is_negative(),
            Kind::Root { negative, .. } => *negative,
        }
    }

    /// Returns the negated number.
    #[must_use]
    pub fn negated(&self) -> Self {
        Self(match &self.0 {
            Kind::Fraction(fraction) => Kind::Fraction(-fraction),
            Kind::Root { negative, of } => Kind::Root { negative: !negative, of: of.clone() },
        })
    }

    /// Returns the absolute value.
    #[must_use]
    pub fn magnitude(&self) -> Self {
        if self.is_negative() { self.negated() } else { self.clone() }
    }

    /// Returns the sum; `None` if a root is involved, unless the other number is 0 or the root's negation.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Option<Self> {
        match (&self.0, &other.0) {
            (Kind::Fraction(left), Kind::Fraction(right)) => Some(Self(Kind::Fraction(left + right))),
            _ if self.is_zero() => Some(other.clone()),
            _ if other.is_zero() => Some(self.clone()),
            _ if *self == other.negated() => Some(Self::integer(0)),
            _ => None,
        }
    }

    /// Returns the difference, where `plus` can compute it.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Option<Self> {
        self.plus(&other.negated())
    }

    /// Returns the product.
    #[must_use]
    pub fn times(&self, other: &Self) -> Option<Self> {
        if let (Kind::Fraction(left), Kind::Fraction(right)) = (&self.0, &other.0) {
            return Some(Self(Kind::Fraction(left * right)));
        }
        let product = Self(Kind::Fraction(self.square() * other.square()));
        let root = Self::root(&product)?;
        Some(if self.is_negative() == other.is_negative() { root } else { root.negated() })
    }

    /// Returns the quotient; `None` for a divisor of 0.
    #[must_use]
    pub fn over(&self, other: &Self) -> Option<Self> {
        let reciprocal = match &other.0 {
            _ if other.is_zero() => return None,
            Kind::Fraction(fraction) => Kind::Fraction(fraction.recip()),
            Kind::Root { negative, of } => Kind::Root { negative: *negative, of: of.recip() },
        };
        self.times(&Self(reciprocal))
    }

    /// Returns the remainder of a truncated division, with the sign of this number; `None` for roots and for
    /// a divisor of 0.
    #[must_use]
    pub fn remainder(&self, other: &Self) -> Option<Self> {
        match (&self.0, &other.0) {
            (Kind::Fraction(left), Kind::Fraction(right)) if !right.is_zero() => {
                Some(Self(Kind::Fraction(left % right)))
            }
            _ => None,
        }
    }

    fn square(&self) -> BigRational {
        match &self.0 {
            Kind::Fraction(fraction) => fraction * fraction,
            Kind::Root { of, .. } => of.clone(),
        }
    }

    /// Returns this number times `times`, rounded down.
    #[must_use]
    pub fn floor_of(&self, times: &BigInt) -> BigInt {
        match &self.0 {
            Kind::Fraction(fraction) => (fraction * times).floor().to_integer(),
            Kind::Root { negative, of } => {
                // The root is irrational, so rounding a negative one down goes one further.
                let below = (of * times * times).floor().to_integer().sqrt();
                if *negative { -below - 1 } else { below }
            }
        }
    }

    /// Returns the nearest double, with ties to even; infinite beyond the range of doubles.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        let magnitude = match &self.0 {
            Kind::Fraction(fraction) => {
                nearest::quotient(fraction.numer().magnitude(), fraction.denom().magnitude())
            }
            Kind::Root { of, .. } => nearest::root(of.numer().magnitude(), of.denom().magnitude()),
        };
        if self.is_negative() { -magnitude } else { magnitude }
    }

    /// Returns the nearest double if it is finite, else the number itself.
    #[must_use]
    pub fn rounded(self) -> Value {
        let double = self.to_f64();
        if double.is_finite() { Value::float(double) } else { self.value() }
    }

    /// Returns the precision and the scale of the number, if its decimal expansion ends.
    pub(crate) fn digits(&self) -> Option<(usize, u32)> {
        let (unscaled, scale) = self.decimal()?;
        Some((unscaled.magnitude().to_string().len(), scale))
    }

    /// Returns the number as a count of `10^-scale`, if that is exact.
    pub(crate) fn unscaled(&self, scale: u8) -> Option<BigInt> {
        let (unscaled, own) = self.decimal()?;
        Some(unscaled * power_of_ten(u32::from(scale).checked_sub(own)?))
    }

    /// Returns all digits and the scale, if the decimal expansion ends.
    fn decimal(&self) -> Option<(BigInt, u32)> {
        let Kind::Fraction(fraction) = &self.0 else { return None };
        let twos = fraction.denom().trailing_zeros().unwrap_or_default();
        let (mut rest, five, mut fives) = (fraction.denom() >> twos, BigInt::from(5), 0_u64);
        while !rest.is_one() {
            if !(&rest % &five).is_zero() {
                return None;
            }
            rest /= &five;
            fives += 1;
        }
        let scale = u32::try_from(twos.max(fives)).ok()?;
        Some(((fraction * power_of_ten(scale)).to_integer(), scale))
    }

    /// Returns the number as it is shown. It is shown as a double if the double's text denotes exactly this
    /// number, and with all digits if they are few enough. Otherwise it is rounded: to a double if `is_as`
    /// holds for that, which means that the double is on the same side of a compared value, else to as many
    /// digits as that takes.
    #[must_use]
    pub fn shown(self, is_as: impl Fn(&Value) -> bool) -> Value {
        let double = Value::float(self.to_f64());
        let text = Self::parse(&double.to_string());
        if text.as_ref() == Some(&self) {
            return double;
        }
        if self.decimal().is_some_and(|(unscaled, _)| unscaled.to_string().len() <= MOST_SHOWN) {
            return self.value();
        }
        if text.is_some_and(|text| is_as(&text.value())) {
            return double;
        }
        let rounded = [17, 25, 38, 60, 120, 240, 480].map(|digits| self.to_scale(digits));
        rounded.into_iter().find(is_as).unwrap_or_else(|| self.value())
    }

    /// Rounds to `digits` digits after the point, or to more where the first of them are zeros.
    fn to_scale(&self, digits: u32) -> Value {
        let mut power = power_of_ten(digits);
        // The significant digits of a very small number are far behind the point.
        while self.floor_of(&power).magnitude().bits() < 40 && power.bits() < 8_000 && !self.is_zero() {
            power *= power_of_ten(20);
        }
        let twice = self.floor_of(&(&power * 2));
        let rounded: BigInt = (twice + 1_i32) >> 1;
        Self::fraction(rounded, power).map_or(Value::Null, Self::value)
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        if let (Kind::Fraction(left), Kind::Fraction(right)) = (&self.0, &other.0) {
            return left.cmp(right);
        }
        match (self.is_negative(), other.is_negative()) {
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => self.square().cmp(&other.square()),
            (true, true) => other.square().cmp(&self.square()),
        }
    }
}

/// Writes all digits if the decimal expansion ends, else the nearest double.
impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.decimal() {
            Some((unscaled, scale)) if unscaled.magnitude().bits() < 4_000 => {
                let scale = scale as usize;
                let digits = format!("{:0>width$}", unscaled.magnitude().to_string(), width = scale + 1);
                let (whole, fraction) = digits.split_at(digits.len() - scale);
                let sign = if unscaled.sign() == Sign::Minus { "-" } else { "" };
                let point = if scale > 0 { "." } else { "" };
                write!(f, "{sign}{whole}{point}{fraction}")
            }
            _ => write!(f, "{}", Value::float(self.to_f64())),
        }
    }
}

pub(crate) fn power_of_ten(exponent: u32) -> BigInt {
    BigInt::from(BigUint::from(10_u32).pow(exponent))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Exact {
        Exact::parse(text).unwrap()
    }

    #[test]
    fn numbers_are_read_and_written_with_all_digits() {
        for (text, written) in [
            ("-12.50", "-12.5"),
            (".5", "0.5"),
            ("5.", "5"),
            ("1e3", "1000"),
            ("1.5e-2", "0.015"),
            ("+7", "7"),
            ("-0", "0"),
            (
                "123456789012345678901234567890123456789012345.5",
                "123456789012345678901234567890123456789012345.5",
            ),
        ] {
            assert_eq!(number(text).to_string(), written);
        }
        for bad in ["", ".", "-", "1.2.3", "abc", "1e", "0x1", "1e999999999", "--1", "1_0"] {
            assert_eq!(Exact::parse(bad), None, "{bad}");
        }
        assert_eq!(Exact::written(0.1), Some(number("0.1")));
        assert!(Exact::double(0.1) > Exact::written(0.1));
    }

    #[test]
    fn roots_are_compared_and_computed_as_such() {
        let root = |text: &str| Exact::root(&number(text)).unwrap();
        assert_eq!(root("6.25"), number("2.5"));
        assert_eq!(root("2").times(&root("8")), Some(number("4")));
        assert_eq!(root("2").over(&root("8")), Some(number("0.5")));
        assert_eq!(root("2").minus(&root("2")), Some(number("0")));
        assert_eq!(root("2").plus(&root("3")), None);
        assert!(root("2") > number("1.41421356237309504880168872420969807856967"));
        assert!(root("2") < number("1.41421356237309504880168872420969807856968"));
        assert!(root("2").negated() < number("-1.4"));
        assert!(root("3").negated() < root("2").negated());
        assert_eq!(root("2").negated().floor_of(&BigInt::from(1)), BigInt::from(-2));
        assert_eq!(Exact::root(&number("-1")), None);
    }

    #[test]
    fn what_is_shown_hides_no_side() {
        let third = Exact::fraction(1, 3).unwrap();
        assert_eq!(third.clone().shown(|_| true), Value::float(1.0 / 3.0));
        let bound = Value::Decimal(Decimal::parse("0.333333333333333333333").unwrap());
        let is_above = |value: &Value| value.compare(&bound) == Some(Ordering::Greater);
        let shown = third.shown(is_above);
        assert!(is_above(&shown), "{shown}");
        assert_eq!(number("0.07").shown(|_| true), Value::float(0.07));
        assert_eq!(number("9007199254740993").shown(|_| true), Value::Integer(9_007_199_254_740_993));
        let tiny = Exact::fraction(1, BigInt::from(3) << 2000_u32).unwrap();
        let above_zero = |value: &Value| value.compare(&Value::Integer(0)) == Some(Ordering::Greater);
        assert!(above_zero(&tiny.shown(above_zero)));
    }
}

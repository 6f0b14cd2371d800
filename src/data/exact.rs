//! Exact numbers of any size: fractions, and the square roots of fractions.

use std::cmp::Ordering;
use std::fmt;

use num_bigint::{BigInt, BigUint, Sign};
use num_rational::BigRational;
use num_traits::{One as _, Signed as _, ToPrimitive as _, Zero as _};

use super::nearest_double as nearest;
use super::{Decimal, Float, Value};

/// A number without any rounding.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Exact(Kind);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Fraction(BigRational),
    /// The square root of a positive fraction that is no square of a fraction, or that root negated.
    Root {
        negative: bool,
        of: BigRational,
    },
}

/// The most digits of a number that is shown with all of them.
const MOST_SHOWN: usize = 60;
/// The most zeros that the exponent of a number in a suite may stand for.
const MOST_ZEROS: i64 = 400;

impl Exact {
    /// A whole number.
    #[must_use]
    pub fn integer(number: impl Into<BigInt>) -> Self {
        Self(Kind::Fraction(BigRational::from_integer(number.into())))
    }

    /// One number divided by another one, unless that is 0.
    #[must_use]
    pub fn fraction(numerator: impl Into<BigInt>, denominator: impl Into<BigInt>) -> Option<Self> {
        let (numerator, denominator) = (numerator.into(), denominator.into());
        if denominator.is_zero() {
            return None;
        }
        // Powers of two are common, and taken out much faster than what else is common.
        let twos = |number: &BigInt| number.trailing_zeros().unwrap_or(u64::MAX);
        let common = twos(&numerator).min(twos(&denominator));
        Some(Self(Kind::Fraction(BigRational::new(numerator >> common, denominator >> common))))
    }

    /// `unscaled × 10^-scale`.
    #[must_use]
    pub fn scaled(unscaled: impl Into<BigInt>, scale: u8) -> Self {
        Self(Kind::Fraction(BigRational::new(unscaled.into(), power_of_ten(u32::from(scale)))))
    }

    /// The square root of a fraction, unless that is negative.
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

    /// A double, unless it is NaN or infinite.
    #[must_use]
    pub fn double(number: f64) -> Option<Self> {
        let (mantissa, exponent) = nearest::parts(number)?;
        let mantissa = BigInt::from(mantissa);
        if exponent >= 0 {
            return Some(Self::integer(mantissa << exponent.unsigned_abs()));
        }
        Self::fraction(mantissa, BigInt::one() << exponent.unsigned_abs())
    }

    /// The number that a double is written as, in its shortest form: `0.1` and not the double next to it.
    #[must_use]
    pub fn written(number: f64) -> Option<Self> {
        if number.is_finite() { Self::parse(&format!("{number:e}")) } else { None }
    }

    /// Reads `-12.50`, `.5` or `1e3`.
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

    /// With all digits: `1/3`, `-√2/1`.
    pub(super) fn as_fraction(&self) -> String {
        let written = |of: &BigRational| format!("{}/{}", of.numer(), of.denom());
        match &self.0 {
            Kind::Fraction(fraction) => written(fraction),
            Kind::Root { negative: false, of } => format!("√{}", written(of)),
            Kind::Root { negative: true, of } => format!("-√{}", written(of)),
        }
    }

    /// The number that a value is, if it is a finite one.
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

    /// The number as a value: an integer or a decimal, if 38 digits hold it.
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

    /// Returns whether it is 0.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        matches!(&self.0, Kind::Fraction(fraction) if fraction.is_zero())
    }

    /// Returns whether it is below 0.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Kind::Fraction(fraction) => fraction.is_negative(),
            Kind::Root { negative, .. } => *negative,
        }
    }

    /// The number with the other sign.
    #[must_use]
    pub fn negated(&self) -> Self {
        Self(match &self.0 {
            Kind::Fraction(fraction) => Kind::Fraction(-fraction),
            Kind::Root { negative, of } => Kind::Root { negative: !negative, of: of.clone() },
        })
    }

    /// The number without its sign.
    #[must_use]
    pub fn magnitude(&self) -> Self {
        if self.is_negative() { self.negated() } else { self.clone() }
    }

    /// The sum, where it is a fraction or a root of one.
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

    /// The difference, where it is a fraction or a root of one.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Option<Self> {
        self.plus(&other.negated())
    }

    /// The product.
    #[must_use]
    pub fn times(&self, other: &Self) -> Option<Self> {
        if let (Kind::Fraction(left), Kind::Fraction(right)) = (&self.0, &other.0) {
            return Some(Self(Kind::Fraction(left * right)));
        }
        let product = Self(Kind::Fraction(self.square() * other.square()));
        let root = Self::root(&product)?;
        Some(if self.is_negative() == other.is_negative() { root } else { root.negated() })
    }

    /// The quotient; none by 0.
    #[must_use]
    pub fn over(&self, other: &Self) -> Option<Self> {
        let reciprocal = match &other.0 {
            _ if other.is_zero() => return None,
            Kind::Fraction(fraction) => Kind::Fraction(fraction.recip()),
            Kind::Root { negative, of } => Kind::Root { negative: *negative, of: of.recip() },
        };
        self.times(&Self(reciprocal))
    }

    /// What is left by a division that gives a whole number, with the sign of this number; none by 0.
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

    /// The greatest whole number that is not above so many times this number.
    #[must_use]
    pub fn floor_of(&self, times: &BigInt) -> BigInt {
        match &self.0 {
            Kind::Fraction(fraction) => (fraction * times).floor().to_integer(),
            Kind::Root { negative, of } => {
                // No root is a whole number: the one below a negative root is one further down.
                let below = (of * times * times).floor().to_integer().sqrt();
                if *negative { -below - 1 } else { below }
            }
        }
    }

    /// The nearest double, the even one of two; infinite beyond all of them.
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

    /// The nearest double where that is finite; beyond all of them, the number itself.
    #[must_use]
    pub fn rounded(self) -> Value {
        let double = self.to_f64();
        if double.is_finite() { Value::float(double) } else { self.value() }
    }

    /// Returns how many digits it has, and how many of them stand behind the point, if they come to an end.
    pub(crate) fn digits(&self) -> Option<(usize, u32)> {
        let (unscaled, scale) = self.decimal()?;
        Some((unscaled.magnitude().to_string().len(), scale))
    }

    /// The digits without their point, of which so many stand behind it, if it has no more of them there.
    pub(crate) fn unscaled(&self, scale: u8) -> Option<BigInt> {
        let (unscaled, own) = self.decimal()?;
        Some(unscaled * power_of_ten(u32::from(scale).checked_sub(own)?))
    }

    /// All digits, and how many of them stand behind the point, if they come to an end.
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

    /// The number as it is shown: as a double, where that is written as this number, or where this
    /// number's digits have no end and those of the double are on the same side of what `is_as`
    /// compares it with. Else with as many digits as that takes.
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

    /// With so many digits behind the point, or more where the first ones of them are zeros.
    fn to_scale(&self, digits: u32) -> Value {
        let mut power = power_of_ten(digits);
        // What is very small has its digits far behind the point.
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

/// All digits where they come to an end, else those of the nearest double.
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

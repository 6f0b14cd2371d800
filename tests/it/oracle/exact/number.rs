//! The numbers of the oracle: each is a signed square root of a fraction, or not finite.

use std::cmp::Ordering;

use karat::data::{Decimal, Float, Value};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed as _, Zero as _};

#[derive(Clone, Debug, PartialEq)]
pub enum Number {
    Root { negative: bool, square: BigRational },
    Infinite,
    MinusInfinite,
    Nan,
}

pub fn ratio(numerator: impl Into<BigInt>, denominator: impl Into<BigInt>) -> BigRational {
    BigRational::new(numerator.into(), denominator.into())
}

pub fn ten_to(power: u32) -> BigInt {
    BigInt::from(10).pow(power)
}

/// Parses a fraction: digits with an optional point and exponent.
pub fn read(text: &str) -> BigRational {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: BigInt = format!("{whole}{fraction}").parse().unwrap();
    let power = exponent.parse::<i64>().unwrap() - i64::try_from(fraction.len()).unwrap();
    let factor = ten_to(u32::try_from(power.unsigned_abs()).unwrap());
    if power < 0 { BigRational::new(digits, factor) } else { BigRational::from_integer(digits * factor) }
}

/// Converts a double to a fraction.
pub fn of_double(double: f64) -> BigRational {
    BigRational::from_float(double).unwrap()
}

impl Number {
    pub fn fraction(of: &BigRational) -> Self {
        Self::Root { negative: of.is_negative(), square: of * of }
    }

    pub fn root(square: BigRational) -> Self {
        Self::Root { negative: false, square }
    }

    pub fn double(double: f64) -> Self {
        if double.is_nan() {
            Self::Nan
        } else if double == f64::INFINITY {
            Self::Infinite
        } else if double == f64::NEG_INFINITY {
            Self::MinusInfinite
        } else {
            Self::fraction(&of_double(double))
        }
    }

    pub fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Integer(integer) => Some(Self::fraction(&ratio(*integer, 1))),
            Value::Decimal(Decimal { unscaled, scale }) => {
                Some(Self::fraction(&ratio(*unscaled, ten_to(u32::from(*scale)))))
            }
            Value::Float(Float(double)) => Some(Self::double(*double)),
            Value::Boolean(yes) => Some(Self::fraction(&ratio(i32::from(*yes), 1))),
            _ => None,
        }
    }

    pub fn is_finite(&self) -> bool {
        matches!(self, Self::Root { .. })
    }

    pub fn order(&self, other: &Self) -> Ordering {
        let rank = |number: &Self| match number {
            Self::MinusInfinite => 0,
            Self::Root { .. } => 1,
            Self::Infinite => 2,
            Self::Nan => 3,
        };
        let signed = |number: &Self| match number {
            Self::Root { negative: true, square } => -square.clone(),
            Self::Root { square, .. } => square.clone(),
            _ => BigRational::zero(),
        };
        rank(self).cmp(&rank(other)).then_with(|| signed(self).cmp(&signed(other)))
    }

    /// Returns the root of `square`, cut off after some places, as an unscaled integer, and whether digits
    /// were cut off.
    fn digits(square: &BigRational, places: u32) -> (BigInt, bool) {
        let scaled = square * ten_to(2 * places);
        let root = scaled.floor().to_integer().sqrt();
        let more = BigRational::from_integer(&root * &root) != scaled;
        (root, more)
    }

    /// Returns the nearest double, which the standard library parses from more digits than any double has.
    pub fn nearest(&self) -> f64 {
        match self {
            Self::Root { negative, square } => {
                let (digits, more) = Self::digits(square, 1_100);
                let text = format!("{digits}{}e-1101", u8::from(more));
                let nearest: f64 = text.parse().unwrap();
                if *negative { -nearest } else { nearest }
            }
            Self::Infinite => f64::INFINITY,
            Self::MinusInfinite => f64::NEG_INFINITY,
            Self::Nan => f64::NAN,
        }
    }

    /// Returns the number cut off after some places, between its two neighbours.
    pub fn about(&self, places: u32) -> Option<[BigRational; 3]> {
        let Self::Root { negative, square } = self else { return None };
        let (digits, _) = Self::digits(square, places);
        let sign = if *negative { -1 } else { 1 };
        let near = |digits: BigInt| ratio(digits * sign, ten_to(places));
        Some([near(&digits - 1), near(digits.clone()), near(digits + 1)])
    }
}

/// Formats a fraction whose denominator is a power of ten.
pub fn written(fraction: &BigRational, places: u32) -> String {
    let digits = (fraction * ten_to(places)).to_integer();
    let magnitude = format!("{:0>width$}", digits.magnitude().to_string(), width = places as usize + 1);
    let (whole, rest) = magnitude.split_at(magnitude.len() - places as usize);
    let sign = if digits.is_negative() { "-" } else { "" };
    let point = if places > 0 { "." } else { "" };
    format!("{sign}{whole}{point}{rest}")
}

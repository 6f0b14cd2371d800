//! Numbers computed from measured values, which stay exact as long as possible.

use std::fmt;

use crate::data::{Exact, Value};
use crate::predicate::Arithmetic;

/// A number, either exact or a double.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::expectation) enum Number {
    /// An exact number, without any rounding.
    Exact(Exact),
    /// A double, rounded to nearest; never NaN.
    Double(f64),
}

/// The reason why a computation has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::expectation) enum Undefined {
    /// There are no values to compute from.
    NoValues,
    /// A divisor is zero.
    Division,
    /// The result is NaN.
    NotANumber,
}

impl fmt::Display for Undefined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoValues => "there are no values",
            Self::Division => "it divides by zero",
            Self::NotANumber => "it comes to NaN",
        })
    }
}

impl Number {
    /// Converts a measured value to a number.
    pub(in crate::expectation) fn measured(value: &Value) -> Result<Self, Undefined> {
        match (Exact::of(value), value.as_f64()) {
            (Some(exact), _) => Ok(Self::Exact(exact)),
            (None, Some(double)) => Self::double(double),
            (None, None) => Err(Undefined::NoValues),
        }
    }

    fn double(value: f64) -> Result<Self, Undefined> {
        if value.is_nan() { Err(Undefined::NotANumber) } else { Ok(Self::Double(value)) }
    }

    /// Returns the number as a value, which is an integer if the number is whole.
    pub(in crate::expectation) fn value(self) -> Value {
        match self {
            Self::Exact(exact) => exact.value(),
            Self::Double(double) => Value::float(double),
        }
    }

    /// Returns the number rounded to a double, if the double is finite. Results from doubles have no more
    /// digits.
    pub(in crate::expectation) fn rounded(self) -> Value {
        match self {
            Self::Exact(exact) => exact.rounded(),
            Self::Double(double) => Value::float(double),
        }
    }

    fn to_f64(&self) -> f64 {
        match self {
            Self::Exact(exact) => exact.to_f64(),
            Self::Double(double) => *double,
        }
    }

    /// Returns the number with its sign changed.
    pub(in crate::expectation) fn negated(self) -> Self {
        match self {
            Self::Exact(exact) => Self::Exact(exact.negated()),
            Self::Double(double) => Self::Double(-double),
        }
    }

    /// Computes a number. The result of exact numbers is exact, except for sums of different roots.
    pub(in crate::expectation) fn compute(
        how: Arithmetic,
        left: &Self,
        right: &Self,
    ) -> Result<Self, Undefined> {
        if let (Self::Exact(left), Self::Exact(right)) = (left, right) {
            let exact = match how {
                Arithmetic::Add => left.plus(right),
                Arithmetic::Subtract => left.minus(right),
                Arithmetic::Multiply => left.times(right),
                Arithmetic::Divide | Arithmetic::Remainder if right.is_zero() => {
                    return Err(Undefined::Division);
                }
                Arithmetic::Divide => left.over(right),
                Arithmetic::Remainder => left.remainder(right),
            };
            if let Some(exact) = exact {
                return Ok(Self::Exact(exact));
            }
        }
        let (left, right) = (left.to_f64(), right.to_f64());
        match how {
            Arithmetic::Add => Self::double(left + right),
            Arithmetic::Subtract => Self::double(left - right),
            Arithmetic::Multiply => Self::double(left * right),
            Arithmetic::Divide | Arithmetic::Remainder if right == 0.0 => Err(Undefined::Division),
            Arithmetic::Divide => Self::double(left / right),
            Arithmetic::Remainder => Self::double(left % right),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(text: &str) -> Number {
        Number::Exact(Exact::parse(text).unwrap())
    }

    #[test]
    fn all_digits_are_kept() {
        let compute = |left, how, right| Number::compute(how, &exact(left), &exact(right)).unwrap();
        assert_eq!(compute("0.1", Arithmetic::Add, "0.2"), exact("0.3"));
        assert_eq!(compute("1", Arithmetic::Divide, "8"), exact("0.125"));
        assert_eq!(compute("1.5", Arithmetic::Multiply, "-4"), exact("-6"));
        assert_eq!(compute("-7.5", Arithmetic::Remainder, "2"), exact("-1.5"));
        let third = compute("1", Arithmetic::Divide, "3");
        assert_eq!(Number::compute(Arithmetic::Multiply, &third, &exact("3")).unwrap(), exact("1"));
        let most = i128::MAX.to_string();
        assert_eq!(compute(&most, Arithmetic::Add, "1"), exact("170141183460469231731687303715884105728"));
    }

    #[test]
    fn what_is_no_number_says_why() {
        let divide = |left, right| Number::compute(Arithmetic::Divide, &left, &right);
        assert_eq!(divide(exact("1"), exact("0")), Err(Undefined::Division));
        assert_eq!(divide(Number::Double(1.0), Number::Double(-0.0)), Err(Undefined::Division));
        let infinite = Number::Double(f64::INFINITY);
        assert_eq!(Number::compute(Arithmetic::Subtract, &infinite, &infinite), Err(Undefined::NotANumber));
        assert_eq!(Number::measured(&Value::Null), Err(Undefined::NoValues));
    }
}

//! Numbers computed of measured values: exact as long as they can be.

use std::fmt;

use crate::data::{Decimal, Value};
use crate::predicate::Arithmetic;

/// A number, exact or a double.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::expectation) enum Number {
    /// With all its digits.
    Exact(Decimal),
    /// The nearest double; never NaN.
    Double(f64),
}

/// Why there is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::expectation) enum Undefined {
    /// There is nothing to compute it of.
    NoValues,
    /// A divisor is zero.
    Division,
    /// It is NaN.
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
    /// The number that was measured.
    pub(in crate::expectation) fn measured(value: &Value) -> Result<Self, Undefined> {
        match value {
            Value::Integer(unscaled) => Ok(Self::Exact(Decimal { unscaled: *unscaled, scale: 0 })),
            Value::Decimal(decimal) => Ok(Self::Exact(*decimal)),
            Value::Float(float) => Self::double(float.0),
            _ => Err(Undefined::NoValues),
        }
    }

    fn double(value: f64) -> Result<Self, Undefined> {
        if value.is_nan() { Err(Undefined::NotANumber) } else { Ok(Self::Double(value)) }
    }

    /// The number as a value: whole if it is.
    pub(in crate::expectation) fn value(self) -> Value {
        match self {
            Self::Exact(decimal) => match decimal.normalised() {
                Decimal { unscaled, scale: 0 } => Value::Integer(unscaled),
                decimal => Value::Decimal(decimal),
            },
            Self::Double(double) => Value::float(double),
        }
    }

    fn to_f64(self) -> f64 {
        match self {
            Self::Exact(decimal) => decimal.to_f64(),
            Self::Double(double) => double,
        }
    }

    /// The number with the other sign.
    pub(in crate::expectation) fn negated(self) -> Self {
        match self {
            Self::Exact(Decimal { unscaled, scale }) => match unscaled.checked_neg() {
                Some(unscaled) => Self::Exact(Decimal { unscaled, scale }),
                None => Self::Double(-self.to_f64()),
            },
            Self::Double(double) => Self::Double(-double),
        }
    }

    /// The result of a computation: of exact numbers it is exact if 128 bits hold all its digits.
    pub(in crate::expectation) fn compute(
        how: Arithmetic,
        left: Self,
        right: Self,
    ) -> Result<Self, Undefined> {
        if let (Self::Exact(left), Self::Exact(right)) = (left, right)
            && let Some(exact) = exactly(how, left, right)
        {
            return Ok(Self::Exact(exact));
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

fn exactly(how: Arithmetic, left: Decimal, right: Decimal) -> Option<Decimal> {
    let scale = left.scale.max(right.scale);
    let aligned = || Some((left.floor_to(scale)?.0, right.floor_to(scale)?.0));
    let (unscaled, scale) = match how {
        Arithmetic::Add => aligned().and_then(|(left, right)| Some((left.checked_add(right)?, scale)))?,
        Arithmetic::Subtract => {
            aligned().and_then(|(left, right)| Some((left.checked_sub(right)?, scale)))?
        }
        Arithmetic::Multiply => {
            (left.unscaled.checked_mul(right.unscaled)?, left.scale.checked_add(right.scale)?)
        }
        Arithmetic::Divide => {
            let (left, right) = aligned()?;
            quotient(left, right)?
        }
        Arithmetic::Remainder => {
            aligned().and_then(|(left, right)| Some((left.checked_rem(right)?, scale)))?
        }
    };
    (scale <= MAX_SCALE).then(|| Decimal { unscaled, scale }.normalised())
}

/// The most digits behind the point of a number that is still kept exact.
const MAX_SCALE: u8 = 38;

/// A quotient whose digits come to an end, and how many of them stand behind the point.
fn quotient(left: i128, right: i128) -> Option<(i128, u8)> {
    let mut left = left;
    for scale in 0..=MAX_SCALE {
        if left.checked_rem(right)? == 0 {
            return Some((left.checked_div(right)?, scale));
        }
        left = left.checked_mul(10)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(text: &str) -> Number {
        Number::Exact(Decimal::parse(text).unwrap())
    }

    #[test]
    fn digits_are_kept_while_they_can_be() {
        let compute = |left, how, right| Number::compute(how, exact(left), exact(right)).unwrap();
        assert_eq!(compute("0.1", Arithmetic::Add, "0.2"), exact("0.3"));
        assert_eq!(compute("1", Arithmetic::Divide, "8"), exact("0.125"));
        assert_eq!(compute("1.5", Arithmetic::Multiply, "-4"), exact("-6"));
        assert_eq!(compute("1", Arithmetic::Divide, "3"), Number::Double(1.0 / 3.0));
        let most = i128::MAX.to_string();
        assert_eq!(compute(&most, Arithmetic::Add, "1"), Number::Double(2_f64.powi(127)));
    }

    #[test]
    fn what_is_no_number_says_why() {
        let divide = |left, right| Number::compute(Arithmetic::Divide, left, right);
        assert_eq!(divide(exact("1"), exact("0")), Err(Undefined::Division));
        assert_eq!(divide(Number::Double(1.0), Number::Double(-0.0)), Err(Undefined::Division));
        let infinite = Number::Double(f64::INFINITY);
        assert_eq!(Number::compute(Arithmetic::Subtract, infinite, infinite), Err(Undefined::NotANumber));
        assert_eq!(Number::measured(&Value::Null), Err(Undefined::NoValues));
    }
}

//! Exact decimal numbers of any number of digits.

use karat::data::{Decimal, Exact, Value};
use num_bigint::BigInt;

use super::evaluate::decimal;

/// All digits of an exact number, `scale` of which stand behind the point.
pub struct Digits {
    pub unscaled: BigInt,
    pub scale: u32,
}

impl Digits {
    pub fn with(&self, scale: u32) -> BigInt {
        &self.unscaled * ten(scale - self.scale)
    }
}

pub fn ten(exponent: u32) -> BigInt {
    BigInt::from(10).pow(exponent)
}

/// Returns the digits of an exact number; none for a double, a root, or a fraction without a finite number of
/// digits.
pub fn digits(value: &Value) -> Option<Digits> {
    match value {
        Value::Integer(value) => Some(Digits { unscaled: BigInt::from(*value), scale: 0 }),
        Value::Decimal(Decimal { unscaled, scale }) => {
            Some(Digits { unscaled: BigInt::from(*unscaled), scale: u32::from(*scale) })
        }
        Value::Exact(exact) => {
            let text = exact.to_string();
            let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
            let unscaled = format!("{whole}{rest}").parse().ok()?;
            let found = Digits { unscaled, scale: u32::try_from(rest.len()).unwrap() };
            let same = Exact::fraction(found.unscaled.clone(), ten(found.scale));
            (same.as_ref() == Some(exact)).then_some(found)
        }
        _ => None,
    }
}

/// Returns a number of the kind of its operands, or an exact number if it has too many digits for that kind.
pub fn number(unscaled: BigInt, scale: u32, of: &[&Value]) -> Value {
    let integers = of.iter().all(|value| matches!(value, Value::Integer(_)));
    match (i128::try_from(&unscaled), u8::try_from(scale).unwrap()) {
        (Ok(value), 0) if integers => Value::Integer(value),
        (Ok(unscaled), scale @ ..=38) => decimal(unscaled, scale),
        (_, scale) => Value::Exact(Exact::scaled(unscaled, scale)),
    }
}

//! Numbers of any types as their digits, equal exactly where the numbers are.

use polars::prelude::{
    Column, DataType as PlType, Expr, Field as PlField, IntoColumn as _, NewChunkedArray as _, PolarsResult,
    StringChunked,
};
use polars_core::prelude::AnyValue;

use super::super::values::value;
use crate::data::{Decimal, Value};

/// The digits of each number.
pub(super) fn digits(of: Expr) -> Expr {
    of.map(written, |_, field| Ok(PlField::new(field.name().clone(), PlType::String)))
}

fn written(numbers: Column) -> PolarsResult<Column> {
    let series = numbers.as_materialized_series();
    let mut all = Vec::with_capacity(series.len());
    for number in series.iter() {
        all.push(text(&number));
    }
    let texts = StringChunked::from_iter_options(numbers.name().clone(), all.into_iter());
    Ok(texts.into_column())
}

fn text(number: &AnyValue<'_>) -> Option<String> {
    match value(number) {
        Value::Null => None,
        Value::Boolean(value) => Some(u8::from(value).to_string()),
        Value::Integer(value) => Some(value.to_string()),
        Value::Decimal(value) => Some(value.normalised().to_string()),
        Value::Float(float) => Some(match exactly(float.0) {
            Some(decimal) => decimal.normalised().to_string(),
            // No integer and no decimal is this number.
            None if float.0.is_nan() => "NaN".to_owned(),
            None => format!("{:e}", float.0),
        }),
        other => Some(other.to_string()),
    }
}

/// The decimal that a double is, if 128 bits hold its digits.
fn exactly(double: f64) -> Option<Decimal> {
    if !double.is_finite() {
        return None;
    }
    let bits = double.to_bits();
    let (raw_exponent, fraction) = ((bits >> 52) & 0x7ff, bits & ((1 << 52) - 1));
    let (mut mantissa, mut exponent) = match raw_exponent {
        0 => (i128::from(fraction), -1074),
        raw => (i128::from(fraction | (1 << 52)), i32::try_from(raw).ok()? - 1075),
    };
    if mantissa == 0 {
        return Some(Decimal { unscaled: 0, scale: 0 });
    }
    while exponent < 0 && mantissa % 2 == 0 {
        mantissa /= 2;
        exponent += 1;
    }
    let power = exponent.unsigned_abs();
    let decimal = if exponent >= 0 {
        let unscaled = mantissa.checked_mul(2_i128.checked_pow(power)?)?;
        Decimal { unscaled, scale: 0 }
    } else {
        // n / 2^k = n · 5^k / 10^k
        let unscaled = mantissa.checked_mul(5_i128.checked_pow(power)?)?;
        Decimal { unscaled, scale: u8::try_from(power).ok()? }
    };
    let unscaled = if double < 0.0 { -decimal.unscaled } else { decimal.unscaled };
    Some(Decimal { unscaled, ..decimal })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_are_the_decimals_that_they_are() {
        let digits = |double: f64| exactly(double).map(|decimal| decimal.normalised().to_string());
        assert_eq!(digits(1.5).as_deref(), Some("1.5"));
        assert_eq!(digits(-0.0).as_deref(), Some("0"));
        assert_eq!(digits(-2.0).as_deref(), Some("-2"));
        assert_eq!(digits(9_007_199_254_740_993.0).as_deref(), Some("9007199254740992"));
        assert_eq!(digits(0.25).as_deref(), Some("0.25"));
        assert_eq!(digits(2_f64.powi(100)).as_deref(), Some("1267650600228229401496703205376"));
        // 55 digits behind the point.
        assert_eq!(digits(0.1), None);
        assert_eq!(digits(f64::INFINITY), None);
        assert_eq!(digits(5e-324), None);
    }
}

//! Writes numbers of any types as their digits: the texts are equal exactly where the numbers are.

use polars::prelude::{
    Column, DataType as PlType, Expr, IntoColumn as _, NewChunkedArray as _, StringChunked,
};
use polars_core::prelude::AnyValue;

use crate::data::{Exact, Value};
use crate::engine::polars::expression::computed;
use crate::engine::polars::query::value;

/// Returns the expression of the digits of each number.
pub(super) fn digits(of: Expr) -> Expr {
    computed(of, PlType::String, |numbers| Ok(written(numbers)))
}

fn written(numbers: &Column) -> Column {
    let series = numbers.as_materialized_series();
    let mut all = Vec::with_capacity(series.len());
    for number in series.iter() {
        all.push(text(&number));
    }
    let texts = StringChunked::from_iter_options(numbers.name().clone(), all.into_iter());
    texts.into_column()
}

fn text(number: &AnyValue<'_>) -> Option<String> {
    match value(number) {
        Value::Null => None,
        Value::Boolean(value) => Some(u8::from(value).to_string()),
        Value::Integer(value) => Some(value.to_string()),
        Value::Decimal(value) => Some(value.normalised().to_string()),
        Value::Float(float) => Some(match Exact::double(float.0).map(Exact::value) {
            Some(Value::Integer(integer)) => integer.to_string(),
            Some(Value::Decimal(decimal)) => decimal.normalised().to_string(),
            // No integer and no decimal equals this number.
            _ if float.0.is_nan() => "NaN".to_owned(),
            _ => format!("{:e}", float.0),
        }),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_are_the_decimals_that_they_are() {
        let digits = |double: f64| text(&AnyValue::Float64(double)).unwrap();
        assert_eq!(digits(1.5), "1.5");
        assert_eq!(digits(-0.0), "0");
        assert_eq!(digits(-2.0), "-2");
        assert_eq!(digits(9_007_199_254_740_993.0), "9007199254740992");
        assert_eq!(digits(0.25), text(&AnyValue::Decimal(2500, 38, 4)).unwrap());
        assert_eq!(digits(2_f64.powi(100)), "1267650600228229401496703205376");
        // 0.1 has 55 digits behind the point, more than a decimal holds.
        assert_eq!(digits(0.1), "1e-1");
        assert_eq!(digits(f64::INFINITY), "inf");
    }
}

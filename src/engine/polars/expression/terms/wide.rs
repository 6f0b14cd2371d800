//! Computes numbers of more digits than Polars holds. A column has the unscaled digits of each number, as the
//! bytes of a signed integer of any size; the scale is part of the type.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_traits::{Signed as _, ToPrimitive as _, Zero as _};
use polars::prelude::{
    BinaryChunked, BooleanChunked, DataType as PlType, Expr, Float64Chunked, Int128Chunked, IntoSeries as _,
    PolarsResult, Series, StringChunked, polars_bail,
};

use super::rows::{each, unscaled};
use super::{computed_type, polars_type, to_polars};
use crate::data::{DataType, Decimal, Exact, MAX_DIGITS, Number, Value, is_wide, power_of_ten};
use crate::predicate::{Arithmetic, Comparison, Function, Typed};

/// Returns the unscaled digits of a literal as bytes.
pub(super) fn bytes(value: &Value, scale: u8) -> Option<Vec<u8>> {
    let digits = match value {
        Value::Decimal(Decimal { unscaled, .. }) => BigInt::from(*unscaled),
        other => Exact::of(other)?.unscaled(scale)?,
    };
    Some(digits.to_signed_bytes_le())
}

/// Evaluates an arithmetic operation on exact numbers.
pub(super) fn arithmetic(how: Arithmetic, left: &Typed, right: &Typed, whole: &DataType) -> Expr {
    let (gives, scale) = (whole.clone(), scale_of(whole));
    let rises =
        [left, right].map(|side| power_of_ten(scale.saturating_sub(scale_of(&side.data_type)).into()));
    each(vec![to_polars(left), to_polars(right)], computed_type(whole), move |sides| {
        let [left_rise, right_rise] = &rises;
        let pairs = digits(&sides[0])?.into_iter().zip(digits(&sides[1])?);
        let computed = pairs.map(|(left, right)| {
            let (left, right) = (left?, right?);
            match how {
                Arithmetic::Multiply => Some(left * right),
                Arithmetic::Add => Some(left * left_rise + right * right_rise),
                Arithmetic::Subtract => Some(left * left_rise - right * right_rise),
                Arithmetic::Remainder if !right.is_zero() => Some(left * left_rise % (right * right_rise)),
                Arithmetic::Remainder | Arithmetic::Divide => None,
            }
        });
        column(computed, &gives)
    })
}

/// Returns the numbers with the other sign.
pub(super) fn negated(of: &Typed, whole: &DataType) -> Expr {
    mapped(of, whole, |number| -number)
}

/// Returns the absolute values of numbers.
pub(super) fn magnitude(of: &Typed, whole: &DataType) -> Expr {
    mapped(of, whole, |number| number.abs())
}

/// Rounds numbers to `to_digits` digits behind the point, or to tens, hundreds, … if it is negative; `FLOOR`
/// and `CEIL` round to the scale of `whole`.
pub(super) fn rounded(function: Function, of: &Typed, to_digits: i8, whole: &DataType) -> Expr {
    let (scale, kept) = (scale_of(&of.data_type), scale_of(whole));
    let places = (i64::from(scale) - i64::from(to_digits)).max(0);
    let tens = power_of_ten(u32::try_from(places).unwrap_or(0));
    let dropped = power_of_ten(scale.saturating_sub(kept).into());
    mapped(of, whole, move |number| match function {
        Function::Floor => floor(&number, &dropped),
        Function::Ceil => -floor(&-number, &dropped),
        _ => {
            let away: BigInt = (number.abs() * 2_u8 + &tens) / (&tens * 2_u8) * &tens;
            (if number.is_negative() { -away } else { away }) / &dropped
        }
    })
}

fn floor(number: &BigInt, step: &BigInt) -> BigInt {
    let (whole, rest) = (number / step, number % step);
    if rest.is_negative() { whole - 1_u8 } else { whole }
}

/// Casts numbers to a decimal of the same scale or a larger one, an integer, a double, or text. A number that
/// a decimal column cannot hold is an error and not null.
pub(super) fn cast(of: &Typed, to: &DataType) -> Expr {
    let scale = scale_of(&of.data_type);
    match to {
        DataType::Float { .. } => {
            let double = each(vec![to_polars(of)], PlType::Float64, move |columns| {
                let double = |number| Some(double(number, scale));
                let doubles = digits(&columns[0])?.into_iter().map(|number| double(number?));
                Ok(doubles.collect::<Float64Chunked>().into_series())
            });
            double.cast(polars_type(to))
        }
        DataType::String => written(of),
        DataType::Integer { .. } => {
            let one = power_of_ten(scale.into());
            let whole = mapped(of, &DataType::INT128, move |number| number / &one);
            whole.cast(polars_type(to))
        }
        _ => {
            let rise = power_of_ten(scale_of(to).saturating_sub(scale).into());
            mapped(of, to, move |number| number * &rise)
        }
    }
}

/// Converts decimals of any size to text, with as many digits behind the point as their type has.
pub(super) fn written(of: &Typed) -> Expr {
    let scale = usize::from(scale_of(&of.data_type));
    each(vec![to_polars(of)], PlType::String, move |columns| {
        let text = |number: BigInt| {
            let digits = format!("{:0>1$}", number.magnitude().to_string(), scale + 1);
            let (whole, fraction) = digits.split_at(digits.len() - scale);
            let (sign, point) =
                (if number.is_negative() { "-" } else { "" }, if scale == 0 { "" } else { "." });
            format!("{sign}{whole}{point}{fraction}")
        };
        let texts = digits(&columns[0])?.into_iter().map(|number| Some(text(number?)));
        Ok(texts.collect::<StringChunked>().into_series())
    })
}

/// Converts a number to a double: as for decimals of Polars, its digits divided by their power of ten. A
/// number of more digits becomes the nearest double.
#[expect(clippy::cast_precision_loss, reason = "the nearest one is wanted")]
fn double(number: BigInt, scale: u8) -> f64 {
    match number.to_i128() {
        Some(digits) if scale <= MAX_DIGITS => digits as f64 / 10_f64.powi(scale.into()),
        _ => Exact::scaled(number, scale).to_f64(),
    }
}

/// Compares numbers by all their digits.
pub(super) fn compared(how: Comparison, left: &Typed, right: &Typed) -> Expr {
    let scales = [left, right].map(|side| scale_of(&side.data_type));
    each(vec![to_polars(left), to_polars(right)], PlType::Boolean, move |sides| {
        let [left_scale, right_scale] = scales;
        let (left, right) = (Side::of(&sides[0], left_scale)?, Side::of(&sides[1], right_scale)?);
        let judged = (0..sides[0].len()).map(|row| Some(how.holds(left.order(&right, row)?)));
        Ok(judged.collect::<BooleanChunked>().into_series())
    })
}

/// One side of a comparison: unscaled digits with their scale, or doubles.
enum Side {
    Digits(Vec<Option<BigInt>>, u8),
    Floats(Vec<Option<f64>>),
}

impl Side {
    fn of(series: &Series, scale: u8) -> PolarsResult<Self> {
        if series.dtype().is_float() {
            let doubles = series.cast(&PlType::Float64)?;
            return Ok(Self::Floats(doubles.f64()?.iter().collect()));
        }
        Ok(Self::Digits(digits(series)?, scale))
    }

    fn order(&self, other: &Self, row: usize) -> Option<Ordering> {
        match (self, other) {
            (Self::Digits(left, left_scale), Self::Digits(right, right_scale)) => {
                let (left, right) = (left.get(row)?.as_ref()?, right.get(row)?.as_ref()?);
                let rise = |number: &BigInt, by: u8| number * power_of_ten(by.into());
                Some(match left_scale.cmp(right_scale) {
                    Ordering::Equal => left.cmp(right),
                    Ordering::Less => rise(left, right_scale - left_scale).cmp(right),
                    Ordering::Greater => left.cmp(&rise(right, left_scale - right_scale)),
                })
            }
            (Self::Floats(left), Self::Digits(right, scale)) => {
                let (left, right) = ((*left.get(row)?)?, right.get(row)?.as_ref()?);
                Some(match Exact::double(left) {
                    Some(left) => left.cmp(&Exact::scaled(right.clone(), *scale)),
                    // NaN and the infinities are beyond every finite number.
                    None => Number::Float(left).compare(Number::Float(0.0)),
                })
            }
            (Self::Digits(..), Self::Floats(_)) => other.order(self, row).map(Ordering::reverse),
            (Self::Floats(left), Self::Floats(right)) => {
                Some(Number::Float((*left.get(row)?)?).compare(Number::Float((*right.get(row)?)?)))
            }
        }
    }
}

fn mapped(of: &Typed, whole: &DataType, map: impl Fn(BigInt) -> BigInt + Send + Sync + 'static) -> Expr {
    let gives = whole.clone();
    each(vec![to_polars(of)], computed_type(whole), move |columns| {
        column(digits(&columns[0])?.into_iter().map(|number| number.map(&map)), &gives)
    })
}

fn scale_of(data_type: &DataType) -> u8 {
    match data_type {
        DataType::Decimal { scale, .. } => *scale,
        _ => 0,
    }
}

/// Returns the unscaled digits of exact numbers of any type.
fn digits(of: &Series) -> PolarsResult<Vec<Option<BigInt>>> {
    if let PlType::Binary = of.dtype() {
        return Ok(of.binary()?.iter().map(|bytes| bytes.map(BigInt::from_signed_bytes_le)).collect());
    }
    Ok(unscaled(of)?.iter().map(|number| number.map(BigInt::from)).collect())
}

/// Builds a column of numbers of a type from their unscaled digits.
fn column(of: impl Iterator<Item = Option<BigInt>>, data_type: &DataType) -> PolarsResult<Series> {
    if is_wide(data_type) {
        let bytes = of.map(|number| Some(number?.to_signed_bytes_le()));
        return Ok(bytes.collect::<BinaryChunked>().into_series());
    }
    let DataType::Decimal { scale, .. } = data_type else {
        // An integer beyond 128 bits becomes null.
        return Ok(of.map(|number| number?.to_i128()).collect::<Int128Chunked>().into_series());
    };
    let (most, mut numbers) = (10_u128.pow(MAX_DIGITS.into()), Vec::new());
    for number in of {
        let Some(number) = number else {
            numbers.push(None);
            continue;
        };
        let Some(unscaled) = number.to_i128().filter(|unscaled| unscaled.unsigned_abs() < most) else {
            let number = Exact::scaled(number, *scale);
            polars_bail!(ComputeError:
                "a row computes {number}, which with {scale} digits behind the point has more than the {MAX_DIGITS} of a decimal"
            );
        };
        numbers.push(Some(unscaled));
    }
    let numbers: Int128Chunked = numbers.into_iter().collect();
    Ok(numbers.into_decimal_unchecked(usize::from(MAX_DIGITS), usize::from(*scale)).into_series())
}

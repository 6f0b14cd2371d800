//! Functions that Polars lacks or defines otherwise, computed row by row.

use polars::prelude::{
    ChunkFillNullValue as _, Column, DataType as PlType, Expr, Float32Chunked, Float64Chunked, Int32Chunked,
    Int64Chunked, Int128Chunked, IntoColumn as _, IntoSeries as _, PolarsResult, Series, StringChunked,
};
use polars_core::prelude::ChunkCompareIneq as _;

use super::{computed_type, polars_type, to_polars, wide};
use crate::data::{DataType, Value, is_wide};
use crate::engine::polars::expression::computed::computed_of;
use crate::predicate::calendar::Unit;
use crate::predicate::{Function, Term, Typed, rounding, texts};

/// Returns an expression that computes each row by itself from several columns, so that Polars may evaluate
/// it wherever it evaluates the rest.
pub(super) fn each(
    of: Vec<Expr>,
    gives: PlType,
    function: impl Fn(&[Series]) -> PolarsResult<Series> + Send + Sync + 'static,
) -> Expr {
    let target = gives.clone();
    computed_of(of, gives, move |columns| Ok(function(&spread(columns))?.cast(&target)?.into_column()))
}

/// Repeats each column of a single row to the length of the others.
fn spread(columns: &[Column]) -> Vec<Series> {
    let rows = columns.iter().map(Column::len).find(|rows| *rows != 1).unwrap_or(1);
    let of_length = |column: &Column| {
        if column.len() == rows {
            column.as_materialized_series().clone()
        } else {
            column.new_from_index(0, rows).as_materialized_series().clone()
        }
    };
    columns.iter().map(of_length).collect()
}

fn number(typed: &Typed) -> Expr {
    to_polars(typed).cast(PlType::Int128)
}

/// Divides doubles; a divisor of zero gives null. By a divisor that is the same on all rows, Polars would not
/// divide but multiply with the reciprocal, and 3.0 / 10 would not be 0.3.
pub(super) fn divided(left: Expr, right: Expr) -> Expr {
    each(vec![left, right], PlType::Float64, |sides| {
        let quotient = |(left, right): (Option<f64>, Option<f64>)| {
            let (left, right) = (left?, right?);
            (right != 0.0).then(|| left / right)
        };
        let pairs = sides[0].f64()?.iter().zip(sides[1].f64()?.iter());
        Ok(pairs.map(quotient).collect::<Float64Chunked>().into_series())
    })
}

/// Returns the unscaled digits of exact numbers.
pub(super) fn unscaled(of: &Series) -> PolarsResult<Int128Chunked> {
    match of.dtype() {
        PlType::Decimal(..) => Ok(of.decimal()?.physical().clone()),
        _ => Ok(of.cast(&PlType::Int128)?.i128()?.clone()),
    }
}

/// Returns the greatest or the least of the non-null values of each row.
pub(super) fn extreme(of: &[Typed], greatest: bool) -> Expr {
    let Some(first) = of.first() else { return polars::prelude::lit(polars::prelude::Null {}) };
    let gives = polars_type(&first.data_type);
    let of = of.iter().map(|one| to_polars(one).cast(gives.clone())).collect();
    each(of, gives, move |columns| {
        let mut found = columns[0].clone();
        for next in &columns[1..] {
            let beyond = if greatest { next.gt(&found)? } else { next.lt(&found)? };
            let taken = beyond.fill_null_with_values(false)? | (found.is_null() & next.is_not_null());
            found = next.zip_with(&taken, &found)?;
        }
        Ok(found)
    })
}

/// Computes `LEFT`, `RIGHT`, `SUBSTRING` or `REPLACE` of texts.
pub(super) fn of_text(function: Function, arguments: &[Typed]) -> Expr {
    let is_text = |typed: &Typed| typed.data_type == DataType::String;
    let of = arguments.iter().map(|one| if is_text(one) { to_polars(one) } else { number(one) }).collect();
    each(of, PlType::String, move |columns| {
        let text = columns[0].str()?;
        if let (Function::Replace, [_, part, other]) = (function, columns) {
            let rows = text.iter().zip(part.str()?.iter()).zip(other.str()?.iter());
            let replaced = rows.map(|((text, part), other)| Some(texts::replace(text?, part?, other?)));
            return Ok(replaced.collect::<StringChunked>().into_series());
        }
        let first = columns[1].i128()?;
        let parts: StringChunked = match (function, columns.get(2)) {
            (Function::Left, _) => {
                text.iter().zip(first.iter()).map(|(text, count)| Some(texts::left(text?, count?))).collect()
            }
            (Function::Right, _) => {
                text.iter().zip(first.iter()).map(|(text, count)| Some(texts::right(text?, count?))).collect()
            }
            (_, None) => {
                let part =
                    |(text, start): (Option<_>, Option<_>)| Some(texts::substring(text?, start?, None));
                text.iter().zip(first.iter()).map(part).collect()
            }
            (_, Some(length)) => {
                let rows = text.iter().zip(first.iter()).zip(length.i128()?.iter());
                rows.map(|((text, start), length)| Some(texts::substring(text?, start?, Some(length?))))
                    .collect()
            }
        };
        Ok(parts.into_series())
    })
}

/// Rounds numbers to the type `whole`.
pub(super) fn rounded(function: Function, arguments: &[Typed], whole: &DataType) -> Expr {
    let Some(of) = arguments.first() else { return polars::prelude::lit(polars::prelude::Null {}) };
    let digits = match arguments.get(1).map(|digits| &digits.term) {
        Some(Term::Literal(Value::Integer(digits))) => i8::try_from(*digits).unwrap_or(0),
        _ => 0,
    };
    if is_wide(&of.data_type) || is_wide(whole) {
        return wide::rounded(function, of, digits, whole);
    }
    let value = to_polars(of);
    let places = move |scale: u8| u32::try_from(i64::from(scale) - i64::from(digits)).unwrap_or(0);
    match (&of.data_type, function) {
        (DataType::Float { .. }, Function::Ceil) => value.ceil(),
        (DataType::Float { .. }, Function::Floor) => value.floor(),
        (DataType::Float { bits: 32 }, _) => each(vec![value], PlType::Float32, move |columns| {
            let round = |number: Option<f32>| Some(rounding::single(number?, digits));
            Ok(columns[0].f32()?.iter().map(round).collect::<Float32Chunked>().into_series())
        }),
        (DataType::Float { .. }, _) => each(vec![value], PlType::Float64, move |columns| {
            let round = |number: Option<f64>| Some(rounding::float(number?, digits));
            Ok(columns[0].f64()?.iter().map(round).collect::<Float64Chunked>().into_series())
        }),
        (DataType::Decimal { scale, .. }, _) => {
            let DataType::Decimal { precision: _, scale: kept } = *whole else { return value };
            let (scale, target) = (*scale, computed_type(whole));
            let step = 10_i128.pow(u32::from(scale.saturating_sub(kept)));
            let round = move |number: i128| match function {
                Function::Ceil => Some(-(-number).div_euclid(step)),
                Function::Floor => Some(number.div_euclid(step)),
                _ => rounding::to_tens(number, places(scale)).map(|number| number / step),
            };
            each(vec![value], target, move |columns| {
                let rounded =
                    unscaled(&columns[0])?.iter().map(|number| round(number?)).collect::<Int128Chunked>();
                Ok(rounded.into_decimal_unchecked(38, kept.into()).into_series())
            })
        }
        (_, Function::Round) if digits < 0 => each(vec![number(of)], polars_type(whole), move |columns| {
            let round = |number: Option<i128>| rounding::to_tens(number?, places(0));
            Ok(columns[0].i128()?.iter().map(round).collect::<Int128Chunked>().into_series())
        }),
        _ => value,
    }
}

fn unit_of(arguments: &[Typed]) -> Unit {
    match arguments.first().map(|unit| &unit.term) {
        Some(Term::Literal(Value::String(name))) => Unit::parse(name).unwrap_or(Unit::Day),
        _ => Unit::Day,
    }
}

/// Moves dates and times by a number of units, or back to the beginning of their unit.
pub(super) fn moved(function: Function, arguments: &[Typed], whole: &DataType) -> Expr {
    let unit = unit_of(arguments);
    let Some(of) = arguments.last() else { return polars::prelude::lit(polars::prelude::Null {}) };
    let mut inputs = vec![to_polars(of)];
    if function == Function::DateAdd {
        inputs.extend(arguments.get(1).map(number));
    }
    let step = match whole {
        DataType::Timestamp { unit, .. } => unit.nanoseconds(),
        _ => NANOSECONDS_A_DAY,
    };
    let is_date = *whole == DataType::Date;
    let move_one = move |time: i128, count: Option<i128>| match count {
        None => unit.begin(time),
        Some(count) if is_date => {
            let days = i32::try_from(time.div_euclid(NANOSECONDS_A_DAY)).ok()?;
            unit.add_to_date(days, count).map(|days| i128::from(days) * NANOSECONDS_A_DAY)
        }
        Some(count) => unit.add_to_time(time, count),
    };
    each(inputs, polars_type(whole), move |columns| {
        let times = columns[0].to_physical_repr().cast(&PlType::Int64)?;
        let times = times.i64()?;
        let one = |time: Option<i64>, count| {
            let moved = move_one(i128::from(time?) * step, count)?.div_euclid(step);
            i64::try_from(moved).ok()
        };
        let moved: Int64Chunked = match columns.get(1) {
            None => times.iter().map(|time| one(time, None)).collect(),
            Some(counts) => {
                times.iter().zip(counts.i128()?.iter()).map(|(time, count)| one(time, Some(count?))).collect()
            }
        };
        if is_date {
            let days = moved.iter().map(|days| i32::try_from(days?).ok());
            return Ok(days.collect::<Int32Chunked>().into_series());
        }
        Ok(moved.into_series())
    })
}

const NANOSECONDS_A_DAY: i128 = 86_400_000_000_000;

/// Counts the whole units between two times in nanoseconds.
pub(super) fn between(arguments: &[Typed]) -> Expr {
    let unit = unit_of(arguments);
    let inputs = arguments.iter().skip(1).map(number).collect();
    each(inputs, PlType::Int64, move |columns| {
        let rows = columns[0].i128()?.iter().zip(columns[1].i128()?.iter());
        let whole = rows.map(|(start, end)| i64::try_from(unit.whole_between(start?, end?)?).ok());
        Ok(whole.collect::<Int64Chunked>().into_series())
    })
}

//! Aggregates that need all values of a group at once.

use polars::prelude::{Column, Expr, IntoColumn as _, PolarsResult};
use polars_core::prelude::{Series, polars_err};

use crate::data::{DataType, Decimal, Exact, Float, Value};
use crate::engine::polars::expression::{computed, polars_type, value_series};
use crate::engine::polars::metrics::{Room, quantile};
use crate::metric::{Interpolation, Moments, Unit};
use crate::predicate::{Aggregation, Summary};

/// Returns whether an aggregate of values of a type needs all of them at once. Sums of doubles do: added up
/// one by one, they would depend on the order.
pub(super) fn is_listed(function: Summary, values: &DataType) -> bool {
    match function {
        Summary::StandardDeviation | Summary::Median => true,
        Summary::Sum | Summary::Average => matches!(values, DataType::Float { .. }),
        _ => false,
    }
}

/// Computes an aggregate from the lists of the values of groups.
pub(super) fn from_list(aggregation: &Aggregation, values: DataType, lists: Expr) -> Expr {
    let (function, result) = (aggregation.function, aggregation.data_type.clone());
    computed(lists, polars_type(&result), move |lists| each(function, &values, &result, lists))
}

fn each(function: Summary, values: &DataType, result: &DataType, lists: &Column) -> PolarsResult<Column> {
    let mut room = Room::new();
    let mut results = Vec::with_capacity(lists.len());
    for list in lists.list()?.amortized_iter() {
        results.push(match list {
            Some(list) => of_list(function, values, result, list.as_ref(), &mut room)?,
            None => Value::Null,
        });
    }
    Ok(value_series(&results, result).with_name(lists.name().clone()).into_column())
}

fn of_list(
    function: Summary,
    values: &DataType,
    result: &DataType,
    list: &Series,
    room: &mut Room,
) -> PolarsResult<Value> {
    if list.is_empty() {
        return Ok(Value::Null);
    }
    let mut sums = Moments::new(Unit::of(values));
    let value = match function {
        Summary::Median => quantile(list, values, Float(0.5), Interpolation::Linear)?,
        Summary::StandardDeviation => {
            sums.add(list, true, room)?;
            sums.deviation()
        }
        _ => {
            sums.add(list, false, room)?;
            sums.sum().value()
        }
    };
    let value = match (function, Exact::of(&value)) {
        (Summary::Average, Some(sum)) => {
            sum.over(&Exact::integer(list.len())).map_or(Value::Null, Exact::value)
        }
        _ => value,
    };
    typed(&value, result)
}

/// Converts a value to the type of the result: the nearest double, or the equal decimal.
fn typed(value: &Value, result: &DataType) -> PolarsResult<Value> {
    match (value, result) {
        (Value::Null, _) => Ok(Value::Null),
        (value, DataType::Decimal { precision, scale }) => {
            let exact = match value {
                Value::Integer(unscaled) => Some(Decimal { unscaled: *unscaled, scale: 0 }),
                Value::Decimal(decimal) => Some(decimal.normalised()),
                _ => None,
            };
            let most = 10_u128.saturating_pow(u32::from(*precision));
            match exact.and_then(|exact| exact.floor_to(*scale)) {
                Some((unscaled, true)) if unscaled.unsigned_abs() < most => {
                    Ok(Value::Decimal(Decimal { unscaled, scale: *scale }))
                }
                _ => Err(polars_err!(ComputeError: "median() has more digits than {result} holds")),
            }
        }
        (value, _) => Ok(value.as_f64().map_or(Value::Null, Value::float)),
    }
}

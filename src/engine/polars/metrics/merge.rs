//! Results of parts of the rows → those of all rows, for metrics that merge exactly.

use std::cmp::Ordering;

use crate::data::{Decimal, Exact, Value};
use crate::metric::{Aggregate, Measured, Metric};

/// What was found of a metric on two parts.
pub(in crate::engine::polars) fn merged(metric: &Metric, left: &Measured, right: &Measured) -> Measured {
    match (metric, left, right) {
        (Metric::Count(_), Measured::Count(left), Measured::Count(right)) => {
            Measured::Count(left.saturating_add(*right))
        }
        (Metric::Aggregate { function, .. }, Measured::Scalar(left), Measured::Scalar(right)) => {
            Measured::Scalar(match function {
                Aggregate::Sum => sum(left, right),
                Aggregate::Min => extreme(left, right, Ordering::Less),
                Aggregate::Max => extreme(left, right, Ordering::Greater),
                // Such a metric is measured on all rows at once.
                Aggregate::StandardDeviation | Aggregate::Quantile { .. } => right.clone(),
            })
        }
        // So are all others.
        _ => right.clone(),
    }
}

fn sum(left: &Value, right: &Value) -> Value {
    match (left, right) {
        (Value::Null, other) | (other, Value::Null) => return other.clone(),
        (Value::Integer(left), Value::Integer(right)) => {
            if let Some(sum) = left.checked_add(*right) {
                return Value::Integer(sum);
            }
        }
        (Value::Decimal(left), Value::Decimal(right)) if left.scale == right.scale => {
            let sum = left.unscaled.checked_add(right.unscaled);
            if let Some(unscaled) = sum.filter(|sum| sum.unsigned_abs() < 10_u128.pow(38)) {
                return Value::Decimal(Decimal { unscaled, scale: left.scale });
            }
        }
        _ => {}
    }
    if let (Some(left), Some(right)) = (Exact::of(left), Exact::of(right)) {
        return left.plus(&right).map_or(Value::Null, Exact::value);
    }
    // One is NaN or infinite.
    match (left.as_f64(), right.as_f64()) {
        (Some(left), Some(right)) => Value::float(left + right),
        _ => Value::Null,
    }
}

fn extreme(left: &Value, right: &Value, wanted: Ordering) -> Value {
    match (left, right) {
        (Value::Null, other) | (other, Value::Null) => other.clone(),
        (left, right) if right.compare(left) == Some(wanted) => right.clone(),
        (left, _) => left.clone(),
    }
}

//! Results of groups of files → those of all files, for metrics that merge exactly.

use std::cmp::Ordering;

use crate::data::{Decimal, Value};
use crate::metric::{Aggregate, Metric};

/// Adds the results of one more part.
pub(super) fn merge(metrics: &[Metric], whole: &mut [Value], part: &[Value]) {
    for ((metric, whole), part) in metrics.iter().zip(whole).zip(part) {
        let merged = match metric {
            Metric::Count(_) | Metric::Aggregate { function: Aggregate::Sum, .. } => sum(whole, part),
            Metric::Aggregate { function: Aggregate::Min, .. } => extreme(whole, part, Ordering::Less),
            Metric::Aggregate { function: Aggregate::Max, .. } => extreme(whole, part, Ordering::Greater),
            // Such a plan is measured as one part.
            _ => part.clone(),
        };
        *whole = merged;
    }
}

fn sum(left: &Value, right: &Value) -> Value {
    match (left, right) {
        (Value::Null, other) | (other, Value::Null) => other.clone(),
        (Value::Integer(left), Value::Integer(right)) => {
            left.checked_add(*right).map_or_else(|| Value::float(f64::NAN), Value::Integer)
        }
        (Value::Decimal(left), Value::Decimal(right)) => {
            left.unscaled.checked_add(right.unscaled).map_or_else(
                || Value::float(f64::NAN),
                |unscaled| Value::Decimal(Decimal { unscaled, scale: left.scale }),
            )
        }
        (left, right) => match (left.as_f64(), right.as_f64()) {
            (Some(left), Some(right)) => Value::float(left + right),
            _ => Value::Null,
        },
    }
}

fn extreme(left: &Value, right: &Value, wanted: Ordering) -> Value {
    match (left, right) {
        (Value::Null, other) | (other, Value::Null) => other.clone(),
        (left, right) if right.compare(left) == Some(wanted) => right.clone(),
        (left, _) => left.clone(),
    }
}

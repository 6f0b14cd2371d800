//! How numbers and times are spread: how many rows lie in each of some equally wide classes.

use crate::data::{DataType, Decimal, Value};
use crate::metric::Metric;
use crate::predicate::{Comparison, Term, Typed};

/// How many classes there are.
const CLASSES: usize = 10;

/// How many rows lie between bounds.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    /// The least value, the bounds between classes, and the greatest one. A value on a bound belongs to the class that
    /// begins there.
    pub bounds: Vec<Value>,
    /// The rows of each class.
    pub rows: Vec<u64>,
}

/// The bounds of the classes between two values; nothing where they are one, or no numbers and times.
pub(super) fn bounds(least: &Value, greatest: &Value) -> Option<Vec<Value>> {
    let (low, high) = (position(least)?, position(greatest)?);
    let whole = !matches!(least, Value::Float(_));
    if !(high > low && (high - low).is_finite()) {
        return None;
    }
    let classes = u32::try_from(CLASSES).unwrap_or(1);
    let mut bounds = vec![least.clone()];
    for class in 1..classes {
        let at = low + (high - low) * f64::from(class) / f64::from(classes);
        let bound = value_at(if whole { at.ceil() } else { at }, least)?;
        let beyond_last =
            bounds.last().and_then(|last| bound.compare(last)).is_some_and(std::cmp::Ordering::is_gt);
        if beyond_last && bound.compare(greatest).is_some_and(std::cmp::Ordering::is_le) {
            bounds.push(bound);
        }
    }
    bounds.push(greatest.clone());
    Some(bounds)
}

/// Where a value lies on the scale of its type.
#[expect(clippy::cast_precision_loss, reason = "the bounds of classes need not be exact")]
fn position(value: &Value) -> Option<f64> {
    Some(match value {
        Value::Integer(number) | Value::Duration(number) => *number as f64,
        Value::Timestamp { nanoseconds, .. } => *nanoseconds as f64,
        Value::Decimal(decimal) => decimal.unscaled as f64,
        Value::Float(number) => number.0,
        Value::Date(days) => f64::from(*days),
        _ => return None,
    })
}

/// The value of a type at a place of its scale.
#[expect(clippy::cast_possible_truncation, reason = "a cast saturates, and such a bound is left out")]
fn value_at(place: f64, like: &Value) -> Option<Value> {
    /// Bounds of times are whole seconds: finer ones tell nobody anything.
    const SECOND: i128 = 1_000_000_000;
    Some(match like {
        Value::Integer(_) => Value::Integer(place as i128),
        Value::Duration(_) => Value::Duration(place as i128),
        Value::Timestamp { instant, .. } => {
            let seconds = (place as i128).div_euclid(SECOND).checked_add(1)?;
            Value::Timestamp { nanoseconds: seconds.checked_mul(SECOND)?, instant: *instant }
        }
        Value::Decimal(decimal) => Value::Decimal(Decimal { unscaled: place as i128, scale: decimal.scale }),
        Value::Float(_) => Value::float(place),
        Value::Date(_) => Value::Date(place as i32),
        _ => return None,
    })
}

impl Histogram {
    /// The spread of values that are all counted.
    pub(super) fn of(values: &[(Value, u64)], bounds: Vec<Value>) -> Self {
        let inner = bounds.get(1..bounds.len().saturating_sub(1)).unwrap_or_default();
        let mut rows = vec![0; inner.len() + 1];
        for (value, count) in values.iter().filter(|(value, _)| !value.is_nan()) {
            let class =
                inner.partition_point(|bound| value.compare(bound).is_some_and(std::cmp::Ordering::is_ge));
            if let Some(rows) = rows.get_mut(class) {
                *rows += count;
            }
        }
        Self { bounds, rows }
    }

    /// The spread by how many values lie below each inner bound, and how many there are.
    pub(super) fn of_below(below: &[u64], all: u64, bounds: Vec<Value>) -> Self {
        let ends = below.iter().copied().chain([all]);
        let starts = std::iter::once(0).chain(below.iter().copied());
        let rows = ends.zip(starts).map(|(end, start)| end.saturating_sub(start)).collect();
        Self { bounds, rows }
    }
}

/// What tells how many values lie below each inner bound.
pub(super) fn metrics<'a>(
    column: &'a Typed,
    data_type: &'a DataType,
    bounds: &'a [Value],
) -> impl Iterator<Item = Metric> + 'a {
    let inner = bounds.get(1..bounds.len().saturating_sub(1)).unwrap_or_default();
    inner.iter().map(|bound| {
        let bound = Typed { term: Term::Literal(bound.clone()), data_type: data_type.clone() };
        Metric::Count(super::questions::compare(Comparison::Less, column, &bound))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_between_the_least_and_the_greatest() {
        let integers = |least, greatest| bounds(&Value::Integer(least), &Value::Integer(greatest));
        assert_eq!(integers(1, 1), None);
        // The greatest whole number has a class of its own where all have.
        assert_eq!(integers(0, 2).unwrap(), [0, 1, 2, 2].map(Value::Integer).to_vec());
        assert_eq!(integers(0, 100).unwrap().len(), 11);
        let values: Vec<(Value, u64)> = (0..=100).map(|value| (Value::Integer(value), 2)).collect();
        let histogram = Histogram::of(&values, integers(0, 100).unwrap());
        assert_eq!(histogram.rows, [20, 20, 20, 20, 20, 20, 20, 20, 20, 22]);
        let below: Vec<u64> = (1..10).map(|class| class * 20).collect();
        assert_eq!(Histogram::of_below(&below, 202, integers(0, 100).unwrap()), histogram);
    }
}

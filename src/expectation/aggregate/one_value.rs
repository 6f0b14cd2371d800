//! What the aggregates share.

use super::super::bounds::Bounds;
use super::super::{Facts, LowerError, Lowered, Site};
use crate::data::{DataType, Exact, Float, Value};
use crate::metric::{Aggregate, Grouping, Interpolation, Metric};
use crate::predicate::Typed;

impl Aggregate {
    /// The middle value, or the middle of the two.
    pub(super) const MEDIAN: Self = Self::Quantile { at: Float(0.5), interpolation: Interpolation::Linear };
}

/// The demand that one value of a column lies within bounds.
pub(super) fn one_value(
    site: &Site<'_>,
    of: Typed,
    function: Aggregate,
    bounds: &Bounds,
) -> Result<Lowered, LowerError> {
    let data_type = of.data_type.clone();
    let bounds = match function {
        Aggregate::Min | Aggregate::Max => bounds.bind(&data_type)?,
        _ => bounds.bind_number(&data_type)?,
    };
    let metrics = vec![Metric::Aggregate { function, of, filter: site.filter.clone() }];
    let judge = move |facts: &Facts<'_>| {
        let value = facts.value(0)?;
        Ok(match function {
            Aggregate::Min | Aggregate::Max => bounds.judge(&value),
            Aggregate::Sum => bounds.judge(&number_of(&data_type, &value)),
            _ => bounds.judge_number(&number_of(&data_type, &value)),
        })
    };
    Ok(Lowered::Measured { metrics, judge: Box::new(judge) })
}

/// A number that was measured of values of a type, as it is judged. It is exact; of floats, which have
/// no more digits, it is the nearest double.
pub(super) fn number_of(data_type: &DataType, value: &Value) -> Value {
    match data_type {
        DataType::Float { .. } => Exact::of(value).map_or_else(|| value.clone(), Exact::rounded),
        _ => value.clone(),
    }
}

/// The demand that the share of one count in another lies within bounds; of nothing, it is 0.
pub(super) fn ratio(part: Metric, whole: Metric, bounds: &Bounds) -> Result<Lowered, LowerError> {
    let bounds = bounds.bind_number(&DataType::INT64)?;
    let judge = move |facts: &Facts<'_>| {
        let ratio = Exact::fraction(facts.count(0)?, facts.count(1)?);
        Ok(bounds.judge_number(&ratio.map_or(Value::Integer(0), Exact::value)))
    };
    Ok(Lowered::Measured { metrics: vec![part, whole], judge: Box::new(judge) })
}

/// The groups that the distinct values of the check's column make, nulls left out.
pub(super) fn distinct_groups(site: &Site<'_>) -> Result<Grouping, LowerError> {
    let of = site.comparable_column()?;
    let filter = site.with_values([&of]);
    Ok(Grouping { keys: vec![of], filter })
}

/// A count of rows that are there.
pub(super) fn size(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// A count in computations.
#[expect(clippy::cast_precision_loss, reason = "a share of so many rows is not known to the last digit")]
pub(super) fn double(count: usize) -> f64 {
    count as f64
}

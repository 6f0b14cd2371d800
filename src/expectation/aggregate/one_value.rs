//! What the aggregates share.

use super::super::bounds::Bounds;
use super::super::{Facts, LowerError, Lowered, Site};
use crate::data::{DataType, Float, Value};
use crate::metric::{Aggregate, Grouping, Interpolation, Metric};
use crate::predicate::Typed;

impl Aggregate {
    /// The middle value, or the middle of the two.
    pub(super) const MEDIAN: Self = Self::Quantile { at: Float(0.5), interpolation: Interpolation::Linear };

    /// The type in which its bounds are read.
    fn bound_type(self, of: &DataType) -> DataType {
        match (self, of) {
            (Self::Min | Self::Max, of) => of.clone(),
            (Self::Sum, DataType::Integer { .. }) => DataType::INT128,
            (Self::Sum, DataType::Decimal { scale, .. }) => {
                DataType::Decimal { precision: 38, scale: *scale }
            }
            _ => DataType::FLOAT64,
        }
    }
}

/// The demand that one value of a column lies within bounds.
pub(super) fn one_value(
    site: &Site<'_>,
    of: Typed,
    function: Aggregate,
    bounds: &Bounds,
) -> Result<Lowered, LowerError> {
    let bounds = bounds.bind(&function.bound_type(&of.data_type))?;
    let metrics = vec![Metric::Aggregate { function, of, filter: site.filter.clone() }];
    let judge = Box::new(move |facts: &Facts<'_>| bounds.judge(&facts.values[0]));
    Ok(Lowered::Measured { metrics, judge })
}

/// The demand that the share of one count in another lies within bounds; of nothing, it is 0.
pub(super) fn ratio(part: Metric, whole: Metric, bounds: &Bounds) -> Result<Lowered, LowerError> {
    let bounds = bounds.bind(&DataType::FLOAT64)?;
    let judge = move |facts: &Facts<'_>| {
        let ratio = match (facts.values[0].as_f64(), facts.values[1].as_f64()) {
            (Some(part), Some(whole)) if whole > 0.0 => part / whole,
            _ => 0.0,
        };
        bounds.judge(&Value::float(ratio))
    };
    Ok(Lowered::Measured { metrics: vec![part, whole], judge: Box::new(judge) })
}

/// The groups that the distinct values of the check's column make, nulls left out.
pub(super) fn distinct_groups(site: &Site<'_>) -> Result<Grouping, LowerError> {
    let of = site.comparable_column()?;
    let filter = site.with_values([&of]);
    Ok(Grouping { keys: vec![of], filter })
}

/// A count in computations.
#[expect(clippy::cast_precision_loss, reason = "a share of so many rows is not known to the last digit")]
pub(super) fn double(count: usize) -> f64 {
    count as f64
}

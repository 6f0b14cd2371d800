//! Helpers that the aggregate expectations share.

use super::super::bounds::Bounds;
use super::super::within::Within;
use super::super::{LowerError, Lowered, Site};
use crate::data::Float;
use crate::metric::{Aggregate, Grouping, Interpolation, Metric};
use crate::predicate::Typed;

impl Aggregate {
    /// The median: the middle value, or the mean of the two middle values.
    pub(super) const MEDIAN: Self = Self::Quantile { at: Float(0.5), interpolation: Interpolation::Linear };
}

/// Returns the demand that one aggregate of a column lies within bounds.
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
    let demand = match function {
        Aggregate::Min | Aggregate::Max => Within::value(bounds),
        Aggregate::Sum => Within::sum(data_type, bounds),
        Aggregate::StandardDeviation | Aggregate::Quantile { .. } => Within::number(data_type, bounds),
    };
    let metrics = vec![Metric::Aggregate { function, of, filter: site.filter.clone() }];
    Ok(Lowered::Measured { metrics, demand })
}

/// Returns the grouping of rows by the value of the check's column, without nulls.
pub(super) fn distinct_groups(site: &Site<'_>) -> Result<Grouping, LowerError> {
    let of = site.comparable_column()?;
    let filter = site.filter_not_null([&of]);
    Ok(Grouping { keys: vec![of], filter })
}

/// Converts a number of rows to a `usize`.
pub(super) fn size(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// Converts a count to a double for computations.
#[expect(clippy::cast_precision_loss, reason = "a share of so many rows is not known to the last digit")]
pub(super) fn double(count: usize) -> f64 {
    count as f64
}

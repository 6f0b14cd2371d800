//! Metrics that need all values of a group at once, which Polars collects in lists: quantiles, and all
//! metrics that are computed from exact sums.

use polars::prelude::{Expr, PolarsResult, as_struct};
use polars_core::prelude::Series;

use super::quantile_values::quantile_input;
use super::quantiles::quantile;
use super::running::{MetricInput, Total};
use super::sums::Room;
use crate::data::Value;
use crate::engine::polars::expression::to_polars;
use crate::metric::{Aggregate, Measured, Metric};

/// Returns the numbers whose list a metric is computed from, if it needs one.
pub(in crate::engine::polars) fn list_input(metric: &Metric, within_groups: bool) -> Option<MetricInput<'_>> {
    if within_groups { quantile_input(metric).or_else(|| MetricInput::of(metric)) } else { None }
}

/// Returns the expression that collects numbers in a list.
pub(in crate::engine::polars) fn list(numbers: MetricInput<'_>) -> Expr {
    let MetricInput { value, paired_value, filter } = numbers;
    let values = match paired_value {
        Some(paired_value) => {
            as_struct(vec![to_polars(value).alias(LEFT), to_polars(paired_value).alias(RIGHT)])
        }
        None => to_polars(value),
    };
    let values = if filter.is_always() { values } else { values.filter(to_polars(filter)) };
    values.implode(false)
}

const LEFT: &str = "left";
const RIGHT: &str = "right";

/// Computes a metric from the list of its values.
pub(in crate::engine::polars) fn from_list(
    metric: &Metric,
    list: &Series,
    room: &mut Room,
) -> PolarsResult<Measured> {
    if let Metric::Aggregate { function: Aggregate::Quantile { at, interpolation }, of, .. } = metric {
        return quantile(list, &of.data_type, *at, *interpolation).map(Measured::Scalar);
    }
    let sides = match metric {
        Metric::Correlation { .. } => {
            let pairs = list.struct_()?;
            vec![pairs.field_by_name(LEFT)?, pairs.field_by_name(RIGHT)?]
        }
        _ => vec![list.clone()],
    };
    let Some(numbers) = MetricInput::of(metric) else { return Ok(Measured::Scalar(Value::Null)) };
    let mut total = Total::of(numbers);
    let squares = !matches!(metric, Metric::Aggregate { function: Aggregate::Sum, .. });
    total.add(&sides, squares, room)?;
    Ok(total.state(metric).finish())
}

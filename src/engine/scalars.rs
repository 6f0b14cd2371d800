//! Scalar metrics as expressions of the one `select`. Filters stand inside the aggregates: one in
//! front of them would split the scan.

use polars::prelude::{DataType as PlType, Expr, QuantileMethod, RoundMode, SortOptions, len, lit};

use crate::data::DataType;
use crate::metric::{Aggregate, Interpolation};
use crate::predicate::{Term, Typed, to_polars};

/// How many rows a condition is true for.
pub(super) fn count(condition: &Typed) -> Expr {
    match &condition.term {
        _ if condition.is_always() => len(),
        Term::IsNull(of) => to_polars(of).null_count(),
        Term::Not(of) => match &of.term {
            Term::IsNull(of) => to_polars(of).count(),
            _ => to_polars(condition).sum(),
        },
        _ => to_polars(condition).sum(),
    }
}

/// An aggregate of the values on the rows that pass a filter.
pub(super) fn aggregate(function: Aggregate, of: &Typed, filter: &Typed) -> Expr {
    let float = matches!(of.data_type, DataType::Float { .. });
    let values = match (function, &of.data_type) {
        // Sums of 64 bits and less must not wrap.
        (Aggregate::Sum, DataType::Integer { bits: ..=32, .. }) => to_polars(of).cast(PlType::Int64),
        (Aggregate::Sum, DataType::Integer { .. }) => to_polars(of).cast(PlType::Int128),
        (Aggregate::Sum, DataType::Decimal { .. }) | (Aggregate::Min | Aggregate::Max, _) => to_polars(of),
        _ => to_polars(of).cast(PlType::Float64),
    };
    let values = if filter.is_always() { values } else { values.filter(to_polars(filter)) };
    match function {
        Aggregate::Min => values.min(),
        // NaN is above everything, and the plain maximum passes over it.
        Aggregate::Max if float => values.nan_max(),
        Aggregate::Max => values.max(),
        Aggregate::Sum => values.sum(),
        Aggregate::StandardDeviation => values.std(1),
        Aggregate::Quantile { at, interpolation } => match method(interpolation) {
            Some(method) => values.quantile(lit(at.0), method),
            None => nearest(values, at.0),
        },
    }
}

/// The engine's method; it has none that takes the even one of two equally near values.
fn method(interpolation: Interpolation) -> Option<QuantileMethod> {
    match interpolation {
        Interpolation::Nearest => None,
        Interpolation::Linear => Some(QuantileMethod::Linear),
        Interpolation::Lower => Some(QuantileMethod::Lower),
        Interpolation::Higher => Some(QuantileMethod::Higher),
        Interpolation::Midpoint => Some(QuantileMethod::Midpoint),
    }
}

/// The nearest value; between two equally near ones that at the even position, as in NumPy.
fn nearest(values: Expr, at: f64) -> Expr {
    let values = values.drop_nulls();
    let last = values.clone().len().cast(PlType::Float64) - lit(1);
    let position = (last * lit(at)).round(0, RoundMode::HalfToEven).cast(PlType::Int64);
    values.sort(SortOptions::default()).get(position, true)
}

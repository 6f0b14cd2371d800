//! Scalar metrics as expressions of the one `select`. Filters stand inside the aggregates: one in
//! front of them would split the scan.

use polars::prelude::{
    DataType as PlType, Expr, Null, QuantileMethod, RoundMode, as_struct, len, lit, pearson_corr, when,
};

use crate::data::{DataType, Decimal, Float, Value};
use crate::metric::{Aggregate, Interpolation};
use crate::predicate::{Term, Typed, polars_type, to_polars};

/// How many rows a condition is true for.
pub(super) fn count(condition: &Typed) -> Expr {
    let mut constant = true;
    condition.each_column(&mut |_| constant = false);
    if constant && !condition.is_always() {
        // The engine would sum a single value and not one for each row.
        return when(to_polars(condition)).then(len()).otherwise(lit(0));
    }
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
        // NaN is above everything, and the plain maximum passes over it; the engine's own maximum
        // with NaN takes the least finite number for minus infinity.
        Aggregate::Max if float => when(values.clone().is_nan().any(true))
            .then(lit(f64::NAN).cast(polars_type(&of.data_type)))
            .otherwise(values.max()),
        Aggregate::Max => values.max(),
        Aggregate::Sum if is_wide(&of.data_type) => in_halves(&values),
        Aggregate::Sum => values.sum(),
        Aggregate::StandardDeviation => values.std(1),
        Aggregate::Quantile { at, interpolation: Interpolation::Nearest } => {
            let at = nearest(&values, at.0);
            values.quantile(at, QuantileMethod::Nearest)
        }
        Aggregate::Quantile { at, interpolation } => values.quantile(lit(at.0), method(interpolation)),
    }
}

/// The correlation of two columns. Where one does not vary, the engine divides by zero or, by
/// rounding, by almost that.
pub(super) fn correlation(left: &Typed, right: &Typed, filter: &Typed) -> Expr {
    let values = |of: &Typed| to_polars(of).cast(PlType::Float64).filter(to_polars(filter));
    let varies = |of: &Typed| values(of).min().lt(values(of).max());
    when(varies(left).and(varies(right)))
        .then(pearson_corr(values(left), values(right)))
        .otherwise(lit(Null {}).cast(PlType::Float64))
}

/// Digits in the lower half of a wide decimal.
const HALF: i64 = 10_000_000_000;

/// Whether the sum of decimals may have more digits than the engine computes with. Of fewer digits
/// it would take ten thousand million rows.
fn is_wide(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Decimal { precision: 29.., .. })
}

/// The sum of wide decimals as the sums of their higher and their lower digits. The engine's own sum
/// would overflow in silence.
fn in_halves(values: &Expr) -> Expr {
    let half = || lit(HALF).cast(PlType::Int128);
    let digits = || values.clone().to_physical();
    as_struct(vec![digits().floor_div(half()).sum().alias("high"), (digits() % half()).sum().alias("low")])
}

/// The sum of the two halves; NaN if it has more digits than a decimal.
pub(super) fn whole(sum: Value, of: &Typed) -> Value {
    let (Value::Struct(halves), DataType::Decimal { scale, .. }) = (&sum, &of.data_type) else { return sum };
    let [(_, Value::Integer(high)), (_, Value::Integer(low))] = halves.as_slice() else { return sum };
    let unscaled = high.checked_mul(i128::from(HALF)).and_then(|high| high.checked_add(*low));
    match unscaled.filter(|unscaled| unscaled.unsigned_abs() < 10_u128.pow(38)) {
        Some(unscaled) => Value::Decimal(Decimal { unscaled, scale: *scale }),
        None => Value::float(f64::NAN),
    }
}

fn method(interpolation: Interpolation) -> QuantileMethod {
    match interpolation {
        Interpolation::Nearest => QuantileMethod::Nearest,
        Interpolation::Linear => QuantileMethod::Linear,
        Interpolation::Lower => QuantileMethod::Lower,
        Interpolation::Higher => QuantileMethod::Higher,
        Interpolation::Midpoint => QuantileMethod::Midpoint,
    }
}

/// The value nearest to a position, within a group of rows: there the engine would take the position
/// in one of the groups for that in all.
pub(super) fn nearest_of_group(at: Float, of: &Typed, filter: &Typed) -> Expr {
    let quantile = |interpolation| aggregate(Aggregate::Quantile { at, interpolation }, of, filter);
    let count = to_polars(of).filter(to_polars(filter)).count().cast(PlType::Float64);
    let position = (count - lit(1.0)) * lit(at.0);
    when(position.clone().round(0, RoundMode::HalfToEven).gt(position.floor()))
        .then(quantile(Interpolation::Higher))
        .otherwise(quantile(Interpolation::Lower))
}

/// The quantile of the value nearest to a position; between two equally near ones that at the even
/// position, as pandas has it, where the engine would take the higher one.
fn nearest(values: &Expr, at: f64) -> Expr {
    let last = values.clone().count().cast(PlType::Float64) - lit(1.0);
    let position = (last.clone() * lit(at)).round(0, RoundMode::HalfToEven);
    // A single value is at position 0 of 0.
    position / (last.clone() + last.eq(lit(0.0)).cast(PlType::Float64))
}

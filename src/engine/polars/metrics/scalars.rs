//! Scalar metrics as expressions of one `select`. Filters are part of the aggregates: a filter in front of
//! them would split the scan.

use num_bigint::BigInt;
use polars::prelude::{DataType as PlType, Expr, Null, as_struct, len, lit, when};

use crate::data::{DataType, Decimal, Value};
use crate::engine::polars::expression::{polars_type, to_polars};
use crate::metric::{Aggregate, Sum, Unit};
use crate::predicate::{Term, Typed};

/// Counts the rows for which a condition is true.
pub(in crate::engine::polars) fn count(condition: &Typed) -> Expr {
    let mut constant = true;
    condition.each_column(&mut |_| constant = false);
    if constant && !condition.is_always() {
        // Polars would sum a constant once instead of once for each row.
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

/// Returns an extreme of the values on the rows that pass a filter, or the sum of integers or decimals.
pub(in crate::engine::polars) fn aggregate(function: Aggregate, of: &Typed, filter: &Typed) -> Expr {
    let float = matches!(of.data_type, DataType::Float { .. });
    let values = match (function, &of.data_type) {
        // Sums of 64 bits and less must not wrap.
        (Aggregate::Sum, DataType::Integer { bits: ..=32, .. }) => to_polars(of).cast(PlType::Int64),
        (Aggregate::Sum, DataType::Integer { .. }) => to_polars(of).cast(PlType::Int128),
        _ => to_polars(of),
    };
    let values = if filter.is_always() { values } else { values.filter(to_polars(filter)) };
    match function {
        Aggregate::Min => values.min(),
        // NaN is above everything, and the plain maximum ignores NaN; Polars' own maximum with NaN takes the
        // least finite number for minus infinity.
        Aggregate::Max if float => when(to_polars(of).is_nan().and(to_polars(filter)).any(true))
            .then(lit(f64::NAN).cast(polars_type(&of.data_type)))
            .otherwise(values.max()),
        Aggregate::Max => values.max(),
        Aggregate::Sum if is_wide(&of.data_type) => in_halves(&values),
        Aggregate::Sum => values.sum(),
        // These are computed from exact sums or from lists of all values.
        Aggregate::StandardDeviation | Aggregate::Quantile { .. } => lit(Null {}),
    }
}

/// Power of ten that splits a wide number into its higher and its lower digits.
const HALF: i64 = 10_000_000_000;

/// Returns whether a sum may have more digits than Polars computes with. Narrower types would need ten
/// thousand million rows to overflow.
fn is_wide(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Decimal { precision: 29.., .. } | DataType::Integer { bits: 128.., .. })
}

/// Sums wide numbers as the sums of their higher and their lower digits. Polars' own sum would overflow
/// silently.
fn in_halves(values: &Expr) -> Expr {
    let half = || lit(HALF).cast(PlType::Int128);
    let digits = || values.clone().to_physical();
    as_struct(vec![digits().floor_div(half()).sum().alias("high"), (digits() % half()).sum().alias("low")])
}

/// Converts Polars' sum of integers or decimals to an exact sum in units of their last digit. Polars' sum
/// over no rows may be null.
pub(super) fn sum(sum: &Value, of: &Typed) -> Option<Sum> {
    let unit = Unit::of(&of.data_type);
    let digits = match (sum, unit) {
        (Value::Null, _) => BigInt::default(),
        (Value::Integer(number), Unit::One) => BigInt::from(*number),
        (Value::Decimal(Decimal { unscaled, scale }), Unit::Digit(of)) if *scale == of => {
            BigInt::from(*unscaled)
        }
        (Value::Struct(halves), Unit::One | Unit::Digit(_)) => match halves.as_slice() {
            [(_, Value::Integer(high)), (_, Value::Integer(low))] => BigInt::from(*high) * HALF + *low,
            _ => return None,
        },
        _ => return None,
    };
    Some(Sum::of_units(unit, digits))
}

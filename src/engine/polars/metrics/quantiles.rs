//! Computes exact quantiles of lists of values.

use polars::prelude::PolarsResult;
use polars_core::prelude::Series;

use super::sums::{Digits, digits};
use crate::data::{DataType, Decimal, Float, Value};
use crate::metric::{Interpolation, Position};

/// Encodes the numbers of a column, without nulls, as integers of the same order.
pub(super) fn ranked(values: &Series) -> PolarsResult<Vec<i128>> {
    let values = values.drop_nulls();
    Ok(match digits(&values)? {
        Digits::Small(integers) => integers.i64()?.iter().flatten().map(i128::from).collect(),
        Digits::Wide(integers) => integers.i128()?.iter().flatten().collect(),
        Digits::Double(doubles) => {
            doubles.f64()?.iter().flatten().map(|double| rank(double).into()).collect()
        }
    })
}

/// Decodes an integer of the same order to a number of a type.
pub(super) fn of_ranked(number: i128, of: &DataType) -> Value {
    match of {
        DataType::Decimal { scale, .. } => Value::Decimal(Decimal { unscaled: number, scale: *scale }),
        DataType::Integer { .. } => Value::Integer(number),
        _ => Value::float(of_rank(i64::try_from(number).unwrap_or(i64::MAX))),
    }
}

/// Returns the quantile of some values, without nulls; null if there are none.
pub(in crate::engine::polars) fn quantile(
    values: &Series,
    of: &DataType,
    at: Float,
    interpolation: Interpolation,
) -> PolarsResult<Value> {
    let mut ranked = ranked(values)?;
    let Some(position) = Position::of(at, ranked.len() as u64) else { return Ok(Value::Null) };
    let below = usize::try_from(position.below).unwrap_or(usize::MAX);
    let (_, low, above) = ranked.select_nth_unstable(below);
    let high = above.iter().min().copied().unwrap_or(*low);
    Ok(position.between(&of_ranked(*low, of), &of_ranked(high, of), interpolation))
}

/// Encodes a double as an integer of the same order; NaN is above everything.
fn rank(double: f64) -> i64 {
    if double.is_nan() {
        return i64::MAX;
    }
    let bits = double.to_bits().cast_signed();
    if bits < 0 { bits ^ i64::MAX } else { bits }
}

fn of_rank(rank: i64) -> f64 {
    let bits = if rank < 0 { rank ^ i64::MAX } else { rank };
    if rank == i64::MAX { f64::NAN } else { f64::from_bits(bits.cast_unsigned()) }
}

#[cfg(test)]
mod tests {
    use polars::prelude::NamedFrom as _;

    use super::*;

    #[test]
    fn positions_are_those_that_are_written() {
        let values = Series::new("".into(), (0..=100).collect::<Vec<i64>>());
        for hundredth in 0..=100 {
            let at = Float(f64::from(hundredth) / 100.0);
            for interpolation in [Interpolation::Lower, Interpolation::Linear, Interpolation::Nearest] {
                let found = quantile(&values, &DataType::INT64, at, interpolation).unwrap();
                assert_eq!(found, Value::Integer(hundredth.into()), "{at:?}");
            }
        }
    }

    #[test]
    fn doubles_are_in_the_order_of_their_ranks() {
        let ordered = [
            f64::NEG_INFINITY,
            f64::MIN,
            -1.0,
            -5e-324,
            -0.0,
            0.0,
            5e-324,
            1.0,
            f64::MAX,
            f64::INFINITY,
            f64::NAN,
        ];
        for pair in ordered.windows(2) {
            assert!(rank(pair[0]) < rank(pair[1]), "{pair:?}");
            assert!(of_rank(rank(pair[0])).to_bits() == pair[0].to_bits());
        }
        assert_eq!(rank(-f64::NAN), rank(f64::NAN));
    }
}

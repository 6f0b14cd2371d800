//! Sums and means of integers and decimals, exact to the last digit.

use polars::prelude::{
    Column, Int128Chunked, IntoColumn as _, IntoSeries as _, NewChunkedArray as _, PolarsResult,
};
use polars_core::prelude::{PolarsError, polars_err};

use super::aggregates::PART;
use crate::data::{DataType, integer_range};
use crate::engine::polars::query::as_high;
use crate::predicate::{Aggregation, Summary};

/// The definition of a sum or a mean.
#[derive(Clone, Debug)]
pub(super) struct Total {
    name: &'static str,
    /// True if the sum is divided by the count.
    mean: bool,
    /// Number of digits behind the point that a mean has beyond those of its values.
    further_digits: u32,
    /// The type of the result.
    result: DataType,
}

impl Total {
    pub(super) fn of(aggregation: &Aggregation, values: &DataType) -> Self {
        let scale = |of: &DataType| match of {
            DataType::Decimal { scale, .. } => u32::from(*scale),
            _ => 0,
        };
        Self {
            name: aggregation.function.name(),
            mean: aggregation.function == Summary::Average,
            further_digits: scale(&aggregation.data_type).saturating_sub(scale(values)),
            result: aggregation.data_type.clone(),
        }
    }

    /// Returns the total, given the sums of the lower and the higher parts and the number of values.
    fn number(&self, low: i128, high: i128, count: i64) -> Result<i128, PolarsError> {
        let sum = high.checked_mul(i128::from(PART)).and_then(|high| high.checked_add(low));
        let number = if self.mean { sum.and_then(|sum| self.divided(sum, count)) } else { sum };
        number.filter(|number| self.fits(*number)).ok_or_else(
            || polars_err!(ComputeError: "{}() has more digits than {} holds", self.name, self.result),
        )
    }

    fn fits(&self, number: i128) -> bool {
        match self.result {
            DataType::Integer { bits, signed } => {
                let (least, most) = integer_range(bits, signed);
                (least..=most).contains(&number)
            }
            DataType::Decimal { precision, .. } => {
                number.unsigned_abs() < 10_u128.saturating_pow(u32::from(precision))
            }
            _ => false,
        }
    }

    /// Divides a sum by a count with further digits, rounded half away from zero.
    fn divided(&self, sum: i128, count: i64) -> Option<i128> {
        let count = u128::from(u64::try_from(count).ok()?);
        let magnitude = sum.unsigned_abs();
        let (mut quotient, mut rest) = (magnitude.checked_div(count)?, magnitude.checked_rem(count)?);
        for _ in 0..self.further_digits {
            rest = rest.checked_mul(10)?;
            quotient = quotient.checked_mul(10)?.checked_add(rest / count)?;
            rest %= count;
        }
        let up = u128::from(rest.checked_mul(2)? >= count);
        let quotient = i128::try_from(quotient.checked_add(up)?).ok()?;
        Some(if sum < 0 { -quotient } else { quotient })
    }
}

/// Computes the totals of groups, given the sums of the lower and of the higher parts of their values, and
/// their counts. The total of no values is null.
pub(super) fn finished(total: &Total, parts: &[Column]) -> PolarsResult<Column> {
    let [lows, highs, counts] = parts else {
        return Err(polars_err!(ComputeError: "a total of {} parts", parts.len()));
    };
    let height = parts.iter().map(Column::len).max().unwrap_or_default();
    let [lows, highs, counts] = [lows, highs, counts].map(|column| as_high(column, height));
    let groups = lows.i128()?.iter().zip(highs.i128()?.iter()).zip(counts.i64()?.iter());
    let number = |((low, high), count): ((Option<i128>, Option<i128>), Option<i64>)| match count {
        None | Some(0) => Ok(None),
        Some(count) => total.number(low.unwrap_or_default(), high.unwrap_or_default(), count).map(Some),
    };
    let numbers = groups.map(number).collect::<PolarsResult<Vec<_>>>()?;
    let numbers = Int128Chunked::from_slice_options(lows.name().clone(), &numbers);
    Ok(match total.result {
        DataType::Decimal { precision, scale } => numbers
            .into_decimal_unchecked(usize::from(precision), usize::from(scale))
            .into_series()
            .into_column(),
        _ => numbers.into_series().into_column(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_is_rounded_half_away_from_zero() {
        let mean = |sum, count, scale| {
            let result = DataType::Decimal { precision: 38, scale };
            let total = Total { name: "avg", mean: true, further_digits: u32::from(scale), result };
            total.number(sum, 0, count).unwrap()
        };
        assert_eq!(mean(1, 3, 2), 33);
        assert_eq!(mean(2, 3, 2), 67);
        assert_eq!(mean(1, 8, 2), 13);
        assert_eq!(mean(-1, 8, 2), -13);
        assert_eq!(mean(10, 5, 0), 2);
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let result = DataType::Integer { bits: 72, signed: true };
        let total = Total { name: "sum", mean: false, further_digits: 0, result };
        assert_eq!(total.number(7, 1, 1).unwrap(), i128::from(PART) + 7);
        assert!(total.number(0, 1 << 60, 1).unwrap_err().to_string().contains("more digits"));
        assert!(total.number(0, i128::MAX, 1).is_err());
    }
}

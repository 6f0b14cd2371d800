//! Aggregates of groups, with result types in which no overflow goes unseen.

use serde::Serialize;

use super::super::{Summary, TypeError, Typed};
use crate::data::{DataType, decimal_of, signed_bits};
use crate::document::Span;

/// An aggregate over the rows of a group. Nulls are left out. Without values, a count is 0 and every other
/// aggregate is null.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Aggregation {
    /// The aggregate function.
    pub function: Summary,
    /// True if each distinct value counts once.
    pub distinct: bool,
    /// The expression that is aggregated; `None` for `count(*)`.
    pub of: Option<Typed>,
    /// The condition of the rows that are aggregated; `None` for all rows.
    pub filter: Option<Typed>,
    /// The type of the result. A result that does not fit the type is an error, and gives no value.
    pub data_type: DataType,
}

/// The bits, and the digits, that 2^40 or 10^12 rows add to a sum at most. No table has more rows, and every
/// sum is checked nevertheless.
const BITS_OF_ROWS: u8 = 40;
const DIGITS_OF_ROWS: u8 = 12;

/// Number of digits after the point that a mean has beyond those of its values. Two different means over up
/// to 10^12 rows, of values with the same scale, are never rounded to the same number.
const DIGITS_OF_MEAN: u8 = 12;

const MOST_DIGITS: u8 = 38;

impl Aggregation {
    /// Returns an aggregate whose function fits its values.
    ///
    /// # Errors
    /// It does not.
    pub(super) fn new(
        function: Summary,
        distinct: bool,
        of: Option<Typed>,
        filter: Option<Typed>,
        span: Span,
    ) -> Result<Self, TypeError> {
        let data_type = match &of {
            None => DataType::INT64,
            Some(of) => result(function, &of.data_type).map_err(|wanted| TypeError {
                message: format!("{}() needs {wanted}, this is {}", function.name(), of.data_type),
                span,
                help: None,
            })?,
        };
        Ok(Self { function, distinct, of, filter, data_type })
    }

    /// Returns the type of a sum of values of a type.
    pub(super) fn sum_type(of: &DataType) -> Option<DataType> {
        sum(of)
    }
}

/// Returns the type of an aggregate over values of a type, or a description of the values that the aggregate
/// needs.
fn result(function: Summary, of: &DataType) -> Result<DataType, &'static str> {
    match function {
        Summary::Count if of.is_read() => Ok(DataType::INT64),
        Summary::Count => Err("values that are read"),
        Summary::CountDistinct if of.is_comparable() => Ok(DataType::INT64),
        Summary::CountDistinct => Err("values that can be compared"),
        Summary::CountIf if *of == DataType::Boolean => Ok(DataType::INT64),
        Summary::CountIf => Err("a condition"),
        Summary::Min | Summary::Max if of.is_ordered() => Ok(of.clone()),
        Summary::Min | Summary::Max => Err("values that have an order"),
        Summary::Sum => sum(of).ok_or("numbers"),
        Summary::Average => mean(of).ok_or("numbers"),
        Summary::StandardDeviation if of.is_numeric() => Ok(DataType::FLOAT64),
        Summary::StandardDeviation => Err("numbers"),
        Summary::Median => median(of).ok_or("numbers"),
    }
}

fn sum(of: &DataType) -> Option<DataType> {
    Some(match of {
        DataType::Integer { .. } => {
            let bits = signed_bits(of)?.saturating_add(BITS_OF_ROWS).min(128);
            DataType::Integer { bits, signed: true }
        }
        DataType::Decimal { precision, scale } => DataType::Decimal {
            precision: precision.saturating_add(DIGITS_OF_ROWS).min(MOST_DIGITS),
            scale: *scale,
        },
        DataType::Float { .. } => DataType::FLOAT64,
        _ => return None,
    })
}

/// Returns the type of a median, which may lie half way between two values.
fn median(of: &DataType) -> Option<DataType> {
    if let DataType::Float { .. } = of {
        return Some(DataType::FLOAT64);
    }
    let (whole, scale) = decimal_of(of)?;
    let (whole, scale) = (whole.min(MOST_DIGITS), scale.saturating_add(1));
    let precision = whole.saturating_add(scale).min(MOST_DIGITS);
    Some(DataType::Decimal { precision, scale })
}

/// Returns the type of a mean: a double for floats, else a decimal with digits enough to tell means apart.
fn mean(of: &DataType) -> Option<DataType> {
    if let DataType::Float { .. } = of {
        return Some(DataType::FLOAT64);
    }
    let (whole, scale) = decimal_of(of)?;
    let whole = whole.min(MOST_DIGITS);
    let scale = scale.saturating_add(DIGITS_OF_MEAN).min(MOST_DIGITS - whole);
    Some(DataType::Decimal { precision: whole.saturating_add(scale).max(1), scale })
}

//! Aggregate functions over the values of a column.

use serde::Serialize;

use crate::data::Float;

/// An aggregate function over non-null values. Without values, `Sum` is 0 and all others are null.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Aggregate {
    /// The least value; NaN only if all values are NaN.
    Min,
    /// The greatest value; NaN if any value is NaN.
    Max,
    /// The exact sum; NaN or infinite if the sum of the floats is.
    Sum,
    /// The sample standard deviation (n − 1).
    StandardDeviation,
    /// The value at a position between 0 (least) and 1 (greatest).
    Quantile {
        /// The position.
        at: Float,
        /// The rule for a position between two values.
        interpolation: Interpolation,
    },
}

/// The value of a quantile whose position lies between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Interpolation {
    /// The nearer value.
    Nearest,
    /// The linear interpolation between the two values.
    Linear,
    /// The lower value.
    Lower,
    /// The higher value.
    Higher,
    /// The mean of the two values.
    Midpoint,
}

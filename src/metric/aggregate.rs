//! Values computed of a column.

use serde::Serialize;

use crate::data::Float;

/// An aggregate function. Of no values, `Sum` is 0 and the others are null.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Aggregate {
    /// The least value; NaN only if all are.
    Min,
    /// The greatest value; NaN if one is.
    Max,
    /// The exact sum of integers and decimals; a double of floats.
    Sum,
    /// The sample standard deviation (n − 1).
    StandardDeviation,
    /// The value at a position between 0 (least) and 1 (greatest).
    Quantile {
        /// The position.
        at: Float,
        /// What to take between two values.
        interpolation: Interpolation,
    },
}

/// What a quantile between two values is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Interpolation {
    /// The nearer one.
    Nearest,
    /// In proportion between them.
    Linear,
    /// The lower one.
    Lower,
    /// The higher one.
    Higher,
    /// The middle of them.
    Midpoint,
}

//! The demand that many expectations share: one measured value lies within bounds.

use serde::Serialize;

use super::bounds::BoundBounds;
use super::{Demand, Judgement, JudgementInput};
use crate::data::{DataType, Exact, Value};
use crate::metric::Misshapen;

/// The demand that a measured value lies within bounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Within {
    of: Figure,
    bounds: BoundBounds,
}

/// The kind of the measured value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Figure {
    /// A value of the column, or a count.
    Value,
    /// A sum of values of a type, shown with all its digits.
    Sum(DataType),
    /// Another number computed from values of a type.
    Number(DataType),
}

impl Within {
    /// Returns the demand on a value or a count, which is judged as measured.
    pub(super) fn value(bounds: BoundBounds) -> Demand {
        Demand::Within(Self { of: Figure::Value, bounds })
    }

    /// Returns the demand on a sum of values of a type.
    pub(super) fn sum(of: DataType, bounds: BoundBounds) -> Demand {
        Demand::Within(Self { of: Figure::Sum(of), bounds })
    }

    /// Returns the demand on another number that is computed from values of a type.
    pub(super) fn number(of: DataType, bounds: BoundBounds) -> Demand {
        Demand::Within(Self { of: Figure::Number(of), bounds })
    }

    pub(super) fn judge(&self, input: &JudgementInput<'_>) -> Result<Judgement, Misshapen> {
        let value = input.value(0)?;
        Ok(match &self.of {
            Figure::Value => self.bounds.judge(&value),
            Figure::Sum(of) => self.bounds.judge(&number_of(of, &value)),
            Figure::Number(of) => self.bounds.judge_number(&number_of(of, &value)),
        })
    }
}

/// Converts a number that was computed from values of a type to the number that is judged: the nearest double
/// for floats, which have no more digits, and the exact number otherwise.
pub(super) fn number_of(data_type: &DataType, value: &Value) -> Value {
    match data_type {
        DataType::Float { .. } => Exact::of(value).map_or_else(|| value.clone(), Exact::rounded),
        _ => value.clone(),
    }
}

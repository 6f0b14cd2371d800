//! The demand that many share: one measured value lies within bounds.

use serde::Serialize;

use super::bounds::BoundBounds;
use super::{Demand, Facts, Judgement};
use crate::data::{DataType, Exact, Value};
use crate::metric::Misshapen;

/// That a measured value lies within bounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Within {
    of: Figure,
    bounds: BoundBounds,
}

/// What was measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Figure {
    /// A value or a count.
    Value,
    /// A sum of values of a type, which is shown with all its digits.
    Sum(DataType),
    /// Another number computed of values of a type.
    Number(DataType),
}

impl Within {
    /// A value, or a count, as it was measured.
    pub(super) fn value(bounds: BoundBounds) -> Demand {
        Demand::Within(Self { of: Figure::Value, bounds })
    }

    /// A sum of values of a type.
    pub(super) fn sum(of: DataType, bounds: BoundBounds) -> Demand {
        Demand::Within(Self { of: Figure::Sum(of), bounds })
    }

    /// Another number computed of values of a type.
    pub(super) fn number(of: DataType, bounds: BoundBounds) -> Demand {
        Demand::Within(Self { of: Figure::Number(of), bounds })
    }

    pub(super) fn judge(&self, facts: &Facts<'_>) -> Result<Judgement, Misshapen> {
        let value = facts.value(0)?;
        Ok(match &self.of {
            Figure::Value => self.bounds.judge(&value),
            Figure::Sum(of) => self.bounds.judge(&number_of(of, &value)),
            Figure::Number(of) => self.bounds.judge_number(&number_of(of, &value)),
        })
    }
}

/// A number that was measured of values of a type, as it is judged. It is exact; of floats, which have
/// no more digits, it is the nearest double.
pub(super) fn number_of(data_type: &DataType, value: &Value) -> Value {
    match data_type {
        DataType::Float { .. } => Exact::of(value).map_or_else(|| value.clone(), Exact::rounded),
        _ => value.clone(),
    }
}

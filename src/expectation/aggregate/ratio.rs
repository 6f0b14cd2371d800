//! The demand on the quotient of two counts.

use serde::Serialize;

use super::super::bounds::{BoundBounds, Bounds};
use super::super::{Demand, Judgement, JudgementInput, LowerError, Lowered};
use crate::data::{DataType, Exact, Value};
use crate::metric::{Metric, Misshapen};

/// The demand that the quotient of two counts lies within bounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RatioWithin {
    bounds: BoundBounds,
}

/// Returns the demand that the quotient of two counts lies within bounds. The quotient is 0 if `whole` is 0.
pub(super) fn ratio(part: Metric, whole: Metric, bounds: &Bounds) -> Result<Lowered, LowerError> {
    let bounds = bounds.bind_number(&DataType::INT64)?;
    Ok(Lowered::Measured { metrics: vec![part, whole], demand: Demand::RatioWithin(RatioWithin { bounds }) })
}

impl RatioWithin {
    pub(in crate::expectation) fn judge(&self, input: &JudgementInput<'_>) -> Result<Judgement, Misshapen> {
        let ratio = Exact::fraction(input.count(0)?, input.count(1)?);
        Ok(self.bounds.judge_number(&ratio.map_or(Value::Integer(0), Exact::value)))
    }
}

//! Quotients of two counts.

use serde::Serialize;

use super::super::bounds::{BoundBounds, Bounds};
use super::super::{Demand, Facts, Judgement, LowerError, Lowered};
use crate::data::{DataType, Exact, Value};
use crate::metric::{Metric, Misshapen};

/// That the share of one count in another lies within bounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RatioWithin {
    bounds: BoundBounds,
}

/// The demand that the share of one count in another lies within bounds; of nothing, it is 0.
pub(super) fn ratio(part: Metric, whole: Metric, bounds: &Bounds) -> Result<Lowered, LowerError> {
    let bounds = bounds.bind_number(&DataType::INT64)?;
    Ok(Lowered::Measured { metrics: vec![part, whole], demand: Demand::RatioWithin(RatioWithin { bounds }) })
}

impl RatioWithin {
    pub(in crate::expectation) fn judge(&self, facts: &Facts<'_>) -> Result<Judgement, Misshapen> {
        let ratio = Exact::fraction(facts.count(0)?, facts.count(1)?);
        Ok(self.bounds.judge_number(&ratio.map_or(Value::Integer(0), Exact::value)))
    }
}

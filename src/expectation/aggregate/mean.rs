//! `mean`: the mean of the values lies within bounds.

use serde::Serialize;

use super::super::bounds::{BoundBounds, Bounds, PARAMETERS};
use super::super::within::number_of;
use super::super::{
    Claim, Definition, Demand, Expectation, Family, Judgement, JudgementInput, LowerError, Lowered, Nature,
    Scope, Site,
};
use crate::data::{ColumnPath, DataType, Exact};
use crate::metric::{Aggregate, Metric, Misshapen};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "mean",
    family: Family::Aggregate,
    scope: Scope::Column,
    nature: Nature::Measured,
    summary: "the mean of the values lies within bounds",
    parameters: PARAMETERS,
    bare: None,
    page: include_str!("../../../expectations/aggregate/mean.md"),
    read: |arguments| Ok(Box::new(Mean { bounds: arguments.bounds()? })),
};

#[derive(Debug)]
struct Mean {
    bounds: Bounds,
}

impl Expectation for Mean {
    /// Measures the sum and the count, which merge exactly over groups of files; the mean does not.
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let of = site.summable_column()?;
        let demand = MeanWithin { bounds: self.bounds.bind_number(&of.data_type)?, of: of.data_type.clone() };
        let present = site.filter_not_null([&of]);
        let sum = Metric::Aggregate { function: Aggregate::Sum, of, filter: site.filter.clone() };
        let metrics = vec![sum, Metric::Count(present)];
        Ok(Lowered::Measured { metrics, demand: Demand::MeanWithin(demand) })
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        Some(Claim::within(format!("mean of {}", column?), &self.bounds))
    }

    fn demand(&self) -> String {
        self.bounds.demand()
    }
}

/// The demand that the quotient of a sum and a count lies within bounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MeanWithin {
    /// The type of the column.
    of: DataType,
    bounds: BoundBounds,
}

impl MeanWithin {
    pub(in crate::expectation) fn judge(&self, input: &JudgementInput<'_>) -> Result<Judgement, Misshapen> {
        let (sum, count) = (input.value(0)?, input.count(1)?);
        Ok(match Exact::of(&sum) {
            _ if count == 0 => Judgement::undefined(),
            Some(sum) => match sum.over(&Exact::integer(count)) {
                Some(mean) => self.bounds.judge_number(&number_of(&self.of, &mean.value())),
                None => Judgement::undefined(),
            },
            // The sum is NaN or infinite, and so is the mean.
            None => self.bounds.judge(&sum),
        })
    }
}

//! `mean`: the mean of the values lies within bounds.

use super::super::bounds::{Bounds, PARAMETERS};
use super::super::{
    Definition, Expectation, Facts, Family, Judgement, LowerError, Lowered, Nature, Scope, Site,
};
use super::number_of;
use crate::data::Exact;
use crate::metric::{Aggregate, Metric};

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
    /// The sum and the count, not the mean itself: they merge exactly over groups of files.
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let of = site.summable_column()?;
        let data_type = of.data_type.clone();
        let bounds = self.bounds.bind_number(&data_type)?;
        let present = site.with_values([&of]);
        let sum = Metric::Aggregate { function: Aggregate::Sum, of, filter: site.filter.clone() };
        let judge = move |facts: &Facts<'_>| {
            let (sum, count) = (facts.value(0)?, facts.count(1)?);
            Ok(match Exact::of(&sum) {
                _ if count == 0 => Judgement::undefined(),
                Some(sum) => match sum.over(&Exact::integer(count)) {
                    Some(mean) => bounds.judge_number(&number_of(&data_type, &mean.value())),
                    None => Judgement::undefined(),
                },
                // NaN or infinite.
                None => bounds.judge(&sum),
            })
        };
        Ok(Lowered::Measured { metrics: vec![sum, Metric::Count(present)], judge: Box::new(judge) })
    }

    fn demand(&self) -> String {
        self.bounds.demand()
    }
}

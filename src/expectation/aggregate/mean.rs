//! `mean`: the mean of the values lies within bounds.

use super::super::bounds::{Bounds, PARAMETERS};
use super::super::{
    Definition, Expectation, Facts, Family, Judgement, LowerError, Lowered, Nature, Scope, Site,
};
use crate::data::{DataType, Value};
use crate::metric::{Aggregate, Metric};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "mean",
    great_expectations: &["expect_column_mean_to_be_between"],
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
        let bounds = self.bounds.bind(&DataType::FLOAT64)?;
        let present = site.with_values([&of]);
        let sum = Metric::Aggregate { function: Aggregate::Sum, of, filter: site.filter.clone() };
        let judge = move |facts: &Facts<'_>| match (facts.values[0].as_f64(), facts.values[1].as_f64()) {
            (Some(sum), Some(count)) if count > 0.0 => bounds.judge(&Value::float(sum / count)),
            _ => Judgement::undefined(),
        };
        Ok(Lowered::Measured { metrics: vec![sum, Metric::Count(present)], judge: Box::new(judge) })
    }

    fn demand(&self) -> String {
        self.bounds.demand()
    }
}

//! `sum`: the sum of the values lies within bounds.

use super::super::bounds::{Bounds, PARAMETERS};
use super::super::{Claim, Definition, Expectation, Family, LowerError, Lowered, Nature, Scope, Site};
use super::one_value;
use crate::data::ColumnPath;
use crate::metric::Aggregate;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "sum",
    family: Family::Aggregate,
    scope: Scope::Column,
    nature: Nature::Measured,
    summary: "the sum of the values lies within bounds",
    parameters: PARAMETERS,
    bare: None,
    page: include_str!("../../../expectations/aggregate/sum.md"),
    read: |arguments| Ok(Box::new(Sum { bounds: arguments.bounds()? })),
};

#[derive(Debug)]
struct Sum {
    bounds: Bounds,
}

impl Expectation for Sum {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        one_value(site, site.summable_column()?, Aggregate::Sum, &self.bounds)
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        Some(Claim::within(format!("sum of {}", column?), &self.bounds))
    }

    fn demand(&self) -> String {
        self.bounds.demand()
    }
}

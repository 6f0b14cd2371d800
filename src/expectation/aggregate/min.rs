//! `min`: the least value lies within bounds.

use super::super::bounds::{Bounds, PARAMETERS};
use super::super::{Claim, Definition, Expectation, Family, LowerError, Lowered, Nature, Scope, Site};
use super::one_value;
use crate::data::ColumnPath;
use crate::metric::Aggregate;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "min",
    family: Family::Aggregate,
    scope: Scope::Column,
    nature: Nature::Measured,
    summary: "the least value lies within bounds",
    parameters: PARAMETERS,
    bare: None,
    page: include_str!("../../../expectations/aggregate/min.md"),
    read: |arguments| Ok(Box::new(Min { bounds: arguments.bounds()? })),
};

#[derive(Debug)]
struct Min {
    bounds: Bounds,
}

impl Expectation for Min {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        one_value(site, site.ordered_column()?, Aggregate::Min, &self.bounds)
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        Some(Claim::within(format!("min of {}", column?), &self.bounds))
    }

    fn demand(&self) -> String {
        self.bounds.demand()
    }
}

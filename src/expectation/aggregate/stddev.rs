//! `stddev`: the sample standard deviation lies within bounds.

use super::super::bounds::{Bounds, PARAMETERS};
use super::super::{Claim, Definition, Expectation, Family, LowerError, Lowered, Nature, Scope, Site};
use super::one_value;
use crate::data::ColumnPath;
use crate::metric::Aggregate;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "stddev",
    family: Family::Aggregate,
    scope: Scope::Column,
    nature: Nature::Measured,
    summary: "the sample standard deviation lies within bounds",
    parameters: PARAMETERS,
    bare: None,
    page: include_str!("../../../expectations/aggregate/stddev.md"),
    read: |arguments| Ok(Box::new(StandardDeviation { bounds: arguments.bounds()? })),
};

#[derive(Debug)]
struct StandardDeviation {
    bounds: Bounds,
}

impl Expectation for StandardDeviation {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        one_value(site, site.numeric_column()?, Aggregate::StandardDeviation, &self.bounds)
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        Some(Claim::within(format!("stddev of {}", column?), &self.bounds))
    }

    fn demand(&self) -> String {
        self.bounds.demand()
    }
}

//! `non_null_ratio`: the share of rows that have a value lies within bounds.

use super::super::bounds::{Bounds, PARAMETERS};
use super::super::{Claim, Definition, Expectation, Family, LowerError, Lowered, Nature, Scope, Site};
use super::ratio;
use crate::data::ColumnPath;
use crate::metric::Metric;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "non_null_ratio",
    family: Family::Aggregate,
    scope: Scope::Column,
    nature: Nature::Measured,
    summary: "the share of rows that have a value lies within bounds",
    parameters: PARAMETERS,
    bare: None,
    page: include_str!("../../../expectations/aggregate/non_null_ratio.md"),
    read: |arguments| Ok(Box::new(NonNullRatio { bounds: arguments.bounds()? })),
};

#[derive(Debug)]
struct NonNullRatio {
    bounds: Bounds,
}

impl Expectation for NonNullRatio {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let present = site.filter_not_null([&site.column()?]);
        ratio(Metric::Count(present), Metric::Count(site.filter.clone()), &self.bounds)
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        Some(Claim::within(format!("non_null_ratio of {}", column?), &self.bounds))
    }

    fn demand(&self) -> String {
        self.bounds.demand()
    }
}

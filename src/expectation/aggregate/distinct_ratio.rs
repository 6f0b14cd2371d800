//! `distinct_ratio`: distinct values per value lie within bounds.

use super::super::bounds::{Bounds, PARAMETERS};
use super::super::{Claim, Definition, Expectation, Family, LowerError, Lowered, Nature, Scope, Site};
use super::{distinct_groups, ratio};
use crate::data::ColumnPath;
use crate::metric::{GroupStatistic, Metric};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "distinct_ratio",
    family: Family::Aggregate,
    scope: Scope::Column,
    nature: Nature::Measured,
    summary: "the number of distinct values per value lies within bounds",
    parameters: PARAMETERS,
    bare: None,
    page: include_str!("../../../expectations/aggregate/distinct_ratio.md"),
    read: |arguments| Ok(Box::new(DistinctRatio { bounds: arguments.bounds()? })),
};

#[derive(Debug)]
struct DistinctRatio {
    bounds: Bounds,
}

impl Expectation for DistinctRatio {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let grouping = distinct_groups(site)?;
        let present = Metric::Count(grouping.filter.clone());
        let distinct = Metric::Group { grouping, statistic: GroupStatistic::Distinct };
        ratio(distinct, present, &self.bounds)
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        Some(Claim::within(format!("distinct_ratio of {}", column?), &self.bounds))
    }

    fn demand(&self) -> String {
        self.bounds.demand()
    }
}

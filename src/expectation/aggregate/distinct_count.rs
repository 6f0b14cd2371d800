//! `distinct_count`: the number of distinct values lies within bounds.

use super::super::bounds::{Bounds, MAX, MIN, STRICT_MAX, STRICT_MIN};
use super::super::within::Within;
use super::super::{
    Claim, Definition, Expectation, Family, LowerError, Lowered, Nature, Parameter, ParameterKind, Scope,
    Site,
};
use super::distinct_groups;
use crate::data::{ColumnPath, DataType};
use crate::metric::{GroupStatistic, Metric};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "distinct_count",
    family: Family::Aggregate,
    scope: Scope::Column,
    nature: Nature::Measured,
    summary: "the number of distinct values lies within bounds",
    parameters: &[
        Parameter::optional("equal", ParameterKind::Count, "the number wanted"),
        MIN,
        MAX,
        STRICT_MIN,
        STRICT_MAX,
    ],
    bare: Some("equal"),
    page: include_str!("../../../expectations/aggregate/distinct_count.md"),
    read: |arguments| Ok(Box::new(DistinctCount { bounds: Bounds::read_or_equal(arguments)? })),
};

#[derive(Debug)]
struct DistinctCount {
    bounds: Bounds,
}

impl Expectation for DistinctCount {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let bounds = self.bounds.bind(&DataType::INT64)?;
        let metric = Metric::Group { grouping: distinct_groups(site)?, statistic: GroupStatistic::Distinct };
        Ok(Lowered::Measured { metrics: vec![metric], demand: Within::value(bounds) })
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        Some(Claim::within(format!("distinct_count of {}", column?), &self.bounds))
    }

    fn demand(&self) -> String {
        self.bounds.demand()
    }
}

//! `entropy`: the entropy of the values lies within bounds.

use super::super::bounds::{Bounds, PARAMETERS};
use super::super::within::Within;
use super::super::{Claim, Definition, Expectation, Family, LowerError, Lowered, Nature, Scope, Site};
use super::distinct_groups;
use crate::data::{ColumnPath, DataType};
use crate::metric::{GroupStatistic, Metric};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "entropy",
    family: Family::Aggregate,
    scope: Scope::Column,
    nature: Nature::Measured,
    summary: "the entropy of the values lies within bounds",
    parameters: PARAMETERS,
    bare: None,
    page: include_str!("../../../expectations/aggregate/entropy.md"),
    read: |arguments| Ok(Box::new(Entropy { bounds: arguments.bounds()? })),
};

#[derive(Debug)]
struct Entropy {
    bounds: Bounds,
}

impl Expectation for Entropy {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let bounds = self.bounds.bind(&DataType::FLOAT64)?;
        let metric = Metric::Group { grouping: distinct_groups(site)?, statistic: GroupStatistic::Entropy };
        Ok(Lowered::Measured { metrics: vec![metric], demand: Within::value(bounds) })
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        Some(Claim::within(format!("entropy of {}", column?), &self.bounds))
    }

    fn demand(&self) -> String {
        self.bounds.demand()
    }
}

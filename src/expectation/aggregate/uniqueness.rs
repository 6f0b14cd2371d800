//! `uniqueness`: the share of rows whose value occurs once lies within bounds.

use super::super::bounds::{Bounds, MAX, MIN, STRICT_MAX, STRICT_MIN};
use super::super::{Claim, Definition, Expectation, Family, LowerError, Lowered, Nature, Scope, Site};
use super::combinations::{COLUMNS, Combinations};
use super::ratio;
use crate::data::ColumnPath;
use crate::metric::{GroupStatistic, Metric};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "uniqueness",
    family: Family::Aggregate,
    scope: Scope::Either,
    nature: Nature::Measured,
    summary: "the share of rows whose value occurs once lies within bounds",
    parameters: &[COLUMNS, MIN, MAX, STRICT_MIN, STRICT_MAX],
    bare: None,
    page: include_str!("../../../expectations/aggregate/uniqueness.md"),
    read: |arguments| {
        Ok(Box::new(Uniqueness { of: Combinations::read(arguments)?, bounds: arguments.bounds()? }))
    },
};

#[derive(Debug)]
struct Uniqueness {
    of: Combinations,
    bounds: Bounds,
}

impl Expectation for Uniqueness {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let grouping = self.of.groups(site)?;
        let rows = Metric::Count(grouping.filter.clone());
        ratio(Metric::Group { grouping, statistic: GroupStatistic::Singles }, rows, &self.bounds)
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        Some(Claim::within(format!("uniqueness of {}", self.of.named(column)?), &self.bounds))
    }

    fn demand(&self) -> String {
        self.of.demand(&self.bounds)
    }
}

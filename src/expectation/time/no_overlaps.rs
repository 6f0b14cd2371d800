//! `no_overlaps`: no two windows of time overlap.

use super::super::{Definition, Expectation, Family, LowerError, Lowered, Nature, Scope, Site};
use super::windows::{PARAMETERS, Windows};
use crate::predicate::Comparison;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "no_overlaps",
    family: Family::Time,
    scope: Scope::Table,
    nature: Nature::Rows,
    summary: "no two windows of time overlap",
    parameters: PARAMETERS,
    bare: None,
    page: include_str!("../../../expectations/time/no_overlaps.md"),
    read: |arguments| Ok(Box::new(NoOverlaps(Windows::read(arguments)?))),
};

#[derive(Debug)]
struct NoOverlaps(Windows);

impl Expectation for NoOverlaps {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let must_be = if self.0.inclusive { Comparison::Greater } else { Comparison::GreaterOrEqual };
        self.0.lower(site, must_be, false)
    }

    fn demand(&self) -> String {
        self.0.demand()
    }
}

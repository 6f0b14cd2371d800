//! `no_gaps`: no time lies between a window and the next one.

use super::super::{Definition, Expectation, Family, LowerError, Lowered, Nature, Scope, Site};
use super::windows::{PARAMETERS, Windows};
use crate::predicate::Comparison;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "no_gaps",
    family: Family::Time,
    scope: Scope::Table,
    nature: Nature::Rows,
    summary: "no time lies between a window and the next one",
    parameters: PARAMETERS,
    bare: None,
    page: include_str!("../../../expectations/time/no_gaps.md"),
    read: |arguments| Ok(Box::new(NoGaps(Windows::read(arguments)?))),
};

#[derive(Debug)]
struct NoGaps(Windows);

impl Expectation for NoGaps {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        self.0.lower(site, Comparison::LessOrEqual, self.0.inclusive)
    }

    fn demand(&self) -> String {
        self.0.demand()
    }
}

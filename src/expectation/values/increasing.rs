//! `increasing`: every value is at least the one before it.

use super::super::{Claim, Definition, Expectation, Family, LowerError, Lowered, Nature, Scope, Site};
use super::ordered::{Ordered, PARAMETERS};
use crate::data::ColumnPath;
use crate::predicate::Comparison;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "increasing",
    family: Family::Values,
    scope: Scope::Column,
    nature: Nature::Rows,
    summary: "every value is at least the one before it",
    parameters: PARAMETERS,
    bare: None,
    page: include_str!("../../../expectations/values/increasing.md"),
    read: |arguments| Ok(Box::new(Increasing(Ordered::read(arguments)?))),
};

#[derive(Debug)]
struct Increasing(Ordered);

impl Expectation for Increasing {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        self.0.lower(site, Comparison::Greater, Comparison::GreaterOrEqual)
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        self.0.claim("increasing", column)
    }

    fn demand(&self) -> String {
        self.0.demand()
    }
}

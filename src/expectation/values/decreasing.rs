//! `decreasing`: every value is at most the one before it.

use super::super::{Claim, Definition, Expectation, Family, LowerError, Lowered, Nature, Scope, Site};
use super::ordered::{Ordered, PARAMETERS};
use crate::data::ColumnPath;
use crate::predicate::Comparison;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "decreasing",
    family: Family::Values,
    scope: Scope::Column,
    nature: Nature::Rows,
    summary: "every value is at most the one before it",
    parameters: PARAMETERS,
    bare: None,
    page: include_str!("../../../expectations/values/decreasing.md"),
    read: |arguments| Ok(Box::new(Decreasing(Ordered::read(arguments)?))),
};

#[derive(Debug)]
struct Decreasing(Ordered);

impl Expectation for Decreasing {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        self.0.lower(site, Comparison::Less, Comparison::LessOrEqual)
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        self.0.claim("decreasing", column)
    }

    fn demand(&self) -> String {
        self.0.demand()
    }
}

//! `in_past`: every date or time lies in the past.

use super::super::{Claim, Definition, Expectation, Family, LowerError, Lowered, Nature, Scope, Site};
use super::{beside_now, beside_now_claim};
use crate::data::ColumnPath;
use crate::predicate::Comparison;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "in_past",
    family: Family::Values,
    scope: Scope::Column,
    nature: Nature::Rows,
    summary: "every date or time lies in the past",
    parameters: &[],
    bare: None,
    page: include_str!("../../../expectations/values/in_past.md"),
    read: |_| Ok(Box::new(InPast)),
};

#[derive(Debug)]
struct InPast;

impl Expectation for InPast {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        beside_now(site, Comparison::Less)
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        beside_now_claim(column, Comparison::Less)
    }

    fn demand(&self) -> String {
        String::new()
    }
}

//! `in_future`: every date or time lies in the future.

use super::super::{Claim, Definition, Expectation, Family, LowerError, Lowered, Nature, Scope, Site};
use super::{beside_now, beside_now_claim};
use crate::data::ColumnPath;
use crate::predicate::Comparison;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "in_future",
    family: Family::Values,
    scope: Scope::Column,
    nature: Nature::Rows,
    summary: "every date or time lies in the future",
    parameters: &[],
    bare: None,
    page: include_str!("../../../expectations/values/in_future.md"),
    read: |_| Ok(Box::new(InFuture)),
};

#[derive(Debug)]
struct InFuture;

impl Expectation for InFuture {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        beside_now(site, Comparison::Greater)
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        beside_now_claim(column, Comparison::Greater)
    }

    fn demand(&self) -> String {
        String::new()
    }
}

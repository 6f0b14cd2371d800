//! `null`: every value is null.

use super::super::{Claim, Definition, Expectation, Family, LowerError, Lowered, Nature, Scope, Site};
use crate::data::ColumnPath;
use crate::predicate::logic::{Formula, Subject};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "null",
    family: Family::Values,
    scope: Scope::Column,
    nature: Nature::Rows,
    summary: "every value is null",
    parameters: &[],
    bare: None,
    page: include_str!("../../../expectations/values/null.md"),
    read: |_| Ok(Box::new(AllNull)),
};

#[derive(Debug)]
struct AllNull;

impl Expectation for AllNull {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        Ok(site.rule_on_considered(None, site.column()?.is_null()))
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        let holds = Formula::present(&Subject::column(column?)).negated();
        Some(Claim::of_rows("", Formula::always(), &holds))
    }

    fn demand(&self) -> String {
        String::new()
    }
}

//! `not_null`: no value is null.

use super::super::{Definition, Expectation, Family, LowerError, Lowered, Nature, Scope, Site};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "not_null",
    great_expectations: &["expect_column_values_to_not_be_null"],
    family: Family::Values,
    scope: Scope::Column,
    nature: Nature::Rows,
    summary: "no value is null",
    parameters: &[],
    bare: None,
    page: include_str!("../../../expectations/values/not_null.md"),
    read: |_| Ok(Box::new(NotNull)),
};

#[derive(Debug)]
struct NotNull;

impl Expectation for NotNull {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        Ok(site.where_considered(None, site.column()?.is_not_null()))
    }

    fn demand(&self) -> String {
        String::new()
    }
}

//! `readable`: every row of the data's text can be read.

use super::super::{Definition, Expectation, Family, LowerError, Lowered, Nature, Scope, Site};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "readable",
    great_expectations: &[],
    family: Family::Table,
    scope: Scope::Table,
    nature: Nature::Rows,
    summary: "every row of CSV or NDJSON can be read",
    parameters: &[],
    bare: None,
    page: include_str!("../../../expectations/table/readable.md"),
    read: |_| Ok(Box::new(Readable)),
};

#[derive(Debug)]
struct Readable;

impl Expectation for Readable {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        if site.filter.is_always() {
            return Ok(Lowered::Readable);
        }
        Err(LowerError::new("a row that cannot be read has no values that where could ask for"))
    }

    fn counts_malformed(&self) -> bool {
        true
    }

    fn demand(&self) -> String {
        String::new()
    }
}

//! `readable`: every row of a text file can be parsed.

use super::super::{Definition, Expectation, Family, LowerError, Lowered, Nature, Scope, Site};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "readable",
    family: Family::Table,
    scope: Scope::Table,
    nature: Nature::Reading,
    summary: "every row of CSV or NDJSON can be read",
    parameters: &[],
    bare: None,
    page: include_str!("../../../expectations/table/readable.md"),
    read: |_| Ok(Box::new(Readable)),
};

#[derive(Debug)]
struct Readable;

impl Expectation for Readable {
    fn lower(&self, _: &Site<'_>) -> Result<Lowered, LowerError> {
        Ok(Lowered::Readable)
    }

    fn counts_malformed(&self) -> bool {
        true
    }

    fn demand(&self) -> String {
        String::new()
    }
}

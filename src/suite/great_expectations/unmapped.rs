//! What stands for an expectation that karat cannot judge: a check that says why.

use crate::document::Diagnostic;
use crate::expectation::{Definition, Expectation, Family, LowerError, Lowered, Nature, Scope, Site};

/// The definition of checks that cannot be judged. It is not of the catalogue.
pub(in crate::suite) static UNMAPPED: Definition = Definition {
    id: "great_expectations",
    great_expectations: &[],
    family: Family::Table,
    scope: Scope::Either,
    nature: Nature::Rows,
    summary: "an expectation of Great Expectations that karat cannot judge",
    parameters: &[],
    bare: None,
    page: "",
    read: |arguments| Err(Diagnostic::new(arguments.span, UNMAPPED.summary)),
};

/// Why it cannot be judged.
#[derive(Debug)]
pub(in crate::suite) struct Unmapped {
    error: LowerError,
}

impl Unmapped {
    pub(in crate::suite) fn new(why: &Diagnostic) -> Self {
        let error = LowerError::new(why.message.clone());
        Self { error: LowerError { help: why.help.clone(), ..error } }
    }
}

impl Expectation for Unmapped {
    fn lower(&self, _: &Site<'_>) -> Result<Lowered, LowerError> {
        Err(self.error.clone())
    }

    fn demand(&self) -> String {
        String::new()
    }
}

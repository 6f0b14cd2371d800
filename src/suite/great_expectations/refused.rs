//! The definition of checks that karat cannot judge.

use crate::document::Diagnostic;
use crate::expectation::{Definition, Family, Nature, Scope};

/// The definition of checks that cannot be judged. The catalogue does not hold it.
pub(super) static REFUSED: Definition = Definition {
    id: "great_expectations",
    family: Family::Table,
    scope: Scope::Either,
    nature: Nature::Rows,
    summary: "an expectation of Great Expectations that karat cannot judge",
    parameters: &[],
    bare: None,
    page: "",
    read: |arguments| Err(Diagnostic::new(arguments.span, REFUSED.summary)),
};

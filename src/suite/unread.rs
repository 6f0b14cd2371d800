//! The stand-in for a suite that cannot be read, so that every output tells of it as of a check that could not be
//! evaluated.

use super::{Check, Suite, SuiteError, digest};
use crate::document::{Diagnostic, Span};
use crate::expectation::{Definition, Family, Nature, Scope};

/// The definition of the one check of such a suite. The catalogue does not hold it.
static READ: Definition = Definition {
    id: "suite",
    family: Family::Table,
    scope: Scope::Table,
    nature: Nature::Rows,
    summary: "the suite can be read",
    parameters: &[],
    bare: None,
    page: "",
    read: |arguments| Err(Diagnostic::new(arguments.span, READ.summary)),
};

impl Suite {
    /// Returns the stand-in for a suite that cannot be read: its name is its path, and its one check stands where the
    /// first error is.
    #[must_use]
    pub fn unread(path: &str, error: Option<&SuiteError>) -> Self {
        let (text, span) = match error {
            Some(SuiteError::Invalid { text, diagnostics, .. }) => {
                (text.clone(), diagnostics.first().map(|first| first.span).unwrap_or_default())
            }
            _ => (String::new(), Span::default()),
        };
        let why = Diagnostic::new(span, "the suite cannot be read");
        Self {
            checks: vec![Check::refused(&READ, &why)],
            path: path.to_owned(),
            digest: digest(text.as_bytes()),
            text,
            ..Self::named(path.to_owned())
        }
    }
}

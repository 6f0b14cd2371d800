//! The stand-in for a suite that cannot be read, so that every output tells of it as of a check that could not be
//! evaluated.

use std::sync::Arc;

use super::adopted::RefusedExpectation;
use super::{Check, Severity, Suite, SuiteError, Thresholds, digest};
use crate::data::Dialect;
use crate::document::{Diagnostic, Node, Span};
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
        let check = Check {
            id: READ.id.to_owned(),
            name: READ.id.to_owned(),
            summary: READ.summary.to_owned(),
            definition: &READ,
            column: None,
            expectation: Arc::new(RefusedExpectation::new(&why)),
            arguments: serde_json::json!({}),
            filters: Vec::new(),
            group_by: Vec::new(),
            thresholds: Thresholds::default(),
            severity: Severity::default(),
            description: None,
            tags: Vec::new(),
            samples: None,
            argument: Some(Node::derived_plain("", span)),
            origin: None,
            span,
            usage: None,
        };
        Self {
            name: path.to_owned(),
            layer: None,
            data: None,
            data_span: Span::default(),
            dialect: Dialect::default(),
            description: None,
            owner: None,
            key: Vec::new(),
            key_span: Span::default(),
            pii: Vec::new(),
            pii_span: Span::default(),
            checks: vec![check],
            path: path.to_owned(),
            digest: digest(text.as_bytes()),
            text,
        }
    }
}

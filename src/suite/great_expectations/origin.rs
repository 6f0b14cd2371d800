//! What a check was before it was karat's.

use crate::document::Diagnostic;

/// The expectation of Great Expectations that a check comes from, as its suite writes it.
#[derive(Clone, Debug, PartialEq)]
pub struct GreatExpectation {
    /// Its type: `expect_column_values_to_be_in_set`.
    pub expectation: String,
    /// Its arguments.
    pub kwargs: serde_json::Value,
    /// What its author keeps with it; null if nothing.
    pub meta: serde_json::Value,
    /// Its id, where it has one.
    pub id: Option<String>,
    /// Its notes, a text or texts; null if it has none.
    pub notes: serde_json::Value,
    /// Its description, where it has one.
    pub description: Option<String>,
    /// Why karat cannot judge it, where it cannot.
    pub unmapped: Option<Diagnostic>,
}

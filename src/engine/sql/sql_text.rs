//! Printed SQL, with what must be true of the rows for it to mean what the expression means.

use std::collections::BTreeMap;

/// An expression as SQL of a dialect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sql {
    /// The text, which stands for itself within any other expression.
    pub text: String,
    /// What no row may be: a condition that is true on such rows, and the reason for which the expression would
    /// mean something else there.
    pub guards: Guards,
}

/// Conditions that no row may meet, each with the reason.
pub type Guards = BTreeMap<String, String>;

/// The reason why an expression has no SQL of exactly its meaning in a dialect.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct NotPushable {
    /// The reason, as a lower-case fragment.
    pub why: String,
}

impl NotPushable {
    /// Returns the reason.
    pub(super) fn new(why: impl Into<String>) -> Self {
        Self { why: why.into() }
    }
}

//! The error of a suite that cannot be bound to a schema at all.

use crate::document::Span;

/// A suite that names, for all of its checks, a column that the table does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
#[non_exhaustive]
pub struct BindError {
    /// The missing column, as a lower-case fragment.
    pub message: String,
    /// A similar name that exists, or another suggestion.
    pub help: Option<String>,
    /// Position of the name in the suite's text; `None` if the caller gave the name.
    pub span: Option<Span>,
}

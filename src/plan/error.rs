//! Why a suite does not fit a table as a whole.

use crate::document::Span;

/// A suite that speaks of columns which the table does not have, for all of its checks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
#[non_exhaustive]
pub struct BindError {
    /// Which, as a lower-case fragment.
    pub message: String,
    /// The nearest right name.
    pub help: Option<String>,
    /// Where the suite's text names it; nowhere if a caller did.
    pub span: Option<Span>,
}

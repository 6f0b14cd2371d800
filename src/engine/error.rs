//! Why nothing could be measured.

use crate::source::SourceError;

/// A read that failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// A file cannot be read to its end.
    #[error("cannot read {file}: {reason}")]
    File {
        /// The file.
        file: String,
        /// What the engine said.
        reason: String,
    },
    /// The query failed.
    #[error("the engine failed: {reason}")]
    Query {
        /// What it said.
        reason: String,
    },
    /// The frame could not be set up.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Somebody asked to stop.
    #[error("cancelled")]
    Cancelled,
}

impl From<polars::error::PolarsError> for EngineError {
    fn from(error: polars::error::PolarsError) -> Self {
        Self::Query { reason: error.to_string() }
    }
}

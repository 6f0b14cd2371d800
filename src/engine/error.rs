//! Why nothing could be measured.

use crate::data::ColumnPath;
use crate::metric::Misshapen;
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
    /// What memory does not hold cannot be put aside either.
    #[error(transparent)]
    Spill(#[from] SpillError),
    /// Another engine has opened the data.
    #[error("the data was opened by another engine")]
    Foreign,
    /// No thread of the engine is left that would run a query.
    #[error("the engine's threads ended after a query that failed before: what is left needs a new process")]
    NoWorkers,
    /// Somebody asked to stop.
    #[error("cancelled")]
    Cancelled,
}

/// What memory does not hold cannot be put aside either.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "some {needed} bytes of keys and values are more than the memory that there is for them, and cannot be put \
     aside in {folder}: {reason}; make room there, name another folder by TMPDIR, or give more --memory"
)]
pub struct SpillError {
    /// The folder.
    pub folder: String,
    /// How many bytes are needed there, as far as is known.
    pub needed: u64,
    /// What the system says.
    pub reason: String,
}

impl EngineError {
    /// Whether a query failed that could be set up, and neither the data nor a wish to stop is known to
    /// be the reason: or that what it gave could not be kept.
    pub(super) fn is_of_query(&self) -> bool {
        matches!(self, Self::Query { .. } | Self::Spill(_))
    }

    /// The error in words that quote no personal data: the engine's own words may quote any value.
    #[must_use]
    pub fn without_personal(&self, pii: &[ColumnPath]) -> String {
        match self {
            Self::File { file, .. } if !pii.is_empty() => {
                let file = without_partitions(pii, file);
                format!(
                    "cannot read {file}: the engine's message is withheld, since it may quote personal data"
                )
            }
            Self::Query { .. } if !pii.is_empty() => {
                "the engine failed; its message is withheld, since it may quote personal data".to_owned()
            }
            other => without_partitions(pii, &other.to_string()),
        }
    }
}

/// The text without the values of personal columns that paths of partitions in it hold.
#[must_use]
pub fn without_partitions(pii: &[ColumnPath], text: &str) -> String {
    let segments = text.split('/').map(|segment| match segment.split_once('=') {
        Some((before, _)) if pii.iter().any(|personal| before.ends_with(&personal.to_string())) => {
            format!("{before}=(masked)")
        }
        _ => segment.to_owned(),
    });
    segments.collect::<Vec<_>>().join("/")
}

impl From<Misshapen> for EngineError {
    fn from(error: Misshapen) -> Self {
        Self::Query { reason: error.to_string() }
    }
}

//! Why nothing could be measured.

use crate::metric::Misshapen;
use crate::privacy::Untrusted;
use crate::source::SourceError;

/// A read that failed. What it says of itself quotes nothing of the data, nor the names of files, in which
/// values of partitions stand: [`EngineError::untrusted`] has all of it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// A file cannot be read to its end.
    #[error("a file cannot be read; the engine's message is withheld, since it may quote data")]
    File {
        /// The file.
        file: Untrusted,
        /// What the engine said.
        reason: Untrusted,
    },
    /// The query failed.
    #[error("the engine failed; its message is withheld, since it may quote data")]
    Query {
        /// What it said.
        reason: Untrusted,
    },
    /// The frame could not be set up.
    #[error("the data cannot be read")]
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
    /// Returns whether a query failed that could be set up, and neither the data nor a wish to stop is known to be
    /// the reason: or that what it gave could not be kept.
    pub(super) fn is_of_query(&self) -> bool {
        matches!(self, Self::Query { .. } | Self::Spill(_))
    }

    /// The error in words, which [`Privacy::text`](crate::privacy::Privacy::text) shows.
    #[must_use]
    pub fn untrusted(&self) -> Untrusted {
        match self {
            Self::File { file, reason } => Untrusted::places("cannot read ").then(file).quoting(
                ": ",
                reason,
                ": the engine's message is withheld, since it may quote personal data",
            ),
            Self::Query { reason } => Untrusted::places("the engine failed").quoting(
                ": ",
                reason,
                "; its message is withheld, since it may quote personal data",
            ),
            Self::Source(error) => Untrusted::places(error.to_string()),
            other => Untrusted::places(other.to_string()),
        }
    }
}

impl From<Misshapen> for EngineError {
    fn from(error: Misshapen) -> Self {
        Self::Query { reason: error.to_string().into() }
    }
}

//! The errors by which a measurement fails as a whole.

use crate::metric::Misshapen;
use crate::privacy::Untrusted;
use crate::source::SourceError;

/// A read that failed. The error's own text quotes neither data nor names of files, which may contain
/// partition values; [`EngineError::untrusted`] has the full text.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// A file cannot be read to its end.
    #[error("a file cannot be read; the engine's message is withheld, since it may quote data")]
    File {
        /// The name of the file.
        file: Untrusted,
        /// The message of the engine.
        reason: Untrusted,
    },
    /// The query failed.
    #[error("the engine failed; its message is withheld, since it may quote data")]
    Query {
        /// The message of the engine.
        reason: Untrusted,
    },
    /// The frame could not be set up.
    #[error("the data cannot be read")]
    Source(#[from] SourceError),
    /// Data that exceeds the memory limit could not be spilled.
    #[error(transparent)]
    Spill(#[from] SpillError),
    /// The data was opened by another engine.
    #[error("the data was opened by another engine")]
    Foreign,
    /// The system has no numbers of rows, by which failing ones are found again.
    #[error(
        "{system} does not number the rows of its tables: karat check judges them, but they are neither listed nor divided"
    )]
    Unnumbered {
        /// The system.
        system: &'static str,
    },
    /// No thread of the engine is left to run a query.
    #[error("the engine's threads ended after a query that failed before: what is left needs a new process")]
    NoWorkers,
    /// The caller cancelled the run.
    #[error("cancelled")]
    Cancelled,
}

/// Data that exceeds the memory limit could not be spilled to a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "some {needed} bytes of keys and values are more than the memory that there is for them, and cannot be put \
     aside in {folder}: {reason}; make room there, name another folder by TMPDIR, or give more --memory"
)]
pub struct SpillError {
    /// The folder of the spilled files.
    pub folder: String,
    /// Number of bytes needed in the folder, as far as known.
    pub needed: u64,
    /// The message of the operating system.
    pub reason: String,
}

impl EngineError {
    /// Returns whether a query that could be set up failed, without the data or a cancellation as the known
    /// cause, or whether its result could not be spilled.
    pub(super) fn is_of_query(&self) -> bool {
        matches!(self, Self::Query { .. } | Self::Spill(_))
    }

    /// Returns the full text of the error, which [`Privacy::text`](crate::privacy::Privacy::text) shows.
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

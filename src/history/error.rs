//! What goes wrong with a history.

use std::error::Error;
use std::fmt;
use std::io;

/// A history that cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// The history cannot be read.
    #[error("the history {place} cannot be read")]
    Read {
        /// The folder or the table.
        place: String,
        /// The error of the file system or of the table.
        source: Box<dyn Error + Send + Sync>,
    },
    /// A run cannot be written.
    #[error("the run cannot be kept in the history {place}")]
    Write {
        /// The folder or the table.
        place: String,
        /// The error of the file system or of the table.
        source: Box<dyn Error + Send + Sync>,
    },
    /// A file cannot be deleted.
    #[error("{file} cannot be deleted")]
    Delete {
        /// The file.
        file: String,
        /// The error of the file system.
        source: io::Error,
    },
    /// Runs cannot be deleted from a table.
    #[error("no run can be deleted from {table}: {reason}")]
    Prune {
        /// The table.
        table: String,
        /// What prevents it.
        reason: String,
    },
    /// A Delta table is of something else.
    #[error("{table} is no history of karat: {reason}")]
    Foreign {
        /// The table.
        table: String,
        /// What tells.
        reason: String,
    },
}

/// Something in a history that is no run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The name of the file, or the id of the run whose rows it should be.
    pub file: String,
    /// Why it is none.
    pub reason: String,
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is no run: {}", self.file, self.reason)
    }
}

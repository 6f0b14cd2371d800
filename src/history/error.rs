//! What goes wrong with a history.

use std::fmt;
use std::io;

/// A history that cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// The folder cannot be read.
    #[error("the history {folder} cannot be read")]
    Read {
        /// The folder.
        folder: String,
        /// The error of the file system.
        source: io::Error,
    },
    /// A run cannot be written.
    #[error("the run cannot be kept in the history {folder}")]
    Write {
        /// The folder.
        folder: String,
        /// The error of the file system.
        source: io::Error,
    },
    /// A file cannot be deleted.
    #[error("{file} cannot be deleted")]
    Delete {
        /// The file.
        file: String,
        /// The error of the file system.
        source: io::Error,
    },
}

/// A file of a history's folder that is no run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The name of the file.
    pub file: String,
    /// Why it is none.
    pub reason: String,
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is no run: {}", self.file, self.reason)
    }
}

//! Why rows were not written.

use std::io;

use super::provenance::Earlier;
use crate::source::SourceError;

/// An error of writing rows. Each names the destination, without credentials. Unless it says otherwise, the destination is as it
/// was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SinkError {
    /// The destination, or the log of a table there, cannot be opened.
    #[error("{to} cannot be written to")]
    Open {
        /// The destination.
        to: String,
        /// Why it cannot be opened.
        source: SourceError,
    },
    /// A Parquet file is there, and is not to be overwritten.
    #[error("{to} is there already, and is not overwritten unless that is asked for")]
    Exists {
        /// The destination.
        to: String,
    },
    /// The destination is none that rows can be written to right.
    #[error("{to} cannot be written to: {reason}")]
    Unsupported {
        /// The destination.
        to: String,
        /// What it is or asks for, by name.
        reason: String,
    },
    /// A Delta table keeps no deletion vectors, by which rows are deleted in place.
    #[error("{to} cannot have rows deleted in place: {reason}")]
    NoVectors {
        /// The table.
        to: String,
        /// What it lacks.
        reason: String,
    },
    /// A column does not fit the table, or its type is none that the table can have.
    #[error("{to} cannot take the column {column}: {reason}")]
    Column {
        /// The destination.
        to: String,
        /// The column.
        column: String,
        /// What does not fit, without values.
        reason: String,
    },
    /// The store refused what was sent, or did not answer.
    #[error("cannot write {to}: {reason}")]
    Store {
        /// The destination.
        to: String,
        /// The answer of the store, without secrets.
        reason: String,
    },
    /// The file system returned an error.
    #[error("cannot write {to}")]
    Io {
        /// The destination.
        to: String,
        /// The error of the file system, such as that of a full disk.
        source: io::Error,
    },
    /// Rows cannot be encoded.
    #[error("cannot write {to} as Parquet: {reason}")]
    Encode {
        /// The destination.
        to: String,
        /// What went wrong, without values.
        reason: String,
    },
    /// Somebody else has changed the table meanwhile in a way that matters.
    #[error("{to} was changed by others meanwhile: {reason}; nothing was written")]
    Conflict {
        /// The destination.
        to: String,
        /// What they changed, and in which version.
        reason: String,
    },
    /// Somebody else has committed the same part of the same input meanwhile.
    #[error("{to} has the same rows already: another run has written them meanwhile; nothing was written")]
    Already {
        /// The destination.
        to: String,
        /// Their commit.
        earlier: Box<Earlier>,
    },
    /// The store did not answer a commit, and does not say whether it is there.
    #[error(
        "it is not known whether {to} was written, since the store did not answer: {reason}; running again finds out, and \
         writes nothing twice"
    )]
    Unknown {
        /// The destination.
        to: String,
        /// The answer of the store, without secrets.
        reason: String,
    },
}

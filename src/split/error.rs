//! The reasons why a table is not split.

use arrow::error::ArrowError;

use crate::engine::EngineError;
use crate::run::UnknownRows;
use crate::sink::SinkError;

/// The reason why a table was not split. Nothing was written, unless the error says so.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SplitError {
    /// The data could not be judged at all.
    #[error("the data could not be judged: {reason}")]
    Unjudged {
        /// The reason.
        reason: String,
    },
    /// The failing rows of a check are not known.
    #[error(transparent)]
    Unknown(#[from] UnknownRows),
    /// Checks that stop a split have failed.
    #[error("nothing was written, since {} failed (on_fail: stop)", .checks.join(", "))]
    Stopped {
        /// The ids of the checks.
        checks: Vec<String>,
    },
    /// A column of the data cannot be read, and would be lost.
    #[error("the column {column:?} cannot be read, and would be lost: {reason}")]
    Unread {
        /// The name of the column.
        column: String,
        /// The reason.
        reason: String,
    },
    /// A column that is wanted is not there.
    #[error("{message}")]
    NoColumn {
        /// The reason.
        message: String,
        /// The nearest right name, if there is one.
        help: Option<String>,
    },
    /// The rows could not be read.
    #[error("the rows cannot be read")]
    Read(#[from] EngineError),
    /// The rows could not be put together with their reasons.
    #[error("the rows cannot be put together with their reasons")]
    Batch(#[from] ArrowError),
    /// A destination could not be written.
    #[error(transparent)]
    Write(#[from] SinkError),
    /// Rows of this data cannot be deleted where they are.
    #[error("rows cannot be put aside in place: {0}")]
    NotInPlace(String),
    /// A split in place has ended between its two commits.
    #[error(
        "{to} has rows of version {version} that are still in the table, since a split has ended in between: split that version \
         first"
    )]
    Unfinished {
        /// The quarantine.
        to: String,
        /// The version of the table.
        version: u64,
    },
    /// The quarantine has rows that could not be deleted.
    #[error("{to} has the rows of version {version}, and they are still in the table")]
    Half {
        /// The quarantine.
        to: String,
        /// The version of the table.
        version: u64,
        /// Why they were not deleted.
        source: Box<SinkError>,
    },
    /// Rows could not be deleted, and are not in the quarantine any more.
    #[error("the rows of version {version} could not be deleted, and were taken out of {to} again")]
    Withdrawn {
        /// The quarantine.
        to: String,
        /// The version of the table.
        version: u64,
        /// Why they were not deleted.
        source: Box<SinkError>,
    },
    /// Both parts would go to one place, or one of them into the data itself.
    #[error("{0}")]
    Places(String),
    /// The parts do not have as many rows as the data.
    #[error(
        "{valid} valid rows and {quarantined} in the quarantine were read, of {rows}: nothing was written"
    )]
    Miscounted {
        /// Number of valid rows.
        valid: u64,
        /// Number of rows of the quarantine.
        quarantined: u64,
        /// Number of rows of the data.
        rows: u64,
    },
    /// One part was written by an earlier split of the same data that is not this one.
    #[error("{to} already has these rows, of {what}: the other part would not fit them")]
    Different {
        /// The destination that has them.
        to: String,
        /// The suite and the run that split them.
        what: String,
    },
}

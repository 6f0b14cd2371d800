//! The errors of opening and reading data.

/// An error that prevents data from being opened or read correctly.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// The location holds nothing.
    #[error("nothing lies at {uri}{}", near.as_ref().map_or_else(String::new, |near| format!("; did you mean {near}?")))]
    Missing {
        /// The URI that was given.
        uri: String,
        /// The URI of a sibling with a similar name.
        near: Option<String>,
    },
    /// The location holds no data of a known format.
    #[error("{uri} holds no table: {reason}")]
    NotATable {
        /// The URI that was given.
        uri: String,
        /// What was looked for.
        reason: String,
    },
    /// The location, or a feature of its data, is not supported.
    #[error("{uri} cannot be opened: {reason}")]
    Unsupported {
        /// The URI that was given.
        uri: String,
        /// The unsupported feature, by name.
        reason: String,
    },
    /// The file system returned an error.
    #[error("cannot read {path}")]
    Io {
        /// The file or folder.
        path: String,
        /// The error of the file system.
        source: std::io::Error,
    },
    /// The disk is too full for files that are fetched, or written while data is read.
    #[error(
        "no room in the temporary folder {folder}: about {needed} bytes are needed there for {path}; \
         TMPDIR names another folder"
    )]
    NoRoom {
        /// The temporary folder.
        folder: String,
        /// The data file or URI that needs the room.
        path: String,
        /// The estimated number of bytes that are needed.
        needed: u64,
    },
    /// The object store returned an error or did not answer.
    #[error("cannot read {uri}: {reason}")]
    Store {
        /// The object, folder or table.
        uri: String,
        /// The error of the store, without secrets.
        reason: String,
    },
    /// A file is not a complete Parquet file.
    #[error("cannot read {path} as Parquet: {reason}")]
    Corrupt {
        /// The file.
        path: String,
        /// What is wrong with the file.
        reason: String,
    },
    /// A row of a text file is malformed.
    #[error("cannot read {path}: line {line}: {reason}")]
    Malformed {
        /// The file.
        path: String,
        /// The line where the row begins, from 1.
        line: u64,
        /// What is wrong with the row, without a quote of its values.
        reason: String,
        /// How the user can fix the problem.
        help: Option<String>,
    },
    /// A file cannot be read as its format.
    #[error("cannot read {path}: {reason}")]
    Unreadable {
        /// The file.
        path: String,
        /// What is wrong with the file.
        reason: String,
    },
    /// A file that a table's log names is missing.
    #[error("{path} is not there, and the table's log names it: it was removed, perhaps by a vacuum")]
    Gone {
        /// The file.
        path: String,
    },
    /// A data file differs in size or row count from its entry in the table's log.
    #[error(
        "{path} has {file} {of}, and the table's log says {log}: it was replaced, or is not whole; \
         restore the file, or write the table anew"
    )]
    Contradiction {
        /// The file.
        path: String,
        /// The unit: `bytes` or `rows`.
        of: &'static str,
        /// The number according to the log.
        log: u64,
        /// The number according to the file.
        file: u64,
    },
    /// A path names a pipe, a socket or a device instead of a file.
    #[error("{path} is {what}, not a file: data is read from files alone, since it is read more than once")]
    NoFile {
        /// The path.
        path: String,
        /// The kind of the path, such as `a named pipe`.
        what: &'static str,
    },
    /// A file changed after it was opened.
    #[error("{path} was {how} while it was being judged")]
    Changed {
        /// The file.
        path: String,
        /// What happened to the file, such as `rewritten`.
        how: &'static str,
    },
    /// The files of one dataset have conflicting schemas.
    #[error("{path} does not fit the table: {reason}")]
    Mismatch {
        /// The file.
        path: String,
        /// What does not fit.
        reason: String,
    },
    /// Nothing can be published into a table.
    #[error("nothing can be published into {uri}: {reason}")]
    Unpublishable {
        /// The table.
        uri: String,
        /// What stands against it, by name.
        reason: String,
    },
    /// The Delta log cannot be read.
    #[error("cannot read the Delta log of {uri}: {reason}")]
    Log {
        /// The table.
        uri: String,
        /// The message of the Delta kernel.
        reason: String,
    },
    /// The engine could not set up the read.
    #[error("cannot set up the read of {uri}")]
    Engine {
        /// The table.
        uri: String,
        /// The message of the engine.
        source: EngineMessage,
    },
}

/// The message of an engine, which may quote any value of the data.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct EngineMessage(String);

impl EngineMessage {
    pub(crate) fn of(error: &impl std::error::Error) -> Self {
        Self(error.to_string())
    }
}

impl SourceError {
    /// Raises the number of needed bytes of `NoRoom` to at least `bytes`; returns any other error as it is.
    pub(crate) fn needing(self, bytes: u64) -> Self {
        match self {
            Self::NoRoom { folder, path, needed } => Self::NoRoom { folder, path, needed: needed.max(bytes) },
            other => other,
        }
    }

    /// Returns how the user can fix the problem, if known.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        match self {
            Self::Malformed { help, .. } => help.as_deref(),
            Self::Missing { near: None, uri } if !uri.contains("://") => Some(
                "a path is as seen from the folder of karat.yml, or from the one that karat runs in where there is none",
            ),
            Self::NotATable { .. } => Some(
                "name a Delta table, or a file, folder or pattern of Parquet, CSV, NDJSON or Arrow \
                 (see karat explain formats)",
            ),
            Self::Corrupt { path, .. } if !says_its_kind(path) => Some(
                "a file is read as Parquet unless its name ends in .csv, .tsv, .ndjson, .jsonl or .arrow, or a suite \
                 says its format: (see karat explain formats)",
            ),
            Self::Corrupt { reason, .. } if reason == EMPTY => {
                Some("it was not written to its end: even a table without rows has a footer")
            }
            Self::Unreadable { reason, .. } if reason.starts_with("it is empty") => {
                Some("a table without rows has a header at least")
            }
            _ => None,
        }
    }
}

/// The reason why a Parquet file of no bytes is corrupt.
pub(crate) const EMPTY: &str = "the file is empty";

/// Returns whether the extension of a path names a data format.
fn says_its_kind(path: &str) -> bool {
    const ENDS: [&str; 10] =
        ["parquet", "pq", "csv", "tsv", "ndjson", "jsonl", "arrow", "arrows", "feather", "ipc"];
    let path = path.to_lowercase();
    let path = path.strip_suffix(".gz").unwrap_or(&path);
    path.rsplit_once('.').is_some_and(|(_, end)| ENDS.contains(&end))
}

//! Why data cannot be opened.

/// Data that cannot be opened, or not be read right.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// Nothing lies there.
    #[error("nothing lies at {uri}{}", near.as_ref().map_or_else(String::new, |near| format!("; did you mean {near}?")))]
    Missing {
        /// Where.
        uri: String,
        /// What lies beside it under nearly the same name.
        near: Option<String>,
    },
    /// No data of a known format lies there.
    #[error("{uri} holds no table: {reason}")]
    NotATable {
        /// Where.
        uri: String,
        /// What was looked for.
        reason: String,
    },
    /// The place is of a kind that is not read.
    #[error("{uri} cannot be opened: {reason}")]
    Unsupported {
        /// Where.
        uri: String,
        /// What is not supported, by name.
        reason: String,
    },
    /// The file system refused.
    #[error("cannot read {path}")]
    Io {
        /// The file or folder.
        path: String,
        /// What the file system said.
        source: std::io::Error,
    },
    /// There is no room for what is fetched, or written while data is read.
    #[error(
        "no room in the temporary folder {folder}: about {needed} bytes are needed there for {path}; \
         TMPDIR names another folder"
    )]
    NoRoom {
        /// The temporary folder.
        folder: String,
        /// The data that it is for.
        path: String,
        /// How much of it has to lie there.
        needed: u64,
    },
    /// The object store refused, or did not answer.
    #[error("cannot read {uri}: {reason}")]
    Store {
        /// The object, folder or table.
        uri: String,
        /// What the store said, without secrets.
        reason: String,
    },
    /// A file is not a whole Parquet file.
    #[error("cannot read {path} as Parquet: {reason}")]
    Corrupt {
        /// The file.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A row of text makes no sense.
    #[error("cannot read {path}: line {line}: {reason}")]
    Malformed {
        /// The file.
        path: String,
        /// The line where the row begins, from 1.
        line: u64,
        /// What is wrong with it, which quotes nothing of it.
        reason: String,
        /// The way out.
        help: Option<String>,
    },
    /// A file is not what it should be.
    #[error("cannot read {path}: {reason}")]
    Unreadable {
        /// The file.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A file that a table's log names is not there.
    #[error("{path} is not there, and the table's log names it: it was removed, perhaps by a vacuum")]
    Gone {
        /// The file.
        path: String,
    },
    /// A data file is not the one that its table's log speaks of.
    #[error(
        "{path} has {file} {of}, and the table's log says {log}: it was replaced, or is not whole; \
         restore the file, or write the table anew"
    )]
    Contradiction {
        /// The file.
        path: String,
        /// What is counted: bytes or rows.
        of: &'static str,
        /// How many the log says that there are.
        log: u64,
        /// How many there are, by the file itself.
        file: u64,
    },
    /// What should be a file is a pipe, a socket or a device.
    #[error("{path} is {what}, not a file: data is read from files alone, since it is read more than once")]
    NoFile {
        /// Where it lies.
        path: String,
        /// What it is.
        what: &'static str,
    },
    /// A file is not the one that was opened any more.
    #[error("{path} was {how} while it was being judged")]
    Changed {
        /// The file.
        path: String,
        /// What happened to it.
        how: &'static str,
    },
    /// Files of one dataset do not fit each other.
    #[error("{path} does not fit the table: {reason}")]
    Mismatch {
        /// The file.
        path: String,
        /// What does not fit.
        reason: String,
    },
    /// The Delta log cannot be read.
    #[error("cannot read the Delta log of {uri}: {reason}")]
    Log {
        /// The table.
        uri: String,
        /// What the kernel said.
        reason: String,
    },
    /// The engine could not set up the read.
    #[error("cannot set up the read of {uri}")]
    Engine {
        /// The table.
        uri: String,
        /// What the engine said.
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
    /// The same, where so much room is needed at least.
    pub(crate) fn needing(self, bytes: u64) -> Self {
        match self {
            Self::NoRoom { folder, path, needed } => Self::NoRoom { folder, path, needed: needed.max(bytes) },
            other => other,
        }
    }

    /// The way out, where one is known.
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

/// What a Parquet file of no bytes is.
pub(crate) const EMPTY: &str = "the file is empty";

/// Returns whether the name of a file says what kind of data it is.
fn says_its_kind(path: &str) -> bool {
    const ENDS: [&str; 10] =
        ["parquet", "pq", "csv", "tsv", "ndjson", "jsonl", "arrow", "arrows", "feather", "ipc"];
    let path = path.to_lowercase();
    let path = path.strip_suffix(".gz").unwrap_or(&path);
    path.rsplit_once('.').is_some_and(|(_, end)| ENDS.contains(&end))
}

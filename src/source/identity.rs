//! The exact data that is judged: where it lies, its version, its size.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{DataFile, TableDetails};
use crate::data::FileFormat;

/// The version of a table to open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum At {
    /// The newest one.
    #[default]
    Latest,
    /// This one.
    Version(u64),
    /// The newest one committed at this time or before.
    Timestamp(DateTime<Utc>),
    /// The rows that these versions inserted, or updated to what they are now; to the newest one, if
    /// no last one is given.
    Changes {
        /// The first version.
        from: u64,
        /// The last version.
        to: Option<u64>,
    },
}

/// What a snapshot is.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Where it lies, without credentials.
    pub uri: String,
    /// How it is stored.
    pub format: Format,
    /// The version of its table.
    pub version: Option<u64>,
    /// The version since which it is but what was changed, if it is.
    pub changes_from: Option<u64>,
    /// When the version was committed.
    pub committed: Option<DateTime<Utc>>,
    /// How many data files it has; none in memory.
    pub files: Option<u64>,
    /// The size of its data files.
    pub bytes: Option<u64>,
    /// How many rows its metadata speaks of.
    pub rows: Option<u64>,
    /// The digest of its files' names, sizes and footers.
    pub digest: Option<String>,
    /// What the log of its table says of it.
    pub table: Option<Arc<TableDetails>>,
}

impl Identity {
    /// That of files without a version.
    pub(crate) fn of_files(uri: &str, format: Format, files: &[DataFile], digest: String) -> Self {
        Self {
            uri: uri.to_owned(),
            format,
            version: None,
            changes_from: None,
            committed: None,
            files: Some(u64::try_from(files.len()).unwrap_or(u64::MAX)),
            bytes: Some(files.iter().map(|file| file.bytes).sum()),
            rows: Some(files.iter().map(DataFile::live_rows).sum()),
            digest: Some(digest),
            table: None,
        }
    }
}

/// How a snapshot is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A Delta table.
    Delta,
    /// Parquet files.
    Parquet,
    /// CSV files.
    Csv,
    /// NDJSON files.
    Ndjson,
    /// Arrow IPC files or streams.
    Arrow,
    /// A frame in memory.
    Memory,
}

impl From<FileFormat> for Format {
    fn from(format: FileFormat) -> Self {
        match format {
            FileFormat::Parquet => Self::Parquet,
            FileFormat::Csv => Self::Csv,
            FileFormat::Ndjson => Self::Ndjson,
            FileFormat::Arrow => Self::Arrow,
        }
    }
}

impl Format {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Delta => "delta",
            Self::Parquet => "parquet",
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
            Self::Arrow => "arrow",
            Self::Memory => "memory",
        }
    }
}

/// What was asked of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NetworkUse {
    /// Requests, those among them that were repeated.
    pub requests: u64,
    /// The bytes of all answers: listings, logs, footers and columns.
    pub bytes: u64,
}

//! The exact data that is judged: its location, version and size.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{DataFile, TableDetails};
use crate::data::FileFormat;

/// The version of a table to open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum At {
    /// The newest version.
    #[default]
    Latest,
    /// The version of this number.
    Version(u64),
    /// The newest version committed at or before this time.
    Timestamp(DateTime<Utc>),
    /// The rows that a range of versions inserted, and the new values of those that it updated.
    Changes {
        /// The first version.
        from: u64,
        /// The last version; `None` for the newest.
        to: Option<u64>,
    },
}

/// The identity of a snapshot.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The URI of the data, without credentials.
    pub uri: String,
    /// The storage format.
    pub format: Format,
    /// The version of the table, if the data is one.
    pub version: Option<u64>,
    /// The first version of the range, if the snapshot holds only the changes of a range of versions.
    pub changes_from: Option<u64>,
    /// The time at which the version was committed.
    pub committed: Option<DateTime<Utc>>,
    /// Number of data files; `None` for data in memory.
    pub files: Option<u64>,
    /// The total size of the data files, in bytes.
    pub bytes: Option<u64>,
    /// Number of rows according to the metadata.
    pub rows: Option<u64>,
    /// The digest of the names, sizes and footers of the files.
    pub digest: Option<String>,
    /// The metadata in the log of the table, if the data is one.
    pub table: Option<Arc<TableDetails>>,
    /// The files that are no part of the table so far, if the snapshot is the table as it would be with them.
    /// The numbers of files, bytes and rows count them too.
    pub staged: Option<StagedIdentity>,
}

/// The identity of files that are to be appended to a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StagedIdentity {
    /// The URI of the files, without credentials.
    pub uri: String,
    /// Number of files.
    pub files: u64,
    /// Number of rows.
    pub rows: u64,
    /// The size of the files, in bytes.
    pub bytes: u64,
    /// The digest of all bytes of the files, and of the partitions to which they belong.
    pub digest: String,
}

impl Identity {
    /// Returns the identity of data of which nothing is known but where it lies.
    pub(crate) fn of(uri: &str, format: Format) -> Self {
        Self {
            uri: uri.to_owned(),
            format,
            version: None,
            changes_from: None,
            committed: None,
            files: None,
            bytes: None,
            rows: None,
            digest: None,
            table: None,
            staged: None,
        }
    }

    /// Returns the identity of files without a version.
    pub(crate) fn of_files(uri: &str, format: Format, files: &[DataFile], digest: String) -> Self {
        Self {
            files: Some(u64::try_from(files.len()).unwrap_or(u64::MAX)),
            bytes: Some(files.iter().map(|file| file.bytes).sum()),
            rows: Some(files.iter().map(DataFile::live_rows).sum()),
            digest: Some(digest),
            ..Self::of(uri, format)
        }
    }
}

/// The storage format of a snapshot.
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
    /// A table of a DuckDB database.
    DuckDb,
    /// A table of a PostgreSQL database.
    Postgres,
    /// A table of Redshift.
    Redshift,
    /// A table or a view of Databricks.
    Databricks,
    /// A table of a catalogue of Spark.
    Spark,
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
    /// Returns the name of the format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Delta => "delta",
            Self::Parquet => "parquet",
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
            Self::Arrow => "arrow",
            Self::Memory => "memory",
            Self::DuckDb => "duckdb",
            Self::Postgres => "postgres",
            Self::Redshift => "redshift",
            Self::Databricks => "databricks",
            Self::Spark => "spark",
        }
    }
}

/// The traffic with an object store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NetworkUse {
    /// Number of requests, including retries.
    pub requests: u64,
    /// Number of bytes of all answers: listings, logs, footers and columns.
    pub bytes: u64,
}

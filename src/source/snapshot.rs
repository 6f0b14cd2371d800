//! What is judged.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use polars::prelude::LazyFrame;

use super::store::Traffic;
use super::{DataFile, FileSet, SourceError, TableDetails, Took, Wanted};
use crate::data::{Doubts, FileFormat, Schema};

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

/// The exact data that a run judges.
pub struct Snapshot {
    /// What it is, for the report.
    pub identity: Identity,
    /// Its columns.
    pub schema: Schema,
    /// Its rows.
    pub rows: Rows,
    /// What is asked of the store in which it lies, if it lies in one.
    pub(crate) traffic: Option<Arc<Traffic>>,
}

/// Where the rows of a snapshot are.
pub enum Rows {
    /// In Parquet files, as they are or written from others.
    Files(FileSet),
    /// In a frame of the caller.
    Frame(Box<LazyFrame>),
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
    pub(super) fn of_files(uri: &str, format: Format, files: &[DataFile], digest: String) -> Self {
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

impl Snapshot {
    /// The numbers of all its rows in files, deleted ones among them; none in memory.
    pub(crate) fn all_rows(&self) -> Range<u64> {
        match &self.rows {
            Rows::Files(set) => set.files.all_rows(),
            Rows::Frame(_) => 0..0,
        }
    }

    /// Makes files ready to be read: what a scan wants of them is here, and whole. Gives those that
    /// are to be read in the place of some of them.
    pub(crate) fn make_ready(&self, wanted: &[Wanted]) -> Result<HashMap<PathBuf, PathBuf>, SourceError> {
        let mut stand_ins = HashMap::new();
        if let Rows::Files(set) = &self.rows {
            for wanted in wanted {
                let made = set.make_ready(wanted)?.into_iter();
                stand_ins.extend(made.map(|made| (made.file, made.stand_in)));
            }
        }
        Ok(stand_ins)
    }

    /// Makes sure that what a scan has read is what was opened.
    pub(crate) fn unchanged(&self, read: &[Wanted]) -> Result<(), SourceError> {
        match &self.rows {
            Rows::Files(set) => read.iter().try_for_each(|read| set.unchanged(read)),
            Rows::Frame(_) => Ok(()),
        }
    }

    /// The bytes that scans of its files read, which were made ready; none in memory.
    pub(crate) fn bytes_of(&self, read: &[Wanted]) -> Option<u64> {
        match &self.rows {
            Rows::Files(set) => Some(read.iter().map(|read| set.bytes_of(read)).sum()),
            Rows::Frame(_) => None,
        }
    }

    /// What it took to open it, where its files were read for that.
    pub(crate) fn took(&self) -> Took {
        match &self.rows {
            Rows::Files(set) => set.took(),
            Rows::Frame(_) => Took::default(),
        }
    }

    /// What is doubtful of how its text was read.
    pub(crate) fn doubts(&self) -> Option<&Doubts> {
        match &self.rows {
            Rows::Files(set) => Some(&set.files.about().transcript.as_ref()?.doubts),
            Rows::Frame(_) => None,
        }
    }

    /// How many bytes were fetched from object stores so far; nothing, if all files lie here.
    pub(crate) fn bytes_fetched(&self) -> Option<u64> {
        match &self.rows {
            Rows::Files(set) => set.bytes_fetched(),
            Rows::Frame(_) => None,
        }
    }

    /// How much was asked of the store so far in which it lies, and came of it; nothing, if it lies in none.
    pub(crate) fn network(&self) -> Option<NetworkUse> {
        let traffic = self.traffic.as_ref()?;
        Some(NetworkUse { requests: traffic.requests(), bytes: traffic.bytes() })
    }

    /// The names that columns have here, by those that they have in files.
    pub(crate) fn names_of(&self, stored: &BTreeSet<String>) -> BTreeSet<String> {
        match &self.rows {
            Rows::Files(set) => set.names_of(stored),
            Rows::Frame(_) => stored.clone(),
        }
    }

    /// The frame of the rows with these numbers (of all of them in memory). With `positions`, every
    /// row says its own.
    pub(crate) fn frame(&self, rows: &[Range<u64>], positions: bool) -> Result<LazyFrame, SourceError> {
        match &self.rows {
            Rows::Files(set) => set
                .frame(rows, positions)
                .map_err(|source| SourceError::Engine { uri: self.identity.uri.clone(), source }),
            Rows::Frame(frame) if positions => {
                Ok(frame.as_ref().clone().with_row_index(super::ROW_COLUMN, None))
            }
            Rows::Frame(frame) => Ok(frame.as_ref().clone()),
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

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot")
            .field("identity", &self.identity)
            .field("schema", &self.schema)
            .finish_non_exhaustive()
    }
}

//! A dataset's files, with all that a scan of them needs.

use std::ops::Range;
use std::sync::Arc;

use super::layout::Layouts;
use super::stand_ins::StandIns;
use crate::engine::polars::parquet::{Footer, RewrittenFiles, Verified};
use crate::source::files::{DataFile, DataFiles, Malformed, TranscriptionCost};
use crate::source::local_file::LocalFile;
use crate::source::store::Spool;

/// The Parquet files of one dataset, ordered by layout and name.
#[derive(Clone, Debug)]
pub struct FileSet {
    /// The catalogue of the files.
    pub files: DataFiles,
    /// The layouts in which files store the columns.
    pub(in crate::engine::polars) layouts: Layouts,
    /// The column chunks that were verified so far.
    pub(super) verified: Verified,
    /// Fetches the columns of files that lie in an object store.
    pub(super) spool: Option<Arc<Spool>>,
    /// The stand-ins for files that Polars cannot read, or not correctly.
    pub(super) stand_ins: StandIns,
    /// Owns the files with rewritten footers.
    _rewritten: Arc<RewrittenFiles>,
}

impl FileSet {
    /// A set of files of which nothing was verified yet.
    pub(in crate::engine::polars) fn new(
        files: DataFiles,
        layouts: Layouts,
        spool: Option<Arc<Spool>>,
        rewritten: RewrittenFiles,
    ) -> Self {
        Self {
            files,
            layouts,
            verified: Verified::default(),
            spool,
            stand_ins: StandIns::default(),
            _rewritten: Arc::new(rewritten),
        }
    }

    /// Returns the range of row numbers of each file.
    pub(crate) fn rows_of_files(&self) -> impl Iterator<Item = Range<u64>> {
        self.files.rows_of_files()
    }

    /// Returns the names of the partition columns.
    pub(crate) fn partition_columns(&self) -> impl Iterator<Item = &str> {
        self.files.about().partitioned.iter().map(|column| column.name.as_str())
    }

    /// Returns the file that holds a row of the whole set, and the row's number within it.
    pub(crate) fn locate(&self, row: u64) -> Option<(&DataFile, u64)> {
        self.files.locate(row)
    }

    /// Returns the line, from 1, at which a row of a text file begins. `number` is that of
    /// [`locate`](Self::locate).
    pub(crate) fn line(&self, file: &DataFile, number: u64) -> Option<u64> {
        self.files.about().transcript.as_ref()?.line(&file.name, number)
    }

    /// Returns the rows that could not be parsed, for formats where that can happen.
    pub(crate) fn malformed(&self) -> Option<&Malformed> {
        self.files.about().transcript.as_ref()?.malformed.as_ref()
    }

    /// Returns the cost of transcribing the files, if they were transcribed.
    pub(in crate::engine::polars) fn transcription_cost(&self) -> TranscriptionCost {
        self.files.about().transcript.as_ref().map(|transcript| transcript.cost).unwrap_or_default()
    }

    /// Returns the number of bytes fetched from object stores so far; `None` if all files are local.
    pub(in crate::engine::polars) fn bytes_fetched(&self) -> Option<u64> {
        self.spool.as_ref().map(|spool| spool.fetched())
    }
}

impl DataFile {
    /// A whole file in this file system, with every row.
    pub(in crate::engine::polars) fn new(
        local: LocalFile,
        name: String,
        footer: &Footer,
        layout: usize,
    ) -> Self {
        Self {
            local,
            name,
            bytes: footer.bytes,
            modified: footer.modified,
            rows: footer.rows,
            deleted: None,
            layout,
            needs_stand_in: footer.needs_stand_in,
            partition: Vec::new(),
            statistics: None,
        }
    }
}

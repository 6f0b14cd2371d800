//! A data file of a dataset.

use std::io::ErrorKind;
use std::ops::Range;
use std::sync::Arc;
use std::time::SystemTime;

use roaring::RoaringTreemap;

use crate::data::Value;
use crate::source::SourceError;
use crate::source::local_file::LocalFile;
use crate::source::parquet::Footer;

/// A data file.
#[derive(Clone, Debug)]
pub struct DataFile {
    /// Where it lies.
    pub(in crate::source) local: LocalFile,
    /// Its path within the dataset, for the report.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// When it was last written, where the file system says so and it is not fetched from elsewhere.
    pub(in crate::source) modified: Option<SystemTime>,
    /// Its rows, those that are deleted among them.
    pub rows: u64,
    /// The numbers of its rows that are deleted.
    pub(in crate::source) deleted: Option<Arc<RoaringTreemap>>,
    /// How it stores the columns: the number of its layout.
    pub(in crate::source) layout: usize,
    /// Whether the engine reads nothing of it but in a stand-in.
    pub(in crate::source) is_closed: bool,
    /// Its values of the partition columns, in their order.
    pub partition: Vec<Value>,
    /// What the log of its table says of its columns: JSON.
    pub(in crate::source) statistics: Option<Arc<str>>,
}

impl DataFile {
    /// A whole file in this file system, with every row.
    pub(in crate::source) fn new(local: LocalFile, name: String, footer: &Footer, layout: usize) -> Self {
        Self {
            local,
            name,
            bytes: footer.bytes,
            modified: footer.modified,
            rows: footer.rows,
            deleted: None,
            layout,
            is_closed: footer.is_closed,
            partition: Vec::new(),
            statistics: None,
        }
    }

    /// Makes sure that it is the file that was opened.
    pub(crate) fn unchanged(&self) -> Result<(), SourceError> {
        let changed = |how| Err(SourceError::Changed { path: self.local.shown.clone(), how });
        match std::fs::metadata(&self.local.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => changed("removed, perhaps by a vacuum,"),
            Ok(now) if now.len() != self.bytes => changed("rewritten"),
            Ok(now) if self.modified.is_some() && now.modified().ok() != self.modified => {
                changed("rewritten")
            }
            _ => Ok(()),
        }
    }

    /// Its rows that are there.
    pub(in crate::source) fn live_rows(&self) -> u64 {
        self.rows - self.rows_deleted().unwrap_or(0)
    }

    /// How many of some of its rows are there.
    pub(in crate::source) fn live_rows_in(&self, rows: Range<u64>) -> u64 {
        let before = |row: u64| match (&self.deleted, row.checked_sub(1)) {
            (Some(deleted), Some(last)) => deleted.rank(last),
            _ => 0,
        };
        rows.end - rows.start - (before(rows.end) - before(rows.start))
    }

    /// How many of its rows its deletion vector takes away, if it has one.
    pub(in crate::source) fn rows_deleted(&self) -> Option<u64> {
        self.deleted.as_ref().map(|deleted| deleted.len())
    }
}

//! A data file of a dataset.

use std::io::ErrorKind;
use std::ops::Range;
use std::sync::Arc;
use std::time::SystemTime;

use roaring::RoaringTreemap;

use crate::data::Value;
use crate::source::SourceError;
use crate::source::local_file::LocalFile;

/// A data file.
#[derive(Clone, Debug)]
pub struct DataFile {
    /// Where it lies.
    pub(crate) local: LocalFile,
    /// Its path within the dataset, for the report.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// When it was last written, where the file system says so and it is not fetched from elsewhere.
    pub(crate) modified: Option<SystemTime>,
    /// The number of its rows, deleted ones among them.
    pub rows: u64,
    /// Its deletion vector: the numbers of the rows that are deleted.
    pub(crate) deleted: Option<Arc<RoaringTreemap>>,
    /// How it stores the columns: the number of its layout.
    pub(crate) layout: usize,
    /// Whether the engine does not open it, so that only a stand-in is read.
    pub(crate) is_closed: bool,
    /// Its values of the partition columns, in their order.
    pub partition: Vec<Value>,
    /// Its statistics in the log of its table, as JSON.
    pub(crate) statistics: Option<Arc<str>>,
}

impl DataFile {
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

    /// The number of its rows that its deletion vector does not remove.
    pub(crate) fn live_rows(&self) -> u64 {
        self.rows - self.rows_deleted().unwrap_or(0)
    }

    /// The number of rows in `rows` that its deletion vector does not remove.
    pub(crate) fn live_rows_in(&self, rows: Range<u64>) -> u64 {
        let before = |row: u64| match (&self.deleted, row.checked_sub(1)) {
            (Some(deleted), Some(last)) => deleted.rank(last),
            _ => 0,
        };
        rows.end - rows.start - (before(rows.end) - before(rows.start))
    }

    /// The number of rows that its deletion vector removes, if it has one.
    pub(crate) fn rows_deleted(&self) -> Option<u64> {
        self.deleted.as_ref().map(|deleted| deleted.len())
    }
}

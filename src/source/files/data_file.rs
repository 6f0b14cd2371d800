//! A data file of a dataset, with its size, row count, partition and deletion vector.

use std::io::ErrorKind;
use std::ops::Range;
use std::sync::Arc;
use std::time::SystemTime;

use roaring::RoaringTreemap;

use crate::data::Value;
use crate::source::SourceError;
use crate::source::local_file::LocalFile;

/// A data file of a dataset.
#[derive(Clone, Debug)]
pub struct DataFile {
    /// The local path of the file or of its local copy.
    pub(crate) local: LocalFile,
    /// The path of the file within the dataset, for the report.
    pub name: String,
    /// The size of the file in bytes.
    pub bytes: u64,
    /// The time of the last write; `None` if the file system does not say, or the file is fetched from a
    /// store.
    pub(crate) modified: Option<SystemTime>,
    /// Number of rows in the file, including deleted ones.
    pub rows: u64,
    /// The deletion vector: the numbers of the deleted rows within the file.
    pub(crate) deleted: Option<Arc<RoaringTreemap>>,
    /// The index of the layout in which the file stores the columns.
    pub(crate) layout: usize,
    /// True if the engine cannot open the file, so that only a stand-in is read.
    pub(crate) needs_stand_in: bool,
    /// The values of the partition columns, in the order of the columns.
    pub partition: Vec<Value>,
    /// The statistics of the file in the table's log, as JSON.
    pub(crate) statistics: Option<Arc<str>>,
}

impl DataFile {
    /// Fails if the file was removed or rewritten after it was opened.
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

    /// Returns the number of rows that no deletion vector removes.
    pub(crate) fn live_rows(&self) -> u64 {
        self.rows - self.rows_deleted().unwrap_or(0)
    }

    /// Returns the number of rows in `rows` that no deletion vector removes.
    pub(crate) fn live_rows_in(&self, rows: Range<u64>) -> u64 {
        let before = |row: u64| match (&self.deleted, row.checked_sub(1)) {
            (Some(deleted), Some(last)) => deleted.rank(last),
            _ => 0,
        };
        rows.end - rows.start - (before(rows.end) - before(rows.start))
    }

    /// Returns the number of rows that the deletion vector removes, or `None` without a deletion vector.
    pub(crate) fn rows_deleted(&self) -> Option<u64> {
        self.deleted.as_ref().map(|deleted| deleted.len())
    }
}

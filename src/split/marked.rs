//! Where the rows of the quarantine are in the files of the data.

use roaring::RoaringTreemap;

use super::{Split, SplitError};
use crate::sink::MarkedRows;
use crate::source::DataFiles;
use crate::source::Format;

impl Split {
    /// Returns the rows of the quarantine by the files of a Delta table; `None` if the data is none.
    pub(super) fn marked(&self) -> Result<Option<Vec<MarkedRows>>, SplitError> {
        let data = self.rows.opened()?;
        let identity = data.identity();
        let is_version = identity.format == Format::Delta
            && identity.version.is_some()
            && identity.changes_from.is_none()
            && identity.staged.is_none();
        Ok(data.files().filter(|_| is_version).map(|files| by_file(files, &self.quarantined)))
    }

    /// Returns the digest of where the rows of the quarantine are; `None` if the data is no Delta table.
    pub(super) fn rows_digest(&self) -> Result<Option<String>, SplitError> {
        Ok(self.marked()?.map(|marked| MarkedRows::digest(&marked)))
    }
}

/// Returns the files with such rows. Numbers run through all rows of all files, deleted ones included.
fn by_file(files: &DataFiles, rows: &RoaringTreemap) -> Vec<MarkedRows> {
    let mut rows = rows.iter().peekable();
    let mut marked = Vec::new();
    for (file, range) in files.as_slice().iter().zip(files.rows_of_files()) {
        let mut own = RoaringTreemap::new();
        while let Some(row) = rows.next_if(|row| *row < range.end) {
            own.insert(row - range.start);
        }
        if !own.is_empty() {
            marked.push(MarkedRows {
                file: file.name.clone(),
                rows: own,
                deleted: file.deleted.clone(),
                rows_in_file: file.rows,
            });
        }
    }
    marked
}

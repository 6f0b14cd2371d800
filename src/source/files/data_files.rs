//! The list of a dataset's files, which maps row numbers to files.

use std::collections::{BTreeMap, HashMap};
use std::ops::{Deref, Range};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::data_file::DataFile;
use super::row_starts::RowStarts;
use super::transcript::Transcript;
use crate::data::Field;

/// The column of a change data feed file with the kind of each change.
pub(crate) const CHANGE_TYPE: &str = "_change_type";

/// The files of a dataset, in the order in which their rows are numbered, with what they have in common.
#[derive(Clone, Debug)]
pub struct DataFiles {
    files: Vec<DataFile>,
    /// The number of the first row of each file.
    starts: RowStarts,
    /// The indices of the files, by their paths.
    by_path: Arc<HashMap<PathBuf, usize>>,
    about: About,
}

/// What all files of a dataset have in common.
#[derive(Clone, Debug, Default)]
pub(crate) struct About {
    /// All columns, in the order of the table.
    pub(crate) columns: Vec<Field>,
    /// The partition columns, which the files do not hold.
    pub(crate) partitioned: Vec<Field>,
    /// The names of columns in the statistics of the log, by the names of the columns.
    pub(crate) logged_names: BTreeMap<String, String>,
    /// True if the files are those of a change data feed, which also hold rows that do not count.
    pub(crate) is_changes: bool,
    /// The original of the files, if they were converted from text or Arrow.
    pub(crate) transcript: Option<Arc<Transcript>>,
}

impl DataFiles {
    /// Numbers the rows of files in the given order.
    pub(crate) fn new(files: Vec<DataFile>, about: About) -> Self {
        let starts = RowStarts::new(0, files.iter().map(|file| file.rows));
        let paths = files.iter().enumerate().map(|(index, file)| (file.local.path.clone(), index));
        let by_path = Arc::new(paths.collect());
        Self { files, starts, by_path, about }
    }

    /// Returns the files.
    #[must_use]
    pub fn as_slice(&self) -> &[DataFile] {
        &self.files
    }

    /// Returns what the files have in common.
    pub(crate) fn about(&self) -> &About {
        &self.about
    }

    /// Sets the original that the files were converted from.
    pub(crate) fn written_from(&mut self, transcript: Transcript) {
        self.about.transcript = Some(Arc::new(transcript));
    }

    /// Returns the file at a path.
    pub(crate) fn at(&self, path: &Path) -> Option<&DataFile> {
        self.files.get(*self.by_path.get(path)?)
    }

    /// Returns the numbers of all rows, including deleted ones.
    pub(crate) fn all_rows(&self) -> Range<u64> {
        self.starts.rows()
    }

    /// Returns the range of row numbers of each file.
    pub(crate) fn rows_of_files(&self) -> impl Iterator<Item = Range<u64>> {
        self.starts.of_files()
    }

    /// Returns the number of the first row of each file.
    pub(crate) fn starts(&self) -> &RowStarts {
        &self.starts
    }

    /// Returns the file that holds a row, and the row's number within that file, or within the original of a
    /// converted file.
    pub(crate) fn locate(&self, row: u64) -> Option<(&DataFile, u64)> {
        let index = self.starts.file_of(row)?;
        let file = self.files.get(index)?;
        let own = row - self.starts.of_file(index).start;
        let number = |transcript: &Arc<Transcript>| transcript.number(&file.name, own);
        Some((file, self.about.transcript.as_ref().map_or(own, number)))
    }
}

impl Deref for DataFiles {
    type Target = [DataFile];

    fn deref(&self) -> &[DataFile] {
        &self.files
    }
}

//! The catalogue of a dataset's files.

use std::collections::{BTreeMap, HashMap};
use std::ops::{Deref, Range};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::data_file::DataFile;
use super::row_starts::RowStarts;
use super::transcript::Transcript;
use crate::data::Field;

/// The column of a file of changes that says what happened to a row.
pub(crate) const CHANGE_TYPE: &str = "_change_type";

/// The files of a dataset, in the order in which their rows are numbered, and what is known of all of them.
#[derive(Clone, Debug)]
pub struct DataFiles {
    files: Vec<DataFile>,
    /// Where the rows of each file start.
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
    /// The names that columns have in the statistics of the log, by their own.
    pub(crate) logged_names: BTreeMap<String, String>,
    /// Whether they are files of changes, which also hold rows that do not count.
    pub(crate) is_changes: bool,
    /// What they were written from, where that is no Parquet.
    pub(crate) transcript: Option<Arc<Transcript>>,
}

impl DataFiles {
    /// Numbers the rows of files in this order.
    pub(crate) fn new(files: Vec<DataFile>, about: About) -> Self {
        let starts = RowStarts::new(0, files.iter().map(|file| file.rows));
        let paths = files.iter().enumerate().map(|(index, file)| (file.local.path.clone(), index));
        let by_path = Arc::new(paths.collect());
        Self { files, starts, by_path, about }
    }

    /// The files.
    #[must_use]
    pub fn as_slice(&self) -> &[DataFile] {
        &self.files
    }

    /// What they have in common.
    pub(crate) fn about(&self) -> &About {
        &self.about
    }

    /// Notes what the files were written from.
    pub(crate) fn written_from(&mut self, transcript: Transcript) {
        self.about.transcript = Some(Arc::new(transcript));
    }

    /// The file at a path.
    pub(crate) fn at(&self, path: &Path) -> Option<&DataFile> {
        self.files.get(*self.by_path.get(path)?)
    }

    /// The numbers of all rows, deleted ones among them.
    pub(crate) fn all_rows(&self) -> Range<u64> {
        self.starts.rows()
    }

    /// The numbers of the rows of each file.
    pub(crate) fn rows_of_files(&self) -> impl Iterator<Item = Range<u64>> {
        self.starts.of_files()
    }

    /// Where the rows of each file start.
    pub(crate) fn starts(&self) -> &RowStarts {
        &self.starts
    }

    /// The file that holds a row, and the row's number within it, or within the file that it was written from.
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

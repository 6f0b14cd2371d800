//! Paths of data files on this machine, and ranges of their rows.

use std::ops::Range;
use std::path::PathBuf;

/// A data file on this machine. For a file in an object store, only the bytes that were fetched so far are in
/// the local copy.
#[derive(Clone, Debug)]
pub(crate) struct LocalFile {
    /// The path of the file or of its local copy.
    pub(crate) path: PathBuf,
    /// The name of the file in errors: its path, or its URI.
    pub(crate) shown: String,
    /// True if the file is a local copy that is fetched from an object store in parts.
    pub(crate) fetched: bool,
}

impl LocalFile {
    /// Returns a file of this file system.
    pub(crate) fn at(path: PathBuf) -> Self {
        Self { shown: path.display().to_string(), path, fetched: false }
    }
}

/// A range of rows of a data file.
pub(crate) struct FileRows<'a> {
    /// The file.
    pub(crate) file: &'a LocalFile,
    /// The numbers of the rows within the file, from 0.
    pub(crate) rows: Range<u64>,
}

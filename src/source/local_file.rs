//! A data file on this machine.

use std::ops::Range;
use std::path::PathBuf;

/// A data file on this machine. Of one in an object store, only what was asked for so far is here.
#[derive(Clone, Debug)]
pub(super) struct LocalFile {
    /// Where it lies.
    pub(super) path: PathBuf,
    /// The name that errors give it: its path, or its URI.
    pub(super) shown: String,
    /// Whether it is fetched from an object store, in the parts that are needed.
    pub(super) fetched: bool,
}

impl LocalFile {
    /// A file of this file system.
    pub(super) fn at(path: PathBuf) -> Self {
        Self { shown: path.display().to_string(), path, fetched: false }
    }
}

/// Some rows of a data file.
pub(super) struct FileRows<'a> {
    /// The file.
    pub(super) file: &'a LocalFile,
    /// The numbers of the rows in it.
    pub(super) rows: Range<u64>,
}

//! A data file on this machine.

use std::ops::Range;
use std::path::PathBuf;

/// A data file on this machine. Of one in an object store, only what was asked for so far is here.
#[derive(Clone, Debug)]
pub(crate) struct LocalFile {
    /// Where it lies.
    pub(crate) path: PathBuf,
    /// The name that errors give it: its path, or its URI.
    pub(crate) shown: String,
    /// Whether it is fetched from an object store, in the parts that are needed.
    pub(crate) fetched: bool,
}

impl LocalFile {
    /// A file of this file system.
    pub(crate) fn at(path: PathBuf) -> Self {
        Self { shown: path.display().to_string(), path, fetched: false }
    }
}

/// Some rows of a data file.
pub(crate) struct FileRows<'a> {
    /// The file.
    pub(crate) file: &'a LocalFile,
    /// The numbers of the rows in it.
    pub(crate) rows: Range<u64>,
}

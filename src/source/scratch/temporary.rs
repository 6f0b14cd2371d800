//! Files in the temporary folder that notice a full disk. The libraries that write them often report a full
//! disk in words of their own, or as an error in the data.

use std::fs::File;
use std::io::{Error, ErrorKind, Result, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::folder::create_private;
use crate::source::SourceError;

/// A file under construction that only its owner may read.
#[derive(Debug)]
pub(crate) struct Temporary {
    file: File,
    full: Full,
}

/// A shared flag that is set once a write found the disk full.
#[derive(Clone, Debug, Default)]
pub(crate) struct Full(Arc<AtomicBool>);

impl Temporary {
    /// Creates a file.
    pub(crate) fn create(path: &Path) -> Result<Self> {
        Ok(Self { file: create_private(path)?, full: Full::default() })
    }

    /// Returns the flag for a full disk, which outlives this value.
    pub(crate) fn full(&self) -> Full {
        self.full.clone()
    }

    fn watched<T>(&self, done: Result<T>) -> Result<T> {
        if done.as_ref().is_err_and(is_full) {
            self.full.0.store(true, Ordering::Relaxed);
        }
        done
    }
}

impl Full {
    /// Returns the error of a full disk if the flag is set, and otherwise the given error.
    pub(crate) fn or(&self, error: SourceError, path: &str, needed: u64) -> SourceError {
        if self.0.load(Ordering::Relaxed) { no_room(path, needed) } else { error }
    }
}

impl Write for Temporary {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        let done = self.file.write(bytes);
        self.watched(done)
    }

    fn flush(&mut self) -> Result<()> {
        let done = self.file.flush();
        self.watched(done)
    }
}

impl Seek for Temporary {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        self.file.seek(to)
    }
}

/// Returns the error of a failed write to the temporary folder, for data that needs `needed` bytes there.
pub(crate) fn unwritten(path: &str, needed: u64, source: Error) -> SourceError {
    if is_full(&source) {
        return no_room(path, needed);
    }
    SourceError::Io { path: std::env::temp_dir().display().to_string(), source }
}

fn no_room(path: &str, needed: u64) -> SourceError {
    let folder = std::env::temp_dir().display().to_string();
    SourceError::NoRoom { folder, path: path.to_owned(), needed }
}

fn is_full(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge)
}

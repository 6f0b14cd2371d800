//! Files in the temporary folder, and that there is no room for them: what writes them is often a library
//! that tells of it in words of its own, or as a mistake in the data.

use std::fs::File;
use std::io::{Error, ErrorKind, Result, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::folder::create_private;
use crate::source::SourceError;

/// A file that only its owner may read, while it is written.
#[derive(Debug)]
pub(crate) struct Temporary {
    file: File,
    full: Full,
}

/// Whether there was no room for a file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Full(Arc<AtomicBool>);

impl Temporary {
    /// Creates a file.
    pub(crate) fn create(path: &Path) -> Result<Self> {
        Ok(Self { file: create_private(path)?, full: Full::default() })
    }

    /// Returns whether there was no room for it, also for whoever has given it away.
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
    /// The error of what was written: that there was no room, if there was none.
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

/// The error of a write to the temporary folder, for data that needs so many bytes there.
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

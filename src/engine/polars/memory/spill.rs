//! Spills what does not fit into memory to private files, in a temporary folder that is removed with the run,
//! however the run ends.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::engine::SpillError;
use crate::source::scratch::{Folder, create_scratch};

/// Number of bytes that are read at once.
const AT_ONCE: usize = 64 << 10;

/// The spilled files of a run.
#[derive(Default)]
pub(in crate::engine::polars) struct Spills {
    /// Created with the first file.
    folder: Mutex<Option<Arc<Folder>>>,
    files: AtomicU64,
}

impl Spills {
    /// Creates a file of `partitions` partitions that is expected to hold `expected` bytes.
    pub(in crate::engine::polars) fn file(
        &self,
        partitions: usize,
        expected: u64,
    ) -> Result<Spilled, SpillError> {
        let failed = |place: PathBuf, source: &std::io::Error| SpillError {
            folder: place.display().to_string(),
            needed: expected,
            reason: source.to_string(),
        };
        let folder = {
            let mut folder = self.folder.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(folder) = &*folder {
                Arc::clone(folder)
            } else {
                let made = Folder::new().map_err(|source| failed(std::env::temp_dir(), &source))?;
                Arc::clone(folder.insert(Arc::new(made)))
            }
        };
        let number = self.files.fetch_add(1, Ordering::Relaxed);
        let file = create_scratch(&folder.path().join(format!("{number}.spilled")))
            .map_err(|source| failed(folder.path().to_owned(), &source))?;
        Ok(Spilled {
            file: Mutex::new(file),
            folder,
            length: 0,
            expected,
            parts: vec![Vec::new(); partitions],
        })
    }
}

/// A file of bytes that belong to partitions.
pub(in crate::engine::polars) struct Spilled {
    file: Mutex<File>,
    folder: Arc<Folder>,
    length: u64,
    expected: u64,
    /// The ranges of bytes of each partition, in the order in which they were written.
    parts: Vec<Vec<Range<u64>>>,
}

impl Spilled {
    /// Appends bytes of a partition.
    pub(in crate::engine::polars) fn append(
        &mut self,
        partition: usize,
        bytes: &[u8],
    ) -> Result<(), SpillError> {
        if bytes.is_empty() {
            return Ok(());
        }
        let end = self.length + bytes.len() as u64;
        let written = self.file().write_all(bytes);
        written.map_err(|source| self.failed(end, &source))?;
        match self.parts[partition].last_mut() {
            Some(last) if last.end == self.length => last.end = end,
            _ => self.parts[partition].push(self.length..end),
        }
        self.length = end;
        Ok(())
    }

    /// Returns the number of bytes in a partition.
    pub(in crate::engine::polars) fn bytes_of(&self, partition: usize) -> u64 {
        self.parts[partition].iter().map(|part| part.end - part.start).sum()
    }

    /// Passes the bytes of a partition to `see`, in pieces of a whole number of units: bytes that were
    /// appended at once are cut only between two units.
    pub(in crate::engine::polars) fn read(
        &self,
        partition: usize,
        unit: usize,
        mut see: impl FnMut(&[u8]),
    ) -> Result<(), SpillError> {
        let mut bytes = vec![0; (AT_ONCE / unit).max(1) * unit];
        for part in &self.parts[partition] {
            let mut start = part.start;
            while start < part.end {
                let length =
                    usize::try_from(part.end - start).map_or(bytes.len(), |left| left.min(bytes.len()));
                let read = {
                    let mut file = self.file();
                    file.seek(SeekFrom::Start(start)).and_then(|_| file.read_exact(&mut bytes[..length]))
                };
                read.map_err(|source| self.failed(self.length, &source))?;
                see(&bytes[..length]);
                start += length as u64;
            }
        }
        Ok(())
    }

    fn file(&self) -> std::sync::MutexGuard<'_, File> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn failed(&self, length: u64, source: &std::io::Error) -> SpillError {
        SpillError {
            folder: self.folder.path().display().to_string(),
            needed: length.max(self.expected),
            reason: source.to_string(),
        }
    }

    /// Replaces the file by another one.
    #[cfg(test)]
    pub(in crate::engine::polars) fn instead(mut self, file: File) -> Self {
        self.file = Mutex::new(file);
        self.parts = vec![Vec::new(); 256];
        self
    }
}

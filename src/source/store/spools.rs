//! The folders that hold what was fetched, or written while data is read.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::TempDir;

/// Those that are there now.
static FOLDERS: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// A temporary folder, which goes with this value.
#[derive(Debug)]
pub(in crate::source) struct Folder {
    folder: TempDir,
}

impl Folder {
    pub(in crate::source) fn new() -> std::io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("karat-").tempdir()?;
        folders().insert(folder.path().to_owned());
        Ok(Self { folder })
    }

    pub(in crate::source) fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        folders().remove(self.folder.path());
    }
}

/// Removes what was fetched, before a program ends without ending its work.
pub fn remove_spools() {
    for folder in std::mem::take(&mut *folders()) {
        // What cannot be removed now is left to whoever cleans the temporary folder.
        let _ = std::fs::remove_dir_all(folder);
    }
}

fn folders() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    FOLDERS.lock().unwrap_or_else(PoisonError::into_inner)
}

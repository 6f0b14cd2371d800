//! The files of a site.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::SiteError;
use crate::document::unfinished_file;

/// The file that a writer locks. It goes free when its writer ends, however it ends.
const LOCK: &str = ".karat-lock";

/// The folder of a site.
pub(super) struct Files {
    folder: PathBuf,
}

impl Files {
    pub(super) const fn of(folder: PathBuf) -> Self {
        Self { folder }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Waits until no other process writes the site, and keeps others from it for as long as the result lives.
    pub(super) fn lock(&self) -> Result<File, SiteError> {
        let lock = || {
            std::fs::create_dir_all(&self.folder)?;
            let file = self.lock_file()?;
            match file.lock() {
                // A file system without locks: files are whole at any time, but of two writers one may undo the other.
                Err(error) if error.kind() == io::ErrorKind::Unsupported => {}
                locked => locked?,
            }
            Ok(file)
        };
        lock().map_err(|source| self.failed(LOCK, "locked", source))
    }

    /// Opens the file that is locked. It is left as it is, so that adding a run does not change it.
    fn lock_file(&self) -> io::Result<File> {
        File::options().create(true).write(true).truncate(false).open(self.folder.join(LOCK))
    }

    /// Locks the site, unless another writer has.
    pub(super) fn try_lock(&self) -> Result<Option<File>, SiteError> {
        match self.lock_file() {
            Ok(file) => Ok(file.try_lock().is_ok().then_some(file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(self.failed(LOCK, "locked", source)),
        }
    }

    /// Reads a file of JSON; `None` if there is none.
    pub(super) fn read<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, SiteError> {
        let text = match std::fs::read(self.folder.join(name)) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(self.failed(name, "read", source)),
        };
        serde_json::from_slice(&text)
            .map(Some)
            .map_err(|error| SiteError::Foreign { file: self.shown(name), reason: error.to_string() })
    }

    /// Writes a file, whole or not at all. Returns whether its content has changed: one that has not is left alone.
    pub(super) fn put(&self, name: &str, text: &str) -> Result<bool, SiteError> {
        let path = self.folder.join(name);
        if std::fs::read(&path).is_ok_and(|there| there == text.as_bytes()) {
            return Ok(false);
        }
        self.write(&path, text).map_err(|source| self.failed(name, "written", source))?;
        Ok(true)
    }

    /// Writes a file of JSON.
    pub(super) fn put_json(&self, name: &str, value: &impl Serialize) -> Result<bool, SiteError> {
        let text =
            serde_json::to_string(value).map_err(|error| self.failed(name, "written", error.into()))?;
        self.put(name, &(text + "\n"))
    }

    fn write(&self, path: &Path, text: &str) -> io::Result<()> {
        let folder = path.parent().unwrap_or(&self.folder);
        std::fs::create_dir_all(folder)?;
        let mut file = unfinished_file(folder)?;
        file.write_all(text.as_bytes())?;
        file.persist(path).map_err(|failed| failed.error)?;
        Ok(())
    }

    /// Removes a file, if it is there.
    pub(super) fn remove(&self, name: &str) -> Result<(), SiteError> {
        match std::fs::remove_file(self.folder.join(name)) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                Err(self.failed(name, "deleted", source))
            }
            _ => Ok(()),
        }
    }

    /// Returns the names of the files in a folder of the site, in their order; none, if it is not there.
    pub(super) fn names(&self, folder: &str) -> Result<Vec<String>, SiteError> {
        let entries = match std::fs::read_dir(self.folder.join(folder)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(self.failed(folder, "read", source)),
        };
        let names: io::Result<Vec<String>> =
            entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect();
        let mut names = names.map_err(|source| self.failed(folder, "read", source))?;
        names.sort_unstable();
        Ok(names)
    }

    fn failed(&self, name: &str, what: &'static str, source: io::Error) -> SiteError {
        SiteError::File { file: self.shown(name), what, source }
    }

    pub(super) fn shown(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }
}

//! Copies of staged files in the place of a table, of which no commit knows so far.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;

use object_store::Error as StoreError;
use sha2::{Digest as _, Sha256};

use crate::data::hex;
use crate::document::open_file;
use crate::sink::SinkError;
use crate::sink::file::{Output, Uncommitted, Upload, store_failed, unwritten};
use crate::source::SourceError;
use crate::source::local_file::LocalFile;
use crate::source::staged::{Appended, StagedFile, new_name};
use crate::source::store::{Location, NotCopied};

/// Why files were not copied.
#[derive(Debug, thiserror::Error)]
pub(super) enum CopyError {
    /// A file cannot be read, or has changed.
    #[error(transparent)]
    Read(#[from] SourceError),
    /// The copy cannot be written.
    #[error(transparent)]
    Write(#[from] SinkError),
}

/// The copies of a batch, in its order. They are deleted with this value, or when a signal ends the program, unless they are
/// kept.
pub(super) struct Copies {
    /// The names of the copies.
    pub(super) names: Vec<String>,
    guards: Vec<Uncommitted>,
    /// The last to go: the folder, if it was made for them, which goes when it is empty.
    _folder: Option<NewFolder>,
}

struct NewFolder(PathBuf);

impl Drop for NewFolder {
    fn drop(&mut self) {
        // What is not empty stays.
        let _ = std::fs::remove_dir(self.0.join("_delta_log"));
        let _ = std::fs::remove_dir(&self.0);
    }
}

impl Copies {
    /// Copies the files of a batch to new names at the place of a table. What is copied is what was judged, byte by byte.
    pub(super) fn make(appended: &Appended, location: &Location) -> Result<Self, CopyError> {
        let folder = match location {
            Location::Local(folder) if !folder.exists() => {
                let to = folder.display().to_string();
                std::fs::create_dir_all(folder).map_err(|source| SinkError::Io { to, source })?;
                Some(NewFolder(folder.clone()))
            }
            Location::Local(_) | Location::Remote(_) => None,
        };
        let mut copies = Self { names: Vec::new(), guards: Vec::new(), _folder: folder };
        for (file, _) in appended.files() {
            copies.copy(appended, file, location)?;
        }
        Ok(copies)
    }

    fn copy(&mut self, appended: &Appended, file: &StagedFile, location: &Location) -> Result<(), CopyError> {
        let name = new_name();
        self.names.push(name.clone());
        let to = location.shown(&name);
        let output = match location {
            Location::Local(folder) => {
                let place = folder.join(&name);
                let new =
                    File::create_new(&place).map_err(|source| SinkError::Io { to: to.clone(), source })?;
                self.guards.push(Uncommitted::file(place));
                Output::local(new)
            }
            Location::Remote(remote) => {
                let access = remote.to_write(false);
                let (store, _) =
                    access.map_err(|reason| SinkError::Unsupported { to: to.clone(), reason })?;
                let key = remote.below(&name);
                self.guards.push(Uncommitted::object(store.clone(), key.clone()));
                let origin = appended.batch.origin(file);
                if let Some(origin) = origin.filter(|_| location.is_same_store(&appended.batch.place)) {
                    let copied = remote.copy_new(&name, &origin).map_err(|why| match why {
                        NotCopied::Source(error) => CopyError::Read(error),
                        NotCopied::Store(error) => store_failed(to.clone(), &error).into(),
                    });
                    if copied? {
                        return Ok(());
                    }
                }
                Output::Remote(Upload::begin(store, key))
            }
        };
        if sent(&file.local, output, &to)? == file.digest { Ok(()) } else { Err(file.changed().into()) }
    }

    /// Says that a commit which names them is about to be written: no signal deletes them any more.
    pub(super) fn hold(&self) {
        self.guards.iter().for_each(Uncommitted::hold);
    }

    /// Says that there is no such commit.
    pub(super) fn release(&self) {
        self.guards.iter().for_each(Uncommitted::release);
    }

    /// Lets them stay, since a commit names them or may name them.
    pub(super) fn keep(self) {
        self.guards.into_iter().for_each(Uncommitted::keep);
    }
}

/// Writes a file of this machine elsewhere. Returns the SHA-256 of what was written.
fn sent(from: &LocalFile, mut output: Output, to: &str) -> Result<String, CopyError> {
    let unread = |source| SourceError::Io { path: from.shown.clone(), source };
    let mut source = open_file(&from.path).map_err(unread)?;
    let (mut digest, mut buffer) = (Sha256::new(), vec![0; 1 << 20]);
    loop {
        let read = source.read(&mut buffer).map_err(unread)?;
        let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        digest.update(bytes);
        output.write_all(bytes).map_err(|error| match error.downcast::<StoreError>() {
            Ok(error) => store_failed(to.to_owned(), &error),
            Err(error) => unwritten(to, error.into()),
        })?;
    }
    output.complete(false).map_err(|error| unwritten(to, error))?;
    Ok(hex(digest))
}

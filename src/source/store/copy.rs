//! Writes files to a place from others, copies objects within their store, and deletes what was written.

use std::fs::File;
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::Path;

use object_store::path::Path as Key;
use object_store::{Error as StoreError, ObjectStore, ObjectStoreExt as _, PutPayload};
use sha2::{Digest as _, Sha256};

use super::address::Cloud;
use super::errors::store_error;
use super::fetch::{Object, ObjectVersion};
use super::listing::files_in;
use super::location::{Location, Remote};
use super::runtime::wait_for;
use crate::data::hex;
use crate::document::open_file;
use crate::source::SourceError;
use crate::source::local_file::LocalFile;

/// An object as it was when it was fetched.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub(super) object: Object,
    pub(super) seen: ObjectVersion,
}

/// Why a file was not written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CopyError {
    /// The file that was to be copied cannot be read, or has changed.
    #[error(transparent)]
    Read(#[from] SourceError),
    /// The file cannot be written.
    #[error("cannot write {uri}: {reason}")]
    Write {
        /// The file.
        uri: String,
        /// The error of the file system, or of the store without secrets.
        reason: String,
    },
}

/// The size of one part of an upload. A file up to this size takes one request.
const PART: usize = 8 << 20;
/// The largest object that S3 copies by one request.
const MOST_COPIED: u64 = 5 << 30;

impl Location {
    /// Returns whether both lie in one store, which can copy from one to the other.
    pub(crate) fn is_same_store(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Remote(one), Self::Remote(other)) => {
                one.address.cloud == other.address.cloud
                    && one.address.bucket == other.address.bucket
                    && one.options == other.options
            }
            _ => false,
        }
    }

    /// Returns whether nothing can be written here at all: a web server is only read from.
    pub(crate) fn is_read_only(&self) -> bool {
        matches!(self, Self::Remote(remote) if remote.address.cloud == Cloud::Web)
    }

    /// Returns the URI of a file below this place, without secrets.
    pub(crate) fn shown(&self, name: &str) -> String {
        match self {
            Self::Local(folder) => folder.join(name).display().to_string(),
            Self::Remote(remote) => remote.address.at(below(remote, name).as_ref()),
        }
    }

    /// Returns whether nothing lies here but what `is_nothing` names.
    pub(crate) fn is_vacant(&self, is_nothing: impl Fn(&str) -> bool) -> Result<bool, SourceError> {
        let names = match self {
            Self::Local(folder) if !folder.exists() => return Ok(true),
            Self::Local(folder) => files_in(folder)?,
            Self::Remote(remote) => remote.names()?,
        };
        Ok(names.iter().all(|name| is_nothing(name)))
    }

    /// Writes a file with a new name below this place, from a file of this machine. Returns the SHA-256 of what was written.
    pub(crate) fn write_new(&self, name: &str, from: &LocalFile) -> Result<String, CopyError> {
        match self {
            Self::Local(folder) => write_local(&folder.join(name), from),
            Self::Remote(remote) => {
                let (store, key, from) = (remote.store.clone(), below(remote, name), from.clone());
                let uri = self.shown(name);
                waited(async move { upload(store.as_ref(), &key, &uri, &from).await })
            }
        }
    }

    /// Copies an object to a new name below this place, within their store. Returns whether the store can copy it at once.
    pub(crate) fn copy_new(&self, name: &str, origin: &Origin) -> Result<bool, CopyError> {
        let Self::Remote(remote) = self else { return Ok(false) };
        if remote.address.cloud == Cloud::S3 && origin.seen.size > MOST_COPIED {
            return Ok(false);
        }
        let (store, key, uri) = (remote.store.clone(), below(remote, name), self.shown(name));
        let Origin { object, seen } = origin.clone();
        waited(async move {
            let unwritten = |error: StoreError| unwritten(&uri, &error);
            store.copy(&object.key, &key).await.map_err(unwritten)?;
            // What was copied is what was read, if the object is still the same.
            if !object.head().await?.is(&seen) {
                return Err(object.rewritten().into());
            }
            let copied = store.head(&key).await.map_err(unwritten)?;
            if copied.size == seen.size { Ok(true) } else { Err(object.rewritten().into()) }
        })
    }

    /// Deletes a file below this place; that it is not there is no error.
    pub(crate) fn delete(&self, name: &str) -> Result<(), CopyError> {
        match self {
            Self::Local(folder) => {
                let path = folder.join(name);
                match std::fs::remove_file(&path) {
                    Err(error) if error.kind() != ErrorKind::NotFound => Err(of_disk(&path, &error)),
                    _ => Ok(()),
                }
            }
            Self::Remote(remote) => {
                let (store, key, uri) = (remote.store.clone(), below(remote, name), self.shown(name));
                waited(async move {
                    match store.delete(&key).await {
                        Err(error) if !matches!(error, StoreError::NotFound { .. }) => {
                            Err(unwritten(&uri, &error))
                        }
                        _ => Ok(()),
                    }
                })
            }
        }
    }
}

/// Returns the key of a file below a place.
fn below(remote: &Remote, name: &str) -> Key {
    name.split('/').fold(remote.key.clone(), Key::join)
}

fn waited<T: Send + 'static>(
    work: impl Future<Output = Result<T, CopyError>> + Send + 'static,
) -> Result<T, CopyError> {
    wait_for(work)
        .unwrap_or_else(|reason| Err(CopyError::Write { uri: "the object store".to_owned(), reason }))
}

fn write_local(to: &Path, from: &LocalFile) -> Result<String, CopyError> {
    let unwritten = |error: std::io::Error| of_disk(to, &error);
    let mut source = open(from)?;
    let mut file = File::options().write(true).create_new(true).open(to).map_err(unwritten)?;
    let (mut digest, mut buffer) = (Sha256::new(), vec![0; PART]);
    loop {
        let bytes = part(&mut source, &mut buffer, from)?;
        if bytes.is_empty() {
            break;
        }
        digest.update(bytes);
        file.write_all(bytes).map_err(unwritten)?;
    }
    // A commit that names it may last longer than what the system has not written yet.
    file.sync_all().map_err(unwritten)?;
    Ok(hex(digest))
}

async fn upload(
    store: &dyn ObjectStore,
    key: &Key,
    uri: &str,
    from: &LocalFile,
) -> Result<String, CopyError> {
    let unwritten = |error: StoreError| unwritten(uri, &error);
    let mut source = open(from)?;
    let (mut digest, mut buffer) = (Sha256::new(), vec![0; PART]);
    let first = part(&mut source, &mut buffer, from)?.to_vec();
    digest.update(&first);
    if first.len() < PART {
        store.put(key, first.into()).await.map_err(unwritten)?;
        return Ok(hex(digest));
    }
    let mut upload = store.put_multipart(key).await.map_err(unwritten)?;
    let mut next = first;
    while !next.is_empty() {
        let sent = upload.put_part(PutPayload::from(next)).await;
        let read = sent.map_err(unwritten).and_then(|()| Ok(part(&mut source, &mut buffer, from)?.to_vec()));
        next = match read {
            Ok(read) => read,
            Err(error) => {
                // What was sent so far is of no use; that it cannot be taken back is no worse.
                let _ = upload.abort().await;
                return Err(error);
            }
        };
        digest.update(&next);
    }
    upload.complete().await.map_err(unwritten)?;
    Ok(hex(digest))
}

fn open(from: &LocalFile) -> Result<File, SourceError> {
    open_file(&from.path).map_err(|source| SourceError::Io { path: from.shown.clone(), source })
}

/// Reads the next part of a file: a full buffer, unless the file ends.
fn part<'a>(source: &mut File, buffer: &'a mut [u8], from: &LocalFile) -> Result<&'a [u8], SourceError> {
    let mut filled = 0;
    while filled < buffer.len() {
        match source.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(source) => return Err(SourceError::Io { path: from.shown.clone(), source }),
        }
    }
    Ok(&buffer[..filled])
}

fn of_disk(path: &Path, error: &std::io::Error) -> CopyError {
    CopyError::Write { uri: path.display().to_string(), reason: error.to_string() }
}

fn unwritten(uri: &str, error: &StoreError) -> CopyError {
    CopyError::Write { uri: uri.to_owned(), reason: store_reason(uri, error) }
}

/// Returns what a store says of a request, in karat's words and without secrets.
pub(crate) fn store_reason(uri: &str, error: &StoreError) -> String {
    match store_error(uri, error) {
        SourceError::Store { reason, .. } => reason,
        SourceError::Missing { .. } => "there is no such place".to_owned(),
        SourceError::Changed { .. } => "the store refuses the condition of the request".to_owned(),
        other => other.to_string(),
    }
}

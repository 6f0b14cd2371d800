//! Fetches bytes of an object and writes them to the same offset of a local file.

use std::fs::{File, OpenOptions};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use futures::StreamExt as _;
use object_store::path::Path as Key;
use object_store::{Error as StoreError, GetOptions, ObjectMeta, ObjectStore, ObjectStoreExt as _};

use super::errors::{has_no_such_range, is_cut, knows_no_ranges, store_error};
use super::retry::{Fault, RetryLimits, RetryState};
use crate::source::SourceError;
use crate::source::scratch::{private, unwritten};

/// An object of a store.
#[derive(Clone, Debug)]
pub(super) struct Object {
    pub(super) store: Arc<dyn ObjectStore>,
    pub(super) key: Key,
    /// The URI of the object, without secrets.
    pub(super) uri: String,
    /// The limits on retries of a read that brings nothing.
    pub(super) limits: RetryLimits,
}

/// The size, tag and time of an object when it was first read, to detect that another object has replaced it.
#[derive(Clone, Debug)]
pub(super) struct ObjectVersion {
    pub(super) size: u64,
    e_tag: Option<String>,
    modified: DateTime<Utc>,
}

impl From<ObjectMeta> for ObjectVersion {
    fn from(meta: ObjectMeta) -> Self {
        Self { size: meta.size, e_tag: meta.e_tag, modified: meta.last_modified }
    }
}

impl ObjectVersion {
    /// Returns whether it is the same object.
    pub(super) fn is(&self, other: &Self) -> bool {
        match (&self.e_tag, &other.e_tag) {
            (Some(one), Some(other)) => one == other,
            _ => self.size == other.size && self.modified == other.modified,
        }
    }

    /// Returns the tag that the store itself can compare. A weak tag says nothing about bytes.
    fn condition(&self) -> Option<String> {
        self.e_tag.clone().filter(|tag| !tag.starts_with("W/"))
    }
}

/// The reason why a read of a range failed.
pub(super) enum FetchError {
    /// The store does not support range requests.
    NoRanges,
    /// The range lies outside the object.
    NoSuchRange,
    Failed(SourceError),
}

impl Object {
    /// Returns the error that another object has replaced this one.
    pub(super) fn rewritten(&self) -> SourceError {
        SourceError::Changed { path: self.uri.clone(), how: "rewritten" }
    }

    pub(super) async fn head(&self) -> Result<ObjectVersion, SourceError> {
        self.store
            .head(&self.key)
            .await
            .map(ObjectVersion::from)
            .map_err(|error| store_error(&self.uri, &error))
    }

    /// Writes a range of the object, or all of it if `range` is `None`, to the same offset of a file. If
    /// `seen` is given, an object that differs from it is an error. A connection that breaks is retried from
    /// where it broke.
    pub(super) async fn fetch(
        &self,
        range: Option<Range<u64>>,
        seen: Option<&ObjectVersion>,
        file: &Path,
        fetched: &AtomicU64,
    ) -> Result<ObjectVersion, FetchError> {
        let mut part = Part::open(file, &self.uri, range).map_err(FetchError::Failed)?;
        let mut seen = seen.cloned();
        let mut retry = RetryState::new(self.limits);
        loop {
            let before = part.next;
            match self.attempt(&mut part, &mut seen, fetched).await {
                Ok(seen) => return Ok(seen),
                Err(AttemptError::Final(stop)) => return Err(stop),
                Err(AttemptError::Cut(error)) => {
                    if part.next > before {
                        retry.progressed(part.next - before);
                    }
                    let Some(pause) = retry.next(Fault::of_answer(&error), None) else {
                        let source = retry.exhausted(error, None).into();
                        let error = StoreError::Generic { store: "", source };
                        return Err(FetchError::Failed(store_error(&self.uri, &error)));
                    };
                    tokio::time::sleep(pause).await;
                }
            }
        }
    }

    async fn attempt(
        &self,
        part: &mut Part<'_>,
        seen: &mut Option<ObjectVersion>,
        fetched: &AtomicU64,
    ) -> Result<ObjectVersion, AttemptError> {
        let options = GetOptions {
            range: part.wanted().map(Into::into),
            if_match: seen.as_ref().and_then(ObjectVersion::condition),
            ..GetOptions::default()
        };
        let known = seen.is_some();
        let answer =
            self.store.get_opts(&self.key, options).await.map_err(|error| self.broken(known, error))?;
        let found = ObjectVersion::from(answer.meta.clone());
        if seen.as_ref().is_some_and(|seen| !seen.is(&found)) {
            return Err(AttemptError::failed(self.rewritten()));
        }
        *seen = Some(found.clone());
        part.end = part.end.or(Some(found.size));
        let mut bytes = answer.into_stream();
        while let Some(chunk) = bytes.next().await {
            let chunk = chunk.map_err(|error| self.broken(true, error))?;
            fetched.fetch_add(chunk.len() as u64, Ordering::Relaxed);
            part.write(&chunk).map_err(AttemptError::failed)?;
        }
        if part.end.is_some_and(|end| part.next < end) {
            let source = "the connection was cut: its answer ended too early".into();
            return Err(AttemptError::Cut(StoreError::Generic { store: "", source }));
        }
        Ok(found)
    }

    /// Converts an error of the store. `known` is true if the object was there before.
    fn broken(&self, known: bool, error: StoreError) -> AttemptError {
        if is_cut(&error) {
            return AttemptError::Cut(error);
        }
        if knows_no_ranges(&error) {
            return AttemptError::Final(FetchError::NoRanges);
        }
        if has_no_such_range(&error) {
            return AttemptError::Final(FetchError::NoSuchRange);
        }
        AttemptError::failed(match store_error(&self.uri, &error) {
            SourceError::Missing { uri, .. } if known => {
                SourceError::Changed { path: uri, how: "removed, perhaps by a vacuum," }
            }
            error => error,
        })
    }
}

/// The reason why one attempt failed.
enum AttemptError {
    Final(FetchError),
    Cut(StoreError),
}

impl AttemptError {
    fn failed(error: SourceError) -> Self {
        Self::Final(FetchError::Failed(error))
    }
}

/// The part of a file that is being written.
struct Part<'a> {
    /// The URI of the object.
    uri: &'a str,
    file: File,
    whole: bool,
    next: u64,
    end: Option<u64>,
}

impl<'a> Part<'a> {
    fn open(path: &Path, uri: &'a str, range: Option<Range<u64>>) -> Result<Self, SourceError> {
        let needed = range.as_ref().map_or(0, |range| range.end.saturating_sub(range.start));
        let io = |source| unwritten(uri, needed, source);
        let mut options = OpenOptions::new();
        let options = private(options.write(true).create(true).truncate(false));
        let mut file = options.open(path).map_err(io)?;
        let next = range.as_ref().map_or(0, |range| range.start);
        file.seek(SeekFrom::Start(next)).map_err(io)?;
        Ok(Self { uri, file, whole: range.is_none(), next, end: range.map(|range| range.end) })
    }

    /// Returns the range that is still to be fetched, or `None` for the whole object.
    fn wanted(&self) -> Option<Range<u64>> {
        if self.whole && self.next == 0 { None } else { self.end.map(|end| self.next..end) }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), SourceError> {
        let needed = self.end.unwrap_or_default().max(self.next);
        self.file.write_all(bytes).map_err(|source| unwritten(self.uri, needed, source))?;
        self.next += bytes.len() as u64;
        Ok(())
    }
}

//! Keeps a sparse local file for each remote file and fetches only the bytes that are needed.

use std::collections::BTreeMap;
use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::{StreamExt as _, TryStreamExt as _};

use super::copy::Origin;
use super::coverage::{Coverage, merged};
use super::fetch::{FetchError, Object, ObjectVersion};
use super::runtime::wait_for;
use crate::source::local_file::{FileRows, LocalFile};
use crate::source::scratch::{Folder, unwritten};
use crate::source::{SourceError, parquet_footer};

/// The most requests that run at once.
const AT_ONCE: usize = 16;
/// The length of the end of a Parquet file that usually holds the footer; a file up to this size is fetched
/// with one request.
const TAIL: u64 = 64 << 10;
/// The granularity of the predicted tail, and its greatest length.
const TAIL_STEP: u64 = 4 << 10;
const LONGEST_TAIL: u64 = 4 << 20;
/// The widest gap between two wanted ranges that is cheaper to fetch than a second request.
const GAP: u64 = 256 << 10;
/// The most bytes of one request.
const MOST: u64 = 8 << 20;

/// Local copies of files of object stores, in a temporary folder that is removed with this value.
#[derive(Debug)]
pub(crate) struct Spool {
    /// The files, by their paths in the folder.
    files: BTreeMap<PathBuf, Arc<Spooled>>,
    fetched: Arc<AtomicU64>,
    _folder: Folder,
}

#[derive(Debug)]
struct Spooled {
    object: Object,
    path: PathBuf,
    seen: ObjectVersion,
    here: Mutex<Coverage>,
    /// True if the store supports range requests.
    has_parts: bool,
}

/// The part of a file that is fetched first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InitialFetch {
    /// The footer of Parquet; column chunks follow when a scan needs them.
    Footer,
    /// The whole file.
    Whole,
}

impl Spool {
    /// Fetches the first part of objects, whose sizes are given where known, and returns their local files in
    /// the same order.
    pub(super) fn of(
        objects: Vec<(Object, Option<u64>)>,
        first: InitialFetch,
    ) -> Result<(Self, Vec<LocalFile>), SourceError> {
        let needed = objects.iter().filter_map(|(_, size)| *size).sum();
        let uri = objects.first().map(|(object, _)| object.uri.clone()).unwrap_or_default();
        let folder = Folder::new().map_err(|source| unwritten(&uri, needed, source))?;
        let fetched = Arc::<AtomicU64>::default();
        let count = fetched.clone();
        let root = folder.path().to_owned();
        let work = async move {
            let mut files = objects.into_iter().enumerate().map(|(index, (object, size))| {
                let (path, count) = (root.join(format!("{index}.parquet")), count.clone());
                move |first, tail| Spooled::begin(object, path, size, first, tail, count)
            });
            let mut begun = Vec::new();
            let (mut tail, mut first) = (TAIL, first);
            if first == InitialFetch::Footer
                && let Some(file) = files.next()
            {
                // The footers of a table's files are about equally long: the first predicts the others.
                let file = file(first, tail).await?;
                tail = file.usual_tail()?;
                if !file.has_parts {
                    first = InitialFetch::Whole;
                }
                begun.push(file);
            }
            let others = files.enumerate().map(|(index, file)| {
                let file = file(first, tail);
                async move { Ok::<_, SourceError>((index, file.await?)) }
            });
            // Unordered, so that a slow file does not hold up the others.
            let mut others: Vec<_> =
                futures::stream::iter(others).buffer_unordered(AT_ONCE).try_collect().await?;
            others.sort_by_key(|(index, _)| *index);
            begun.extend(others.into_iter().map(|(_, file)| file));
            Ok(begun)
        };
        let files: Vec<Spooled> = wait(work).map_err(|error| error.needing(needed))?;
        let places = files.iter().map(Spooled::lies_here).collect();
        let files = files.into_iter().map(|file| (file.path.clone(), Arc::new(file))).collect();
        Ok((Self { files, fetched, _folder: folder }, places))
    }

    /// Fetches the missing bytes for rows of files. `ranges` returns the byte ranges that hold the rows of
    /// one file.
    pub(crate) fn fetch(
        &self,
        parts: &[FileRows<'_>],
        ranges: impl Fn(&FileRows<'_>) -> Result<Vec<Range<u64>>, SourceError>,
    ) -> Result<(), SourceError> {
        let mut wanted = Vec::new();
        for part in parts {
            let Some(file) = self.files.get(&part.file.path) else { continue };
            let missing = ranges(part)?.into_iter().flat_map(|range| file.here().missing(range)).collect();
            wanted.extend(merged(missing, GAP, MOST).into_iter().map(|range| (file.clone(), range)));
        }
        if wanted.is_empty() {
            return Ok(());
        }
        let needed = wanted.iter().map(|(_, range)| range.end - range.start).sum();
        let fetched = self.fetched.clone();
        wait(async move {
            let parts = wanted.into_iter().map(|(file, range)| {
                let fetched = fetched.clone();
                async move { file.fetch(range, &fetched).await }
            });
            futures::stream::iter(parts).buffer_unordered(AT_ONCE).try_collect::<Vec<()>>().await
        })
        .map_err(|error| error.needing(needed))?;
        Ok(())
    }

    /// Returns the object that a local file is a copy of.
    pub(crate) fn origin(&self, file: &Path) -> Option<Origin> {
        let spooled = self.files.get(file)?;
        Some(Origin { object: spooled.object.clone(), seen: spooled.seen.clone() })
    }

    /// Returns the number of bytes fetched so far.
    pub(crate) fn fetched(&self) -> u64 {
        self.fetched.load(Ordering::Relaxed)
    }
}

impl Spooled {
    fn lies_here(&self) -> LocalFile {
        LocalFile { path: self.path.clone(), shown: self.object.uri.clone(), fetched: true }
    }

    async fn begin(
        object: Object,
        path: PathBuf,
        stated_size: Option<u64>,
        first: InitialFetch,
        tail: u64,
        fetched: Arc<AtomicU64>,
    ) -> Result<Self, SourceError> {
        let size = match stated_size {
            Some(size) => size,
            None => object.head().await?.size,
        };
        if first == InitialFetch::Whole || size == 0 {
            return Self::whole(object, path, &fetched).await;
        }
        let last = if size <= TAIL { 0..size } else { size.saturating_sub(tail)..size };
        match object.fetch(Some(last.clone()), None, &path, &fetched).await {
            Ok(seen) if seen.size == size => {
                let file = Self::new(object, path, seen)?;
                file.here().add(last);
                file.rest_of_footer(&fetched).await?;
                Ok(file)
            }
            // The given size is wrong: the store is asked for the size.
            Ok(_) | Err(FetchError::NoSuchRange) if stated_size.is_some() => {
                Box::pin(Self::begin(object, path, None, first, tail, fetched)).await
            }
            Ok(_) | Err(FetchError::NoSuchRange) => Err(object.rewritten()),
            Err(FetchError::NoRanges) => {
                Ok(Self { has_parts: false, ..Self::whole(object, path, &fetched).await? })
            }
            Err(FetchError::Failed(error)) => Err(error),
        }
    }

    /// Fetches a whole object, because the caller wants all of it or its server does not support range
    /// requests.
    async fn whole(object: Object, path: PathBuf, fetched: &AtomicU64) -> Result<Self, SourceError> {
        let seen = match object.fetch(None, None, &path, fetched).await {
            Ok(seen) => seen,
            Err(FetchError::Failed(error)) => return Err(error),
            Err(FetchError::NoRanges | FetchError::NoSuchRange) => {
                let reason = "the connection was cut, and its server cannot go on where it was".to_owned();
                return Err(SourceError::Store { uri: object.uri, reason });
            }
        };
        let file = Self::new(object, path, seen)?;
        file.here().add(0..file.seen.size);
        Ok(file)
    }

    fn new(object: Object, path: PathBuf, seen: ObjectVersion) -> Result<Self, SourceError> {
        let io = |source| unwritten(&object.uri, seen.size, source);
        File::options().write(true).open(&path).and_then(|file| file.set_len(seen.size)).map_err(io)?;
        Ok(Self { object, path, seen, here: Mutex::default(), has_parts: true })
    }

    /// Returns the length of the tail to fetch for the next files, from the footer of this one plus a
    /// quarter.
    fn usual_tail(&self) -> Result<u64, SourceError> {
        let length = parquet_footer::end_length(&self.path, &self.object.uri)?.unwrap_or(TAIL);
        Ok((length + length / 4).next_multiple_of(TAIL_STEP).min(LONGEST_TAIL))
    }

    /// Fetches the part of the footer before the tail.
    async fn rest_of_footer(&self, fetched: &AtomicU64) -> Result<(), SourceError> {
        let Some(length) = parquet_footer::end_length(&self.path, &self.object.uri)? else { return Ok(()) };
        let start = self.seen.size.saturating_sub(length);
        let missing = self.here().missing(start..self.seen.size);
        for range in missing {
            self.fetch(range, fetched).await?;
        }
        Ok(())
    }

    async fn fetch(&self, range: Range<u64>, fetched: &AtomicU64) -> Result<(), SourceError> {
        match self.object.fetch(Some(range.clone()), Some(&self.seen), &self.path, fetched).await {
            Ok(_) => {
                self.here().add(range);
                Ok(())
            }
            // An earlier range request succeeded.
            Err(FetchError::NoRanges | FetchError::NoSuchRange) => Err(self.object.rewritten()),
            Err(FetchError::Failed(error)) => Err(error),
        }
    }

    fn here(&self) -> MutexGuard<'_, Coverage> {
        self.here.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wait<T: Send + 'static>(
    work: impl Future<Output = Result<T, SourceError>> + Send + 'static,
) -> Result<T, SourceError> {
    wait_for(work)
        .unwrap_or_else(|reason| Err(SourceError::Store { uri: "the object store".to_owned(), reason }))
}

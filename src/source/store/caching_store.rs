//! Caches the listings and log files of a table while the table is being opened, so that each is requested
//! once.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use futures::lock::Mutex as Once;
use futures::stream::BoxStream;
use futures::{StreamExt as _, TryStreamExt as _};
use object_store::path::Path as Key;
use object_store::{
    Attributes, CopyOptions, Error, GetOptions, GetRange, GetResult, GetResultPayload, ListResult,
    MultipartUpload, ObjectMeta, ObjectStore, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

use super::errors::{is_cut, knows_no_ranges};
use super::retry::{Fault, RetryLimits, RetryState};

/// A store that caches listings and the files of Delta logs.
#[derive(Clone)]
pub(super) struct CachingStore {
    inner: Arc<dyn ObjectStore>,
    limits: RetryLimits,
    cache: Arc<Mutex<Cache>>,
}

/// The cached listings and files.
#[derive(Default)]
struct Cache {
    listings: Vec<Listing>,
    /// The files of logs; a slot is empty while its file is being fetched, and if the fetch failed or the
    /// file does not fit into the cache.
    files: HashMap<Key, Arc<Once<Option<File>>>>,
    /// Number of bytes of the cached files.
    bytes: usize,
}

/// A complete listing of the objects below the key `below` and behind the key `after`.
struct Listing {
    below: Option<Key>,
    after: Key,
    objects: Vec<ObjectMeta>,
}

/// A file, or a range of its bytes.
#[derive(Clone)]
struct File {
    meta: ObjectMeta,
    range: Range<u64>,
    bytes: Bytes,
}

/// The most bytes of log files that are cached.
const MOST: usize = 64 << 20;
/// The largest file that is fetched whole when a range of it is requested: the reader would request the parts
/// of a small checkpoint one by one.
const SMALL: u64 = 1 << 20;
/// The number of objects on one page of a listing.
const PAGE: usize = 1_000;
const LOG: &str = "_delta_log";
const LAST_CHECKPOINT: &str = "_last_checkpoint";

impl CachingStore {
    pub(super) fn over(inner: Arc<dyn ObjectStore>, limits: RetryLimits) -> Self {
        Self { inner, limits, cache: Arc::default() }
    }

    /// Lists the objects below a key; with `only_first`, only as many as one page holds.
    pub(super) async fn listing(&self, below: &Key, only_first: bool) -> Result<Vec<ObjectMeta>> {
        let mut listed = self.list(Some(below));
        let mut objects = Vec::new();
        while let Some(object) = listed.next().await {
            objects.push(object?);
            // The first page costs one request anyway, and often holds all objects.
            if only_first && objects.len() == PAGE {
                break;
            }
        }
        Ok(objects)
    }

    /// Returns the objects below a key and behind another from a cached listing that contains them all, if
    /// there is one.
    fn known(&self, below: Option<&Key>, after: &Key) -> Option<Vec<ObjectMeta>> {
        let cache = self.cache();
        let listing = cache.listings.iter().find(|listing| {
            let is_around = match (&listing.below, below) {
                (None, _) => true,
                (Some(whole), Some(part)) => part.prefix_matches(whole),
                (Some(_), None) => false,
            };
            is_around && listing.after <= *after
        })?;
        let lies_below = |object: &&ObjectMeta| {
            object.location > *after
                && below
                    .is_none_or(|below| object.location != *below && object.location.prefix_matches(below))
        };
        Some(listing.objects.iter().filter(lies_below).cloned().collect())
    }

    /// Wraps a stream of objects so that its listing is cached when it ends.
    fn kept(
        &self,
        below: Option<&Key>,
        after: &Key,
        listed: BoxStream<'static, Result<ObjectMeta>>,
    ) -> BoxStream<'static, Result<ObjectMeta>> {
        let (below, after, cache) = (below.cloned(), after.clone(), self.cache.clone());
        let end = move |objects: &mut Vec<ObjectMeta>| {
            let (below, after, objects) = (below.clone(), after.clone(), std::mem::take(objects));
            locked(&cache).listings.push(Listing { below, after, objects });
        };
        let state = (listed, Vec::new(), end);
        futures::stream::unfold(state, |(mut listed, mut objects, end)| async move {
            let Some(object) = listed.next().await else {
                end(&mut objects);
                return None;
            };
            if let Ok(object) = &object {
                objects.push(object.clone());
            }
            Some((object, (listed, objects, end)))
        })
        .boxed()
    }

    /// Returns the metadata of an object from the cached listings.
    fn listed(&self, key: &Key) -> Option<ObjectMeta> {
        let cache = self.cache();
        let mut objects = cache.listings.iter().flat_map(|listing| &listing.objects);
        objects.find(|object| object.location == *key).cloned()
    }

    async fn range(&self, key: &Key, wanted: &GetRange, options: GetOptions) -> Result<GetResult> {
        let is_small = self.listed(key).is_some_and(|object| object.size <= SMALL);
        if !is_small && !self.is_here(key).await {
            match self.fetched(key, options).await {
                // A server without range requests gives the whole file instead.
                Err(error) if knows_no_ranges(&error) => {}
                fetched => return Ok(fetched?.answer()),
            }
        }
        self.whole(key).await?.part(wanted)
    }

    async fn is_here(&self, key: &Key) -> bool {
        let slot = self.cache().files.get(key).cloned();
        match slot {
            Some(slot) => slot.lock().await.is_some(),
            None => false,
        }
    }

    /// Fetches a whole file. The fetch of a log file runs to its end even if the caller drops it, as the
    /// kernel does with files that it needs no longer: the next caller would fetch the file again.
    async fn whole(&self, key: &Key) -> Result<File> {
        if !is_of_log(key) {
            return self.fetched(key, GetOptions::default()).await;
        }
        let (kept, key) = (self.clone(), key.clone());
        tokio::spawn(async move { kept.file_of_log(&key).await }).await?
    }

    /// Returns a log file from the cache, or fetches it. A caller waits while another one fetches the same
    /// file.
    async fn file_of_log(&self, key: &Key) -> Result<File> {
        let slot = self.cache().files.entry(key.clone()).or_default().clone();
        let mut slot = slot.lock().await;
        if let Some(file) = slot.as_ref() {
            return Ok(file.clone());
        }
        let file = match self.fetched(key, GetOptions::default()).await {
            // Without permission to read this file, the reader falls back to a listing.
            Err(Error::PermissionDenied { path, source }) if key.filename() == Some(LAST_CHECKPOINT) => {
                return Err(Error::NotFound { path, source });
            }
            fetched => fetched?,
        };
        let mut cache = self.cache();
        let bytes = cache.bytes.saturating_add(file.bytes.len());
        if bytes <= MOST {
            cache.bytes = bytes;
            *slot = Some(file.clone());
        }
        Ok(file)
    }

    /// Fetches a file or a range of it completely. An answer that breaks off is requested again.
    async fn fetched(&self, key: &Key, options: GetOptions) -> Result<File> {
        let mut retry = RetryState::new(self.limits);
        loop {
            let answer = self.inner.get_opts(key, options.clone()).await?;
            let (meta, range) = (answer.meta.clone(), answer.range.clone());
            match answer.bytes().await {
                Ok(bytes) if bytes.len() as u64 == range.end - range.start => {
                    return Ok(File { meta, range, bytes });
                }
                Ok(_) => {
                    let cut = "the connection was cut: its answer ended too early";
                    pause(&mut retry, Fault::Broken, cut.into()).await?;
                }
                Err(error) if is_cut(&error) => {
                    pause(&mut retry, Fault::of_answer(&error), error.into()).await?;
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        locked(&self.cache)
    }
}

impl File {
    fn answer(self) -> GetResult {
        let Self { meta, range, bytes } = self;
        let payload = GetResultPayload::Stream(futures::stream::iter([Ok(bytes)]).boxed());
        GetResult { payload, meta, range, attributes: Attributes::new() }
    }

    /// Returns a range of a whole file.
    fn part(self, wanted: &GetRange) -> Result<GetResult> {
        let Self { meta, bytes, .. } = self;
        let range = wanted
            .as_range(bytes.len() as u64)
            .map_err(|error| Error::Generic { store: "", source: error.into() })?;
        let index = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
        let bytes = bytes.slice(index(range.start)..index(range.end));
        Ok(Self { meta, range, bytes }.answer())
    }
}

async fn pause(
    retry: &mut RetryState,
    fault: Fault,
    cause: Box<dyn std::error::Error + Send + Sync>,
) -> Result<()> {
    match retry.next(fault, None) {
        Some(pause) => {
            tokio::time::sleep(pause).await;
            Ok(())
        }
        None => Err(Error::Generic { store: "", source: retry.exhausted(cause, None).into() }),
    }
}

fn locked(cache: &Mutex<Cache>) -> MutexGuard<'_, Cache> {
    cache.lock().unwrap_or_else(PoisonError::into_inner)
}

fn is_of_log(key: &Key) -> bool {
    key.parts().any(|part| part.as_ref() == LOG)
}

impl fmt::Debug for CachingStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachingStore").field("inner", &self.inner).finish_non_exhaustive()
    }
}

impl fmt::Display for CachingStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.inner)
    }
}

#[async_trait]
impl ObjectStore for CachingStore {
    async fn put_opts(&self, key: &Key, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        self.inner.put_opts(key, payload, options).await
    }

    async fn put_multipart_opts(
        &self,
        key: &Key,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.inner.put_multipart_opts(key, options).await
    }

    async fn get_opts(&self, key: &Key, options: GetOptions) -> Result<GetResult> {
        match (self.listed(key), options.range.clone()) {
            (Some(meta), _) if options.head => Ok(File { meta, range: 0..0, bytes: Bytes::new() }.answer()),
            (None, _) if options.head => self.inner.get_opts(key, options).await,
            (_, Some(wanted)) => self.range(key, &wanted, options).await,
            (_, None) => Ok(self.whole(key).await?.answer()),
        }
    }

    fn delete_stream(&self, keys: BoxStream<'static, Result<Key>>) -> BoxStream<'static, Result<Key>> {
        self.inner.delete_stream(keys)
    }

    fn list(&self, below: Option<&Key>) -> BoxStream<'static, Result<ObjectMeta>> {
        match self.known(below, &Key::default()) {
            Some(objects) => futures::stream::iter(objects).map(Ok).boxed(),
            None => self.kept(below, &Key::default(), self.inner.list(below)),
        }
    }

    fn list_with_offset(&self, below: Option<&Key>, after: &Key) -> BoxStream<'static, Result<ObjectMeta>> {
        if let Some(objects) = self.known(below, after) {
            return futures::stream::iter(objects).map(Ok).boxed();
        }
        let behind = after.clone();
        let listed = self.inner.list_with_offset(below, after);
        // Some servers ignore the offset.
        let listed = listed.try_filter(move |object| std::future::ready(object.location > behind)).boxed();
        self.kept(below, after, listed)
    }

    async fn list_with_delimiter(&self, below: Option<&Key>) -> Result<ListResult> {
        self.inner.list_with_delimiter(below).await
    }

    async fn copy_opts(&self, from: &Key, to: &Key, options: CopyOptions) -> Result<()> {
        self.inner.copy_opts(from, to, options).await
    }
}

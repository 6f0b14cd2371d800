//! What a store has told of a table while it is being opened: the same listing, and the same file of its
//! log, is asked for once.

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

use super::answers::{is_cut, knows_no_ranges};
use super::patience::{Fault, Patience, Trying};

/// A store that is asked nothing twice.
#[derive(Clone)]
pub(super) struct Kept {
    inner: Arc<dyn ObjectStore>,
    patience: Patience,
    told: Arc<Mutex<Told>>,
}

/// What was told.
#[derive(Default)]
struct Told {
    listings: Vec<Listing>,
    /// The files of logs; nothing while one is being fetched, or where it was not to be had.
    files: HashMap<Key, Arc<Once<Option<File>>>>,
    /// The bytes of these files.
    bytes: usize,
}

/// All that lies below a key, behind another one.
struct Listing {
    below: Option<Key>,
    after: Key,
    objects: Vec<ObjectMeta>,
}

/// A file, or a part of it.
#[derive(Clone)]
struct File {
    meta: ObjectMeta,
    range: Range<u64>,
    bytes: Bytes,
}

/// How many bytes of a log are kept.
const MOST: usize = 64 << 20;
/// A checkpoint up to this size is fetched whole: its parts would be asked for one by one.
const SMALL: u64 = 1 << 20;
/// How many objects one page of a listing tells.
const PAGE: usize = 1_000;
const LOG: &str = "_delta_log";
const LAST_CHECKPOINT: &str = "_last_checkpoint";

impl Kept {
    pub(super) fn over(inner: Arc<dyn ObjectStore>, patience: Patience) -> Self {
        Self { inner, patience, told: Arc::default() }
    }

    /// What lies below a key; with `only_first`, it may be only a part of it.
    pub(super) async fn listing(&self, below: &Key, only_first: bool) -> Result<Vec<ObjectMeta>> {
        let mut listed = self.list(Some(below));
        let mut objects = Vec::new();
        while let Some(object) = listed.next().await {
            objects.push(object?);
            // The first page cost nothing more, and often it is all.
            if only_first && objects.len() == PAGE {
                break;
            }
        }
        Ok(objects)
    }

    /// What a listing says that was told before, if one says it.
    fn known(&self, below: Option<&Key>, after: &Key) -> Option<Vec<ObjectMeta>> {
        let told = self.told();
        let listing = told.listings.iter().find(|listing| {
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

    /// A listing that is kept when it has come to its end.
    fn kept(
        &self,
        below: Option<&Key>,
        after: &Key,
        listed: BoxStream<'static, Result<ObjectMeta>>,
    ) -> BoxStream<'static, Result<ObjectMeta>> {
        let (below, after, told) = (below.cloned(), after.clone(), self.told.clone());
        let end = move |objects: &mut Vec<ObjectMeta>| {
            let (below, after, objects) = (below.clone(), after.clone(), std::mem::take(objects));
            locked(&told).listings.push(Listing { below, after, objects });
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

    /// What a listing told of an object.
    fn listed(&self, key: &Key) -> Option<ObjectMeta> {
        let told = self.told();
        let mut objects = told.listings.iter().flat_map(|listing| &listing.objects);
        objects.find(|object| object.location == *key).cloned()
    }

    async fn range(&self, key: &Key, wanted: &GetRange, options: GetOptions) -> Result<GetResult> {
        let is_small = self.listed(key).is_some_and(|object| object.size <= SMALL);
        if !is_small && !self.is_here(key).await {
            match self.fetched(key, options).await {
                // A server that knows no ranges gives all of it.
                Err(error) if knows_no_ranges(&error) => {}
                fetched => return Ok(fetched?.answer()),
            }
        }
        self.whole(key).await?.part(wanted)
    }

    async fn is_here(&self, key: &Key) -> bool {
        let slot = self.told().files.get(key).cloned();
        match slot {
            Some(slot) => slot.lock().await.is_some(),
            None => false,
        }
    }

    /// All of a file. One of a log comes to its end even if its asker lets go of it, as the kernel does with
    /// what it needs no more: whoever asks for it next would fetch it again.
    async fn whole(&self, key: &Key) -> Result<File> {
        if !is_of_log(key) {
            return self.fetched(key, GetOptions::default()).await;
        }
        let (kept, key) = (self.clone(), key.clone());
        tokio::spawn(async move { kept.file_of_log(&key).await }).await?
    }

    /// Who asks for a file that is on its way waits for it.
    async fn file_of_log(&self, key: &Key) -> Result<File> {
        let slot = self.told().files.entry(key.clone()).or_default().clone();
        let mut slot = slot.lock().await;
        if let Some(file) = slot.as_ref() {
            return Ok(file.clone());
        }
        let file = match self.fetched(key, GetOptions::default()).await {
            // Who may see the log, but not this file of it, is told by a listing what there is.
            Err(Error::PermissionDenied { path, source }) if key.filename() == Some(LAST_CHECKPOINT) => {
                return Err(Error::NotFound { path, source });
            }
            fetched => fetched?,
        };
        let mut told = self.told();
        let bytes = told.bytes.saturating_add(file.bytes.len());
        if bytes <= MOST {
            told.bytes = bytes;
            *slot = Some(file.clone());
        }
        Ok(file)
    }

    /// What is asked for, with all of its bytes. An answer that breaks off is asked for again.
    async fn fetched(&self, key: &Key, options: GetOptions) -> Result<File> {
        let mut trying = Trying::new(self.patience);
        loop {
            let answer = self.inner.get_opts(key, options.clone()).await?;
            let (meta, range) = (answer.meta.clone(), answer.range.clone());
            match answer.bytes().await {
                Ok(bytes) if bytes.len() as u64 == range.end - range.start => {
                    return Ok(File { meta, range, bytes });
                }
                Ok(_) => {
                    let cut = "the connection was cut: its answer ended too early";
                    pause(&mut trying, Fault::Broken, cut.into()).await?;
                }
                Err(error) if is_cut(&error) => {
                    pause(&mut trying, Fault::of_answer(&error), error.into()).await?;
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        locked(&self.told)
    }
}

impl File {
    fn answer(self) -> GetResult {
        let Self { meta, range, bytes } = self;
        let payload = GetResultPayload::Stream(futures::stream::iter([Ok(bytes)]).boxed());
        GetResult { payload, meta, range, attributes: Attributes::new() }
    }

    /// A part of a whole one.
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
    trying: &mut Trying,
    fault: Fault,
    cause: Box<dyn std::error::Error + Send + Sync>,
) -> Result<()> {
    match trying.next(fault, None) {
        Some(pause) => {
            tokio::time::sleep(pause).await;
            Ok(())
        }
        None => Err(Error::Generic { store: "", source: trying.gave_up(cause, None).into() }),
    }
}

fn locked(told: &Mutex<Told>) -> MutexGuard<'_, Told> {
    told.lock().unwrap_or_else(PoisonError::into_inner)
}

fn is_of_log(key: &Key) -> bool {
    key.parts().any(|part| part.as_ref() == LOG)
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").field("inner", &self.inner).finish_non_exhaustive()
    }
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.inner)
    }
}

#[async_trait]
impl ObjectStore for Kept {
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
        // Not every server has heard of offsets.
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

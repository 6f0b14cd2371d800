//! Lists the Delta logs of tables on web servers, which have no listings: the file names of a log are known,
//! so that each can be requested.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use futures::stream::BoxStream;
use futures::{StreamExt as _, TryStreamExt as _};
use object_store::path::Path as Key;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    ObjectStoreExt as _, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};
use serde_json::Value;

/// A store over a web server that lists only Delta logs.
#[derive(Debug)]
pub(super) struct WebLog {
    inner: Arc<dyn ObjectStore>,
}

/// The number of versions that are requested at once.
const AT_ONCE: u64 = 16;

impl WebLog {
    pub(super) fn over(inner: impl ObjectStore) -> Self {
        Self { inner: Arc::new(inner) }
    }
}

/// Returns the files of a log from a version on, sorted by name.
async fn log(store: Arc<dyn ObjectStore>, folder: Key, from: u64) -> Result<Vec<ObjectMeta>> {
    let hint = last_checkpoint(store.as_ref(), &folder).await?;
    let mut files = commits(store.as_ref(), &folder, from).await?;
    if let Some((version, names)) = hint.filter(|(version, _)| *version >= from) {
        // Commits before a checkpoint may have been removed.
        let reached = files.iter().any(|file| file.location.filename() > Some(&commit_name(version)));
        if !reached {
            let later = commits(store.as_ref(), &folder, version).await?;
            let later =
                if later.is_empty() { commits(store.as_ref(), &folder, version + 1).await? } else { later };
            files.retain(|file| later.first().is_none_or(|first| file.location < first.location));
            files.extend(later);
        }
        for name in names {
            files.push(store.head(&folder.clone().join(name)).await?);
        }
    }
    files.sort_by(|one, other| one.location.cmp(&other.location));
    Ok(files)
}

/// Returns the consecutive commits from a version on, up to the first that is missing.
async fn commits(store: &dyn ObjectStore, folder: &Key, from: u64) -> Result<Vec<ObjectMeta>> {
    let mut found = Vec::new();
    let mut next = from;
    loop {
        let asked = (next..next + AT_ONCE).map(|version| {
            let key = folder.clone().join(commit_name(version));
            async move { there(store.head(&key).await) }
        });
        let answers: Vec<Option<ObjectMeta>> = futures::stream::iter(asked)
            .buffered(usize::try_from(AT_ONCE).unwrap_or(1))
            .try_collect()
            .await?;
        let all = answers.len();
        let before = found.len();
        found.extend(answers.into_iter().map_while(|answer| answer));
        if found.len() - before < all {
            return Ok(found);
        }
        next += AT_ONCE;
    }
}

fn commit_name(version: u64) -> String {
    format!("{version:020}.json")
}

/// Returns the version of the last checkpoint, and the names of its files.
async fn last_checkpoint(store: &dyn ObjectStore, folder: &Key) -> Result<Option<(u64, Vec<String>)>> {
    let answer = match store.get(&folder.clone().join("_last_checkpoint")).await {
        // Some servers deny access to a missing file.
        Err(Error::PermissionDenied { .. }) => return Ok(None),
        answer => there(answer)?,
    };
    let Some(answer) = answer else { return Ok(None) };
    let hint: Option<Value> = serde_json::from_slice(&answer.bytes().await?).ok();
    let Some(hint) = hint else { return Ok(None) };
    let Some(version) = hint["version"].as_u64() else { return Ok(None) };
    let named = hint["v2Checkpoint"]["path"].as_str().and_then(|path| path.rsplit('/').next());
    let names = match (named, hint["parts"].as_u64()) {
        (Some(name), _) => vec![name.to_owned()],
        (None, Some(parts)) => {
            let part = |part| format!("{version:020}.checkpoint.{part:010}.of.{parts:010}.parquet");
            (1..=parts).map(part).collect()
        }
        (None, None) => vec![format!("{version:020}.checkpoint.parquet")],
    };
    Ok(Some((version, names)))
}

/// Converts the error of a missing object to `None`.
fn there<T>(answer: Result<T>) -> Result<Option<T>> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

impl fmt::Display for WebLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.inner)
    }
}

#[async_trait]
impl ObjectStore for WebLog {
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
        self.inner.get_opts(key, options).await
    }

    fn delete_stream(&self, keys: BoxStream<'static, Result<Key>>) -> BoxStream<'static, Result<Key>> {
        self.inner.delete_stream(keys)
    }

    fn list(&self, prefix: Option<&Key>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.list_with_offset(prefix, &Key::default())
    }

    /// Lists a log from the version in the name of the offset on; lists nothing below any other prefix.
    fn list_with_offset(&self, prefix: Option<&Key>, offset: &Key) -> BoxStream<'static, Result<ObjectMeta>> {
        let Some(folder) = prefix.filter(|prefix| prefix.filename() == Some("_delta_log")).cloned() else {
            return futures::stream::empty().boxed();
        };
        let from = offset.filename().and_then(|name| name.get(..20)).and_then(|digits| digits.parse().ok());
        let (store, offset) = (self.inner.clone(), offset.clone());
        let files = async move { log(store, folder, from.unwrap_or(0)).await };
        futures::stream::once(files)
            .map_ok(|files| futures::stream::iter(files.into_iter().map(Ok)))
            .try_flatten()
            .try_filter(move |file| futures::future::ready(file.location > offset))
            .boxed()
    }

    async fn list_with_delimiter(&self, prefix: Option<&Key>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Key, to: &Key, options: CopyOptions) -> Result<()> {
        self.inner.copy_opts(from, to, options).await
    }
}

//! A store over the file system that reads only regular files, since opening a named pipe waits for ever.

use std::fmt;
use std::path::Path;

use async_trait::async_trait;
use futures::stream::BoxStream;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

use crate::source::SourceError;
use crate::source::regular::metadata_of_file;

/// The files below a folder, or in the whole file system.
#[derive(Debug)]
pub(super) struct OnlyFiles {
    inner: LocalFileSystem,
}

impl OnlyFiles {
    pub(super) fn everywhere() -> Self {
        Self { inner: LocalFileSystem::new() }
    }

    pub(super) fn below(folder: &Path) -> Result<Self> {
        Ok(Self { inner: LocalFileSystem::new_with_prefix(folder)? })
    }
}

impl fmt::Display for OnlyFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.inner)
    }
}

#[async_trait]
impl ObjectStore for OnlyFiles {
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
        let path = self.inner.path_to_filesystem(key)?;
        if let Err(refused @ SourceError::NoFile { .. }) = metadata_of_file(&path) {
            return Err(Error::Generic { store: "file", source: refused.into() });
        }
        self.inner.get_opts(key, options).await
    }

    fn delete_stream(&self, keys: BoxStream<'static, Result<Key>>) -> BoxStream<'static, Result<Key>> {
        self.inner.delete_stream(keys)
    }

    fn list(&self, prefix: Option<&Key>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list(prefix)
    }

    fn list_with_offset(&self, prefix: Option<&Key>, offset: &Key) -> BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list_with_offset(prefix, offset)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Key>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Key, to: &Key, options: CopyOptions) -> Result<()> {
        self.inner.copy_opts(from, to, options).await
    }
}

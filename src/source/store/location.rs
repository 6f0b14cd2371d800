//! The location of data: a path in this file system, or a place in an object store.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use deltalake::logstore::{LogStoreRef, StorageConfig, default_logstore};
use object_store::path::Path as Key;
use object_store::prefix::PrefixStore;
use object_store::{Error as StoreError, ObjectStore};
use url::Url;

use super::address::{Address, Cloud};
use super::caching_store::CachingStore;
use super::connect::connect;
use super::errors::{of_store, store_error};
use super::fetch::Object;
use super::only_files::OnlyFiles;
use super::options::StorageOptions;
use super::spool::{InitialFetch, Spool};
use super::traffic::Traffic;
use crate::data::redacted;
use crate::source::SourceError;
use crate::source::local_file::LocalFile;
use crate::source::regular::refuse_in_log;

/// The location of data.
#[derive(Clone, Debug)]
pub(crate) enum Location {
    /// In this file system.
    Local(PathBuf),
    /// In an object store.
    Remote(Box<Remote>),
}

/// A place in an object store.
#[derive(Clone, Debug)]
pub(crate) struct Remote {
    pub(super) address: Address,
    pub(super) key: Key,
    pub(super) store: Arc<dyn ObjectStore>,
    /// The same store with a cache of listings and log files.
    pub(super) kept: CachingStore,
    pub(super) options: StorageOptions,
    /// The count of requests and bytes.
    pub(crate) traffic: Arc<Traffic>,
}

/// The access to a Delta table for its readers.
pub(crate) struct Table {
    /// The URL to which the paths of the data files are relative.
    pub(crate) root: Url,
    /// The store of the log.
    pub(crate) log: LogStoreRef,
    /// The URL of the table in the store of the log.
    pub(crate) log_root: Url,
}

/// Percent-encoded characters in the path of a URL that the kernel misreads.
const MISREAD: [&str; 2] = ["%25", "%5C"];
const NO_URL: &str = "its path has no URL";

/// Data files on this machine, fully or partly fetched.
#[derive(Debug, Default)]
pub(crate) struct LocalFiles {
    /// The files.
    pub(crate) files: Vec<LocalFile>,
    /// The spool that fetches the rest of the files; `None` if all are local files.
    pub(crate) spool: Option<Arc<Spool>>,
}

impl Location {
    /// Returns the location that a URI names. No request is made.
    pub(crate) fn of(uri: &str, options: &StorageOptions) -> Result<Self, SourceError> {
        let unsupported = |reason: String| SourceError::Unsupported { uri: redacted(uri), reason };
        if let Some(path) = uri.strip_prefix("dbfs:/") {
            return mounted(path).map(Self::Local).map_err(unsupported);
        }
        if uri.starts_with("file://") {
            let path = Url::parse(uri).ok().and_then(|url| url.to_file_path().ok());
            return path.map(Self::Local).ok_or_else(|| unsupported("not a local file URI".to_owned()));
        }
        match Address::parse(uri).map_err(unsupported)? {
            None => Ok(Self::Local(PathBuf::from(uri))),
            Some(address) => {
                Remote::at(address, options.clone(), Arc::default()).map(Box::new).map(Self::Remote)
            }
        }
    }

    /// Returns the access to the Delta table at this location. The kernel's engine needs a runtime around it:
    /// see [`wait_for_blocking`](super::wait_for_blocking). What is read of its log is cached.
    pub(crate) fn table(&self) -> Result<Table, String> {
        self.table_in(|remote| Arc::new(remote.kept.clone()))
    }

    /// The same for its writers, who see what others commit meanwhile.
    pub(crate) fn table_to_write(&self) -> Result<Table, String> {
        match self {
            Self::Remote(remote) if remote.address.cloud == Cloud::Web => {
                Err("a web server is only read from".to_owned())
            }
            _ => self.table_in(|remote| remote.store.clone()),
        }
    }

    fn table_in(&self, store: impl Fn(&Remote) -> Arc<dyn ObjectStore>) -> Result<Table, String> {
        let config = StorageConfig::default();
        match self {
            Self::Local(path) => {
                // The log's store accepts no path with `..`.
                let path = std::fs::canonicalize(path).map_err(|error| error.to_string())?;
                let root = Url::from_directory_path(&path).map_err(|()| NO_URL.to_owned())?;
                refuse_in_log(&path).map_err(|error| error.to_string())?;
                let below = OnlyFiles::below(&path).map_err(|error| error.to_string())?;
                let below: Arc<dyn ObjectStore> = Arc::new(below);
                // The kernel decodes these characters twice: its URL for the table is therefore the root of a
                // store that holds only the table.
                let (log_root, whole) = if MISREAD.iter().any(|letter| root.path().contains(letter)) {
                    (Url::parse("file:///").map_err(|_| NO_URL)?, below.clone())
                } else {
                    (root.clone(), Arc::new(OnlyFiles::everywhere()) as Arc<dyn ObjectStore>)
                };
                let log = default_logstore(below, whole, &log_root, &config);
                Ok(Table { root, log, log_root })
            }
            Self::Remote(remote) => {
                let Remote { address, key, .. } = remote.as_ref();
                let store = store(remote);
                let root = address.folder_url().ok_or(NO_URL)?;
                let below: Arc<dyn ObjectStore> = Arc::new(PrefixStore::new(store.clone(), key.clone()));
                // The kernel encodes such names again: its URL for the table is therefore the root of a store
                // that holds only the table.
                let (log_root, whole) = if root.path().contains('%') {
                    (Url::parse(&format!("{}/", address.bucket)).map_err(|_| NO_URL)?, below.clone())
                } else {
                    (root.clone(), store)
                };
                let log = default_logstore(below, whole, &log_root, &config);
                Ok(Table { root, log, log_root })
            }
        }
    }

    /// Fetches data files, given their URLs and the sizes in the log. A log may lead only to files near
    /// itself: that of a local table to local files, that of a table in a store to the same provider, since
    /// another one would be shown the credentials of the first. Other buckets are opened with the same
    /// options.
    pub(crate) fn fetch(
        &self,
        files: Vec<(Url, Option<u64>)>,
        first: InitialFetch,
    ) -> Result<LocalFiles, SourceError> {
        let mut remotes: BTreeMap<String, Remote> = BTreeMap::new();
        let (mut options, mut traffic) = (StorageOptions::default(), Arc::default());
        if let Self::Remote(remote) = self {
            remotes.insert(remote.address.bucket.clone(), remote.as_ref().clone());
            (options, traffic) = (remote.options.clone(), remote.traffic.clone());
        }
        let mut places: Vec<Option<LocalFile>> = Vec::with_capacity(files.len());
        let mut objects = Vec::new();
        for (url, size) in files {
            let shown = redacted(url.as_str());
            let unsupported = |reason: String| SourceError::Unsupported { uri: shown.clone(), reason };
            let address = Address::of_url(&url).map_err(unsupported)?;
            if !self.may_read(address.as_ref()) {
                return Err(unsupported(
                    "the log of a table elsewhere names it, which is not followed".to_owned(),
                ));
            }
            let Some(address) = address else {
                let path = url.to_file_path().map_err(|()| unsupported("not a local file URI".to_owned()))?;
                places.push(Some(LocalFile::at(path)));
                continue;
            };
            let remote = match remotes.entry(address.bucket.clone()) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(unknown) => {
                    unknown.insert(Remote::at(address.clone(), options.clone(), traffic.clone())?)
                }
            };
            objects.push((remote.object(&address.key)?, size));
            places.push(None);
        }
        fetch_objects(places, objects, first)
    }

    fn may_read(&self, address: Option<&Address>) -> bool {
        match (self, address) {
            (Self::Local(_), address) => address.is_none(),
            (Self::Remote(remote), Some(address)) => remote.address.is_same_provider(address),
            (Self::Remote(_), None) => false,
        }
    }

    /// Converts an error of the store from which a table's log was read.
    pub(crate) fn failed(&self, uri: &str, error: &(dyn Error + 'static)) -> SourceError {
        let log = |reason: String| SourceError::Log { uri: uri.to_owned(), reason };
        match (self, of_store(error)) {
            (Self::Remote(_), Some(StoreError::NotFound { path, .. })) => {
                log(format!("it lacks the file {path}"))
            }
            (Self::Remote(_), Some(error)) => store_error(uri, error),
            (Self::Local(_), Some(StoreError::Generic { source, .. })) if source.is::<SourceError>() => {
                log(source.to_string())
            }
            _ => log(error.to_string().lines().next().unwrap_or_default().to_owned()),
        }
    }
}

impl Remote {
    fn at(address: Address, options: StorageOptions, traffic: Arc<Traffic>) -> Result<Self, SourceError> {
        let unsupported = |reason: String| SourceError::Unsupported { uri: address.shown(), reason };
        // A key may hold characters that a path would not: the key is parsed as it is, without encoding.
        let key = Key::parse(&address.key).map_err(|error| unsupported(error.to_string()))?;
        let store = connect(&address, &options, &traffic, false).map_err(unsupported)?;
        let kept = CachingStore::over(store.clone(), options.limits());
        Ok(Self { address, key, store, kept, options, traffic })
    }

    /// Returns the store and the key in it of an object that is to be written. S3 completes one that is to be made anew only if
    /// there is none; the requests that complete one elsewhere have no such condition.
    pub(crate) fn to_write(&self, anew: bool) -> Result<(Arc<dyn ObjectStore>, Key), String> {
        match self.address.cloud {
            Cloud::Web => Err("a web server is only read from".to_owned()),
            Cloud::S3 if anew => {
                Ok((connect(&self.address, &self.options, &self.traffic, true)?, self.key.clone()))
            }
            _ => Ok((self.store.clone(), self.key.clone())),
        }
    }

    /// Returns an object of the same bucket.
    pub(super) fn object(&self, key: &str) -> Result<Object, SourceError> {
        let uri = self.address.at(key);
        let key = Key::parse(key)
            .map_err(|error| SourceError::Unsupported { uri: uri.clone(), reason: error.to_string() })?;
        Ok(Object { store: self.store.clone(), key, uri, limits: self.options.limits() })
    }
}

/// Fetches the objects and puts them, in order, in the places that are `None`.
pub(super) fn fetch_objects(
    places: Vec<Option<LocalFile>>,
    objects: Vec<(Object, Option<u64>)>,
    first: InitialFetch,
) -> Result<LocalFiles, SourceError> {
    if objects.is_empty() {
        return Ok(LocalFiles { files: places.into_iter().flatten().collect(), spool: None });
    }
    let (spool, fetched) = Spool::of(objects, first)?;
    let mut fetched = fetched.into_iter();
    let files = places.into_iter().filter_map(|place| place.or_else(|| fetched.next())).collect();
    Ok(LocalFiles { files, spool: Some(Arc::new(spool)) })
}

/// Returns the path at which Databricks mounts a `dbfs:/` path.
fn mounted(path: &str) -> Result<PathBuf, String> {
    const MOUNT: &str = "/dbfs";
    if Path::new(MOUNT).is_dir() {
        Ok(Path::new(MOUNT).join(path.trim_start_matches('/')))
    } else {
        Err(format!("dbfs:/ is read where Databricks mounts it, at {MOUNT}, and nothing is mounted here"))
    }
}

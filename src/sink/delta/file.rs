//! Data files that are written, and belong to no version of the table so far.

use std::collections::BTreeMap;
use std::sync::Arc;

use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt as _};
use tempfile::TempPath;

use crate::source::store::wait_for;

/// A data file that a commit adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sink) struct AddedFile {
    /// Its path below the table.
    pub(in crate::sink) path: String,
    /// The value of each partition column, as the log writes it.
    pub(in crate::sink) partition_values: BTreeMap<String, Option<String>>,
    pub(in crate::sink) bytes: u64,
    pub(in crate::sink) rows: u64,
    /// Its statistics, as JSON.
    pub(in crate::sink) statistics: String,
}

/// Deletes a file, unless it is kept.
pub(super) enum Guard {
    Local(TempPath),
    Remote(Option<RemoteFile>),
}

pub(super) struct RemoteFile {
    pub(super) store: Arc<dyn ObjectStore>,
    pub(super) key: Key,
}

impl Guard {
    pub(super) fn remote(store: Arc<dyn ObjectStore>, key: Key) -> Self {
        Self::Remote(Some(RemoteFile { store, key }))
    }

    /// Lets the file stay.
    pub(super) fn keep(mut self) {
        match &mut self {
            // Without its path, there is nothing to delete.
            Self::Local(path) => path.disable_cleanup(true),
            Self::Remote(file) => *file = None,
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Self::Remote(file) = self
            && let Some(RemoteFile { store, key }) = file.take()
        {
            // What stays belongs to no version, and a vacuum takes it away.
            let _ = wait_for(async move { store.delete(&key).await });
        }
    }
}

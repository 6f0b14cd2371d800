//! The place of files that are to be appended to a table.

use std::sync::{Arc, OnceLock};

use super::Batch;
use crate::data::redacted;
use crate::source::SourceError;
use crate::source::store::StorageOptions;

/// Parquet files that are to become a part of a Delta table: a file, a folder, or a glob.
///
/// They are read once, when they are first judged, to know them by their bytes; files that change later are an error. A clone
/// stands for the same files.
#[derive(Clone)]
pub struct Staged {
    uri: String,
    storage: Option<StorageOptions>,
    opened: Arc<OnceLock<Arc<Batch>>>,
}

impl Staged {
    /// Returns the files at a path or URI. Nothing is read.
    pub fn at(uri: impl Into<String>) -> Self {
        Self { uri: uri.into(), storage: None, opened: Arc::default() }
    }

    /// Returns the same files, in an object store that is opened with options other than those of the table's.
    #[must_use]
    pub fn with_storage(self, storage: StorageOptions) -> Self {
        Self { storage: Some(storage), opened: Arc::default(), ..self }
    }

    /// Returns the URI without credentials.
    pub(crate) fn shown(&self) -> String {
        redacted(&self.uri)
    }

    /// Returns the files. `storage` are the options of the store where they have none of their own.
    ///
    /// # Errors
    /// No Parquet files lie there, or they cannot be read.
    pub(crate) fn batch(&self, storage: &StorageOptions) -> Result<Arc<Batch>, SourceError> {
        if let Some(batch) = self.opened.get() {
            return Ok(batch.clone());
        }
        let batch = Arc::new(Batch::open(&self.uri, self.storage.as_ref().unwrap_or(storage))?);
        Ok(self.opened.get_or_init(|| batch).clone())
    }
}

impl std::fmt::Debug for Staged {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Staged").field("uri", &self.shown()).finish_non_exhaustive()
    }
}

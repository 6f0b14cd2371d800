//! Copies objects within their store.

use object_store::path::Path as Key;
use object_store::{Error as StoreError, ObjectStoreExt as _};

use super::address::Cloud;
use super::fetch::{Object, ObjectVersion};
use super::listing::files_in;
use super::location::{Location, Remote};
use super::runtime::wait_for;
use crate::source::SourceError;

/// An object as it was when it was fetched.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub(super) object: Object,
    pub(super) seen: ObjectVersion,
}

/// Why an object was not copied.
pub(crate) enum NotCopied {
    /// It cannot be read, or is another one now.
    Source(SourceError),
    /// The copy cannot be written.
    Store(StoreError),
}

impl From<SourceError> for NotCopied {
    fn from(error: SourceError) -> Self {
        Self::Source(error)
    }
}

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
            Self::Remote(remote) => remote.address.at(remote.below(name).as_ref()),
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
}

impl Remote {
    /// Returns the key of a file below this place.
    pub(crate) fn below(&self, name: &str) -> Key {
        name.split('/').fold(self.key.clone(), Key::join)
    }

    /// Copies an object of the same store to a new name below this place. Returns whether the store can do that at once.
    pub(crate) fn copy_new(&self, name: &str, origin: &Origin) -> Result<bool, NotCopied> {
        if self.address.cloud == Cloud::S3 && origin.seen.size > MOST_COPIED {
            return Ok(false);
        }
        let (store, key) = (self.store.clone(), self.below(name));
        let Origin { object, seen } = origin.clone();
        let copied = wait_for(async move {
            store.copy(&object.key, &key).await.map_err(NotCopied::Store)?;
            // What was copied is what was read, if the object is still the same.
            if !object.head().await?.is(&seen) {
                return Err(object.rewritten().into());
            }
            let copied = store.head(&key).await.map_err(NotCopied::Store)?;
            if copied.size == seen.size { Ok(true) } else { Err(object.rewritten().into()) }
        });
        copied.unwrap_or_else(|reason| {
            Err(NotCopied::Store(StoreError::Generic { store: "copy", source: reason.into() }))
        })
    }
}

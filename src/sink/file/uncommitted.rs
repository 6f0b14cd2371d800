//! What is written, and belongs to no commit so far: it goes if nobody commits it, also where a signal ends the program.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use object_store::path::Path as Key;
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt as _};

use crate::source::store::wait_for;

/// All of it in this program, by numbers of its own.
static ALL: Mutex<BTreeMap<u64, Written>> = Mutex::new(BTreeMap::new());

/// The parts of an upload that is not complete.
pub(super) type Parts = Arc<Mutex<Option<Box<dyn MultipartUpload>>>>;

/// Something that is written. Dropped, it is deleted, unless it is kept.
pub(crate) struct Uncommitted {
    number: u64,
    written: Option<Written>,
}

#[derive(Clone)]
enum Written {
    File(PathBuf),
    Object { store: Arc<dyn ObjectStore>, key: Key },
    Parts(Parts),
}

impl Uncommitted {
    pub(crate) fn file(path: PathBuf) -> Self {
        Self::new(Written::File(path))
    }

    pub(crate) fn object(store: Arc<dyn ObjectStore>, key: Key) -> Self {
        Self::new(Written::Object { store, key })
    }

    pub(super) fn parts(parts: Parts) -> Self {
        Self::new(Written::Parts(parts))
    }

    fn new(written: Written) -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        all().insert(number, written.clone());
        Self { number, written: Some(written) }
    }

    /// Says that it is about to be committed: no signal deletes it any more.
    pub(crate) fn hold(&self) {
        all().remove(&self.number);
    }

    /// Says that it is not committed after all: signals delete it again.
    pub(crate) fn release(&self) {
        all().extend(self.written.clone().map(|written| (self.number, written)));
    }

    /// Lets it stay.
    pub(crate) fn keep(mut self) {
        self.written = None;
    }
}

impl Drop for Uncommitted {
    fn drop(&mut self) {
        self.hold();
        if let Some(written) = self.written.take() {
            written.delete();
        }
    }
}

impl Written {
    /// Deletes it. What stays belongs to no version: a vacuum, or the rules of the store, take it away.
    fn delete(self) {
        match self {
            Self::File(path) => drop(std::fs::remove_file(path)),
            Self::Object { store, key } => drop(wait_for(async move { store.delete(&key).await })),
            Self::Parts(parts) => {
                let parts = parts.lock().unwrap_or_else(PoisonError::into_inner).take();
                if let Some(mut parts) = parts {
                    let _ = wait_for(async move { parts.abort().await });
                }
            }
        }
    }
}

/// Deletes all that is not committed before the program ends, and waits a few seconds for stores to do so.
#[cfg(feature = "cli")]
pub(crate) fn withdraw_all() {
    const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);
    // Whoever is about to commit waits for this lock, until the program has ended.
    let all = all();
    let written: Vec<Written> = all.values().cloned().collect();
    if written.is_empty() {
        return;
    }
    let (done, waits) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        written.into_iter().for_each(Written::delete);
        let _ = done.send(());
    });
    let _ = waits.recv_timeout(PATIENCE);
    std::mem::forget(all);
}

fn all() -> MutexGuard<'static, BTreeMap<u64, Written>> {
    ALL.lock().unwrap_or_else(PoisonError::into_inner)
}

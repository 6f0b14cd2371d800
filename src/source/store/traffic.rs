//! What went to and fro between here and a store.

use std::sync::atomic::{AtomicU64, Ordering};

/// How much was asked of a store, and came.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    requests: AtomicU64,
    bytes: AtomicU64,
}

impl Traffic {
    pub(super) fn ask(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn came(&self, bytes: usize) {
        self.bytes.fetch_add(u64::try_from(bytes).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// The requests so far, those among them that were repeated.
    pub(crate) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// The bytes of all answers so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }
}

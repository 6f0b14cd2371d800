//! Memory that is used again: a large buffer that is new costs more than what is written to it, since the system hands it over page
//! by page.

use std::sync::{Arc, Mutex, PoisonError};

use arrow::buffer::Buffer;
use bytes::Bytes;

/// Buffers that nobody uses any more.
#[derive(Clone, Default)]
pub(super) struct Recycled(Arc<Mutex<Vec<Vec<u8>>>>);

/// The bytes of a buffer, which come back when the last one who reads them is done.
struct Lent {
    bytes: Vec<u8>,
    to: Recycled,
}

impl Recycled {
    /// Returns an empty buffer.
    pub(super) fn take(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    /// Returns the bytes as they are shared by columns.
    pub(super) fn share(&self, bytes: Vec<u8>) -> Buffer {
        Bytes::from_owner(Lent { bytes, to: self.clone() }).into()
    }
}

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let mut bytes = std::mem::take(&mut self.bytes);
        bytes.clear();
        self.to.0.lock().unwrap_or_else(PoisonError::into_inner).push(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_comes_back_when_the_last_reader_is_done() {
        let recycled = Recycled::default();
        let shared = recycled.share(vec![1, 2, 3]);
        let other = shared.slice(1);
        drop(shared);
        assert_eq!((other.as_slice(), recycled.take().capacity()), ([2, 3].as_slice(), 0));
        drop(other);
        let again = recycled.take();
        assert!(again.is_empty() && again.capacity() >= 3);
    }
}

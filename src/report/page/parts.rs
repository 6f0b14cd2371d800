//! What a page holds but does not draw until it is opened: compressed, so that a page of a thousand checks is small.

use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;

/// Pieces of HTML that the template has rendered, by their numbers.
#[derive(Clone, Debug, Default)]
pub(in crate::report) struct Parts(Arc<Mutex<Vec<String>>>);

impl Parts {
    /// Takes a piece, and returns its number.
    pub(in crate::report) fn add(&self, html: String) -> usize {
        let mut parts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        parts.push(html);
        parts.len() - 1
    }

    /// Returns the pieces as a JSON list, compressed by deflate without a header, as base64; empty if there are none.
    pub(in crate::report) fn packed(&self) -> String {
        let parts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if parts.is_empty() {
            return String::new();
        }
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        // A list of texts always is JSON, and memory takes every byte.
        let text = serde_json::to_vec(&*parts).unwrap_or_default();
        let packed = encoder.write_all(&text).and_then(|()| encoder.finish()).unwrap_or_default();
        BASE64_STANDARD.encode(packed)
    }
}

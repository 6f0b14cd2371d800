//! Texts with their compiled form.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// A text and its compiled form. Two are equal if their texts are, since the text determines the compiled
/// form.
pub(super) struct Compiled<T> {
    text: Arc<str>,
    compiled: Arc<T>,
}

impl<T> Compiled<T> {
    pub(super) fn new(text: &str, compiled: T) -> Self {
        Self { text: text.into(), compiled: Arc::new(compiled) }
    }

    /// Returns the text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the compiled form.
    pub(super) fn get(&self) -> &T {
        &self.compiled
    }
}

impl<T> Clone for Compiled<T> {
    fn clone(&self) -> Self {
        Self { text: Arc::clone(&self.text), compiled: Arc::clone(&self.compiled) }
    }
}

impl<T> fmt::Debug for Compiled<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

impl<T> PartialEq for Compiled<T> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<T> Eq for Compiled<T> {}

impl<T> Hash for Compiled<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl<T> Serialize for Compiled<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

//! Text and values that may be shown.

use std::fmt;
use std::ops::Deref;

use super::Samples;
use crate::document::brief;

/// Text or values that hold nothing personal. Only [`Privacy`](super::Privacy) makes one from data.
pub struct Shown<T: ?Sized>(Box<T>);

impl<T> Shown<T> {
    pub(super) fn new(contents: T) -> Self {
        Self(Box::new(contents))
    }
}

impl Shown<str> {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self(text.into().into_boxed_str())
    }

    /// Wraps text that quotes no values: words of karat, of the suite, of the schema. The caller vouches for
    /// that; `tests/it/layers.rs` lists the files that do.
    #[must_use]
    pub fn vouched(text: impl Into<String>) -> Self {
        Self::text(text)
    }

    /// Returns the text with its long quotations cut short.
    #[must_use]
    pub fn brief(&self) -> Self {
        Self::text(brief(&**self))
    }

    /// Joins several texts to one; `None` if there are none.
    #[must_use]
    pub fn joined(texts: impl IntoIterator<Item = Self>, between: &'static str) -> Option<Self> {
        let joined = texts.into_iter().map(|text| text.0.into_string());
        joined.reduce(|all, text| format!("{all}{between}{text}")).map(Self::text)
    }
}

impl Shown<Samples> {
    /// Drops all rows but the first few.
    pub fn keep(&mut self, most: usize) {
        self.0.rows.truncate(most);
    }

    /// Drops all rows, and the frequent values.
    pub fn clear(&mut self) {
        *self.0 = Samples::default();
    }
}

/// Text that is written in the program is no data.
impl From<&'static str> for Shown<str> {
    fn from(text: &'static str) -> Self {
        Self::text(text)
    }
}

impl From<Shown<String>> for Shown<str> {
    fn from(text: Shown<String>) -> Self {
        Self::text(*text.0)
    }
}

impl<T: ?Sized> Deref for Shown<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: ?Sized> Clone for Shown<T>
where
    Box<T>: Clone,
{
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: ?Sized> Default for Shown<T>
where
    Box<T>: Default,
{
    fn default() -> Self {
        Self(Box::default())
    }
}

impl<T: ?Sized + PartialEq> PartialEq for Shown<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T: ?Sized + Eq> Eq for Shown<T> {}

impl<T: ?Sized + PartialEq> PartialEq<T> for Shown<T> {
    fn eq(&self, other: &T) -> bool {
        *self.0 == *other
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for Shown<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for Shown<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

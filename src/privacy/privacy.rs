//! The personal columns of a suite, and what may be shown because of them.

use percent_encoding::percent_decode_str;
use serde::Serialize;

use super::{Mask, Masked, MaskedSamples, Samples, Shown, Untrusted};
use crate::data::{ColumnPath, Value};

/// Stands in for text that is withheld.
const MASKED: &str = "(masked)";

/// The personal columns of a suite, whose values are shown nowhere, and what stands for them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Privacy {
    personal: Vec<ColumnPath>,
    #[serde(skip)]
    mask: Mask,
}

impl Privacy {
    /// Returns the privacy of a suite whose personal columns are these. A suite's own is
    /// [`Suite::privacy`](crate::suite::Suite::privacy).
    #[must_use]
    pub fn of(personal: &[ColumnPath]) -> Self {
        Self { personal: personal.to_vec(), mask: Mask::default() }
    }

    /// Returns the same with another mask.
    #[must_use]
    pub fn with_mask(self, mask: Mask) -> Self {
        Self { mask, ..self }
    }

    pub(super) const fn mask(&self) -> &Mask {
        &self.mask
    }

    /// The columns that are personal.
    #[must_use]
    pub fn columns(&self) -> &[ColumnPath] {
        &self.personal
    }

    /// Hides a further column.
    pub fn hide(&mut self, column: &ColumnPath) {
        if !self.hides(column) {
            self.personal.push(column.clone());
        }
    }

    /// Returns whether a column is personal, or lies within or around one that is.
    #[must_use]
    pub fn hides(&self, column: &ColumnPath) -> bool {
        self.personal.iter().any(|personal| personal.overlaps(column))
    }

    /// Returns whether the values of a column are shown nowhere, nor hashes that stand for them: they need not be read to
    /// be shown.
    #[must_use]
    pub fn withholds(&self, column: &ColumnPath) -> bool {
        self.mask == Mask::Withhold && self.hides(column)
    }

    /// Returns whether any column is personal.
    #[must_use]
    pub fn hides_any(&self) -> bool {
        !self.personal.is_empty()
    }

    /// Returns the wrapped contents, unless one of the columns that they come from is personal.
    #[must_use]
    pub fn show<T>(&self, masked: Masked<T>) -> Option<Shown<T>> {
        masked.open(self).map(Shown::new)
    }

    /// Returns a value, or what stands for it: null, or its hash.
    #[must_use]
    pub fn value(&self, masked: Masked<Value>) -> Value {
        masked.open_or_hash(self).unwrap_or(Value::Null)
    }

    /// Returns a text without messages that may quote personal data, and without the values of personal
    /// partitions.
    #[must_use]
    pub fn text(&self, text: &Untrusted) -> Shown<str> {
        Shown::text(text.open(self))
    }

    /// Returns failing rows without personal values, or with what stands for them, and without the names of files that contain some; none
    /// if one of the columns that the rows as a whole come from is personal.
    #[must_use]
    pub fn samples(&self, samples: Masked<MaskedSamples>) -> Shown<Samples> {
        Shown::new(samples.open(self).unwrap_or_default().open(self))
    }

    /// Returns the text, or a mark that it is withheld.
    pub(super) fn or_mark(&self, masked: Masked<String>) -> String {
        masked.open(self).unwrap_or_else(|| MASKED.to_owned())
    }

    /// Masks the values of personal columns in paths of partitions.
    pub(super) fn without_partitions(&self, text: &str) -> String {
        // A path may name its columns percent-encoded, and may begin in the middle of a message.
        let is_personal = |before: &str| {
            let decoded = percent_decode_str(before).decode_utf8_lossy();
            self.personal.iter().any(|personal| decoded.ends_with(personal.root()))
        };
        let segments = text.split('/').map(|segment| match segment.split_once('=') {
            Some((before, _)) if is_personal(before) => format!("{before}={MASKED}"),
            _ => segment.to_owned(),
        });
        segments.collect::<Vec<_>>().join("/")
    }
}

//! Text that may quote values of the data.

use std::fmt;

use super::Privacy;

/// Stands in for a message that is withheld.
const WITHHELD: &str = "the engine's message is withheld, since it may quote personal data";

/// Text that may quote values of the data. [`Privacy::text`] shows it without the personal ones.
#[derive(Clone, PartialEq, Eq)]
pub struct Untrusted {
    parts: Vec<Part>,
}

#[derive(Clone, PartialEq, Eq)]
enum Part {
    /// Names places of the data. The values of personal partitions in their paths are masked.
    Places(String),
    /// May quote any value. If there are personal columns, other words replace it.
    Message { text: String, withheld: &'static str },
}

impl Untrusted {
    /// Wraps text that quotes no values but those of partitions, in the names of files.
    #[must_use]
    pub fn places(text: impl Into<String>) -> Self {
        Self { parts: vec![Part::Places(text.into())] }
    }

    /// Appends another text.
    #[must_use]
    pub fn then(mut self, other: &Self) -> Self {
        self.parts.extend(other.parts.iter().cloned());
        self
    }

    /// Appends `joint` and the whole of a message that may quote any value, to be replaced by `withheld` if
    /// there are personal columns.
    #[must_use]
    pub fn quoting(mut self, joint: &str, message: &Self, withheld: &'static str) -> Self {
        self.parts.push(Part::Message { text: format!("{joint}{}", message.whole()), withheld });
        self
    }

    /// Returns the whole text.
    fn whole(&self) -> String {
        let parts = self.parts.iter().map(|part| match part {
            Part::Places(text) | Part::Message { text, .. } => text.as_str(),
        });
        parts.collect()
    }

    /// Returns the text that may be shown.
    pub(super) fn open(&self, privacy: &Privacy) -> String {
        if !privacy.hides_any() {
            return self.whole();
        }
        let parts = self.parts.iter().map(|part| match part {
            Part::Places(text) => privacy.without_partitions(text),
            Part::Message { withheld, .. } => (*withheld).to_owned(),
        });
        parts.collect()
    }
}

/// A message that may quote any value.
impl From<String> for Untrusted {
    fn from(text: String) -> Self {
        Self { parts: vec![Part::Message { text, withheld: WITHHELD }] }
    }
}

impl From<&str> for Untrusted {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl fmt::Debug for Untrusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Untrusted")
    }
}

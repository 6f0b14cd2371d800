//! Tests of a text for which SQL has no word.

use std::collections::HashMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// A test of one text. Two of the same name are the same test, so that a name tells all parameters.
#[derive(Clone)]
pub struct TextTest {
    name: Arc<str>,
    holds: Arc<dyn Fn(&str) -> bool + Send + Sync>,
}

impl TextTest {
    /// A test named by what it says of a text: `is an IBAN`. It must not panic.
    pub fn new(name: impl Into<String>, holds: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        Self { name: name.into().into(), holds: Arc::new(holds) }
    }

    /// What it says of a text.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether a text passes.
    #[must_use]
    pub fn holds_for(&self, text: &str) -> bool {
        (self.holds)(text)
    }

    /// Whether each of many texts passes. Equal ones are asked once, unless most are different: then
    /// to remember them would cost more than to ask.
    pub(crate) fn holds_for_each<'a>(
        &self,
        texts: impl Iterator<Item = Option<&'a str>>,
    ) -> impl Iterator<Item = Option<bool>> {
        const ENOUGH_TO_TELL: usize = 1_000;
        let mut known = HashMap::new();
        let mut looked_up = 0;
        texts.map(move |text| {
            let text = text?;
            if known.len() > ENOUGH_TO_TELL + looked_up / 2 {
                return Some(self.holds_for(text));
            }
            looked_up += 1;
            Some(*known.entry(text).or_insert_with(|| self.holds_for(text)))
        })
    }
}

impl fmt::Debug for TextTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TextTest").field(&self.name).finish()
    }
}

impl PartialEq for TextTest {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for TextTest {}

impl Hash for TextTest {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

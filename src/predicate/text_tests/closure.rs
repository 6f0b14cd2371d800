//! Functions as text tests, with which unit tests make an engine fail.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde::Serialize;

use super::TextTest;

/// A function that is identified by its name alone.
#[derive(Clone, Serialize)]
pub struct Closure {
    name: &'static str,
    #[serde(skip)]
    holds: Arc<dyn Fn(&str) -> bool + Send + Sync>,
}

impl TextTest {
    /// Returns a test that calls a function.
    pub(crate) fn closure(name: &'static str, holds: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        Self::Closure(Closure { name, holds: Arc::new(holds) })
    }
}

impl Closure {
    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    pub(super) fn holds(&self, text: &str) -> bool {
        (self.holds)(text)
    }
}

impl fmt::Debug for Closure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.fmt(f)
    }
}

impl PartialEq for Closure {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Closure {}

impl Hash for Closure {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

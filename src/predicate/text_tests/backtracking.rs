//! Regular expressions that need a backtracking engine.

use fancy_regex::{Regex, RegexBuilder};
use serde::Serialize;

use super::compiled::Compiled;

/// Maximum number of backtracks in one value.
const BACKTRACKS: usize = 1_000_000;

/// A regular expression with lookaround, backreferences, or possessive or atomic groups.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct BacktrackingRegex(Compiled<Regex>);

impl BacktrackingRegex {
    /// Compiles `regex`, which is `text` in the dialect of the engine.
    pub(in crate::predicate) fn compile(text: &str, regex: &str) -> Result<Self, fancy_regex::Error> {
        let compiled = RegexBuilder::new(regex).backtrack_limit(BACKTRACKS).build()?;
        Ok(Self(Compiled::new(text, compiled)))
    }

    /// Returns the expression as it was written.
    pub(super) fn text(&self) -> &str {
        self.0.text()
    }

    /// Returns whether the expression is found in a text; `None` if the search is given up.
    pub(in crate::predicate) fn is_found_in(&self, text: &str) -> Option<bool> {
        self.0.get().is_match(text).ok()
    }
}

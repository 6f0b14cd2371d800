//! Regular expressions that only an engine which turns back can search for.

use fancy_regex::{Regex, RegexBuilder};
use serde::Serialize;

use super::compiled::Compiled;

/// How often a backtracking expression may turn back in one value.
const BACKTRACKS: usize = 1_000_000;

/// A regular expression that looks around, refers back or does not give back.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct BacktrackingRegex(Compiled<Regex>);

impl BacktrackingRegex {
    /// Compiles `regex`, which is what `text`, as it was written, is in the engine's dialect.
    pub(in crate::predicate) fn compile(text: &str, regex: &str) -> Result<Self, fancy_regex::Error> {
        let compiled = RegexBuilder::new(regex).backtrack_limit(BACKTRACKS).build()?;
        Ok(Self(Compiled::new(text, compiled)))
    }

    /// As it was written.
    pub(super) fn text(&self) -> &str {
        self.0.text()
    }

    /// Returns whether it is found in a text; nothing where the search is given up.
    pub(in crate::predicate) fn is_found_in(&self, text: &str) -> Option<bool> {
        self.0.get().is_match(text).ok()
    }
}

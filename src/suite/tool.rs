//! The other tools whose suites karat reads. A new tool is added only to this list.

use super::adopted::Translated;
use super::{Reading, great_expectations};
use crate::document::{Diagnostic, Key, Node};
use crate::expectation::Definition;

/// Another tool whose suites karat reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tool {
    /// Great Expectations, 0.x and 1.x.
    GreatExpectations,
}

/// The reader of a tool's suites: all that the other modules know of the tool.
pub(super) struct Importer {
    /// The description of a suite of the tool, for errors.
    pub(super) form: &'static str,
    /// The function that returns whether a mapping is a suite of the tool.
    pub(super) recognises: fn(&[(Key, Node)]) -> bool,
    /// The function that translates a suite's checks to those of karat. Given values of parameters take
    /// precedence over the suite's own.
    pub(super) translate: fn(&Node, &Reading<'_>) -> Result<Translated, Diagnostic>,
    /// The definition of checks that could not be translated. The catalogue does not hold it.
    pub(super) refused: &'static Definition,
    /// The function that returns the tool's names for an id, which suites of karat may use instead.
    pub(super) names: fn(&str) -> Vec<&'static str>,
    /// The function that returns the id for a name of the tool.
    pub(super) id: fn(&str) -> Option<&'static str>,
}

impl Tool {
    /// All tools.
    pub const ALL: [Self; 1] = [Self::GreatExpectations];

    /// Returns the name of the tool.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::GreatExpectations => "Great Expectations",
        }
    }

    /// Returns the tool's names of an expectation, which suites of karat may use as well.
    #[must_use]
    pub fn names(self, id: &str) -> Vec<&'static str> {
        (self.importer().names)(id)
    }

    pub(super) const fn importer(self) -> &'static Importer {
        match self {
            Self::GreatExpectations => &great_expectations::IMPORTER,
        }
    }

    /// Returns the tool that a mapping is a suite of.
    pub(super) fn of(entries: &[(Key, Node)]) -> Option<Self> {
        Self::ALL.into_iter().find(|tool| (tool.importer().recognises)(entries))
    }

    /// Returns the id of the expectation that a name of any tool stands for.
    pub(super) fn id(name: &str) -> Option<&'static str> {
        Self::ALL.into_iter().find_map(|tool| (tool.importer().id)(name))
    }
}

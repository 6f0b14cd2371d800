//! The other tools whose suites are read: the one list to which a new one is added.

use super::adopted::Translated;
use super::{Reading, great_expectations};
use crate::document::{Diagnostic, Key, Node};
use crate::expectation::Definition;

/// Another tool whose suites are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tool {
    /// Great Expectations, 0.x and 1.x.
    GreatExpectations,
}

/// What reads the suites of a tool: the one thing that the rest of the stage knows of it.
pub(super) struct Importer {
    /// What a suite of the tool is, for those who give something else.
    pub(super) form: &'static str,
    /// Whether a mapping is a suite of the tool.
    pub(super) recognises: fn(&[(Key, Node)]) -> bool,
    /// Writes its checks as a suite of karat would; values of parameters that are given go before the suite's own.
    pub(super) translate: fn(&Node, &Reading<'_>) -> Result<Translated, Diagnostic>,
    /// The definition of checks that have no counterpart. It is not of the catalogue.
    pub(super) refused: &'static Definition,
    /// The names of the tool that a suite of karat may use instead of an id.
    pub(super) names: fn(&str) -> Vec<&'static str>,
    /// The id that such a name stands for.
    pub(super) id: fn(&str) -> Option<&'static str>,
}

impl Tool {
    /// All of them.
    pub const ALL: [Self; 1] = [Self::GreatExpectations];

    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::GreatExpectations => "Great Expectations",
        }
    }

    /// The tool's names of an expectation, to which the catalogue answers too.
    #[must_use]
    pub fn names(self, id: &str) -> Vec<&'static str> {
        (self.importer().names)(id)
    }

    pub(super) const fn importer(self) -> &'static Importer {
        match self {
            Self::GreatExpectations => &great_expectations::IMPORTER,
        }
    }

    /// The tool that a mapping is a suite of.
    pub(super) fn of(entries: &[(Key, Node)]) -> Option<Self> {
        Self::ALL.into_iter().find(|tool| (tool.importer().recognises)(entries))
    }

    /// The id of the expectation that a name of any tool stands for.
    pub(super) fn id(name: &str) -> Option<&'static str> {
        Self::ALL.into_iter().find_map(|tool| (tool.importer().id)(name))
    }
}

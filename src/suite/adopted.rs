//! Suites of other tools in a common form, whichever tool they come from.

use super::Tool;
use crate::data::ColumnPath;
use crate::document::{Diagnostic, Node, Span};
use crate::expectation::{Definition, Expectation, LowerError, Lowered, Site};

/// The origin of a check in the suite of another tool.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Origin {
    /// The tool.
    pub tool: Tool,
    /// The name of the check in the tool: `expect_column_values_to_be_in_set`.
    pub name: String,
    /// The arguments of the check.
    pub arguments: serde_json::Value,
    /// The id of the check, if there is one.
    pub id: Option<String>,
    /// The description of the check, if there is one.
    pub description: Option<String>,
    /// Other entries that the tool keeps with the check, by the tool's names.
    pub kept: serde_json::Map<String, serde_json::Value>,
    /// The parts of the check that karat ignores, and why.
    pub ignored: Vec<String>,
    /// The reason why karat cannot judge the check, if it cannot.
    pub refused: Option<Diagnostic>,
}

/// A suite of another tool, translated.
#[derive(Debug)]
pub(super) struct Translated {
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) checks: Vec<Adopted>,
}

/// A check of another tool, translated.
#[derive(Debug)]
pub(super) struct Adopted {
    /// The column of the check; `None` for a check on the table.
    pub(super) column: Option<ColumnPath>,
    /// The name of the check within the suite.
    pub(super) id: String,
    /// The check as a suite of karat writes it, or the reason why it cannot be translated.
    pub(super) check: Result<Node, Diagnostic>,
    /// The arguments, if they are relative to the time of the run.
    pub(super) deferred: Option<Box<dyn DeferredArguments>>,
    /// The origin of the check.
    pub(super) origin: Origin,
    /// The place of the check's name.
    pub(super) span: Span,
}

/// Arguments that are computed when the time of the run is known.
pub(super) trait DeferredArguments: std::fmt::Debug + Send + Sync {
    /// Reads the expectation with its arguments at the time of the run.
    fn read(
        &self,
        definition: &'static Definition,
        site: &Site<'_>,
    ) -> Result<Box<dyn Expectation>, Diagnostic>;

    /// Returns the formulas of the arguments, for people.
    fn formula(&self) -> String;
}

/// An expectation whose definition is known, and whose arguments are not yet.
#[derive(Debug)]
pub(super) struct DeferredExpectation {
    pub(super) definition: &'static Definition,
    pub(super) arguments: Box<dyn DeferredArguments>,
}

impl Expectation for DeferredExpectation {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        self.arguments.read(self.definition, site).map_err(|why| not_lowered(&why))?.lower(site)
    }

    fn demand(&self) -> String {
        self.arguments.formula()
    }
}

/// An expectation in place of a check that karat cannot judge: lowering it returns the reason.
#[derive(Debug)]
pub(super) struct RefusedExpectation {
    error: LowerError,
}

impl RefusedExpectation {
    pub(super) fn new(why: &Diagnostic) -> Self {
        Self { error: not_lowered(why) }
    }
}

impl Expectation for RefusedExpectation {
    fn lower(&self, _: &Site<'_>) -> Result<Lowered, LowerError> {
        Err(self.error.clone())
    }

    fn demand(&self) -> String {
        String::new()
    }
}

fn not_lowered(why: &Diagnostic) -> LowerError {
    LowerError { help: why.help.clone(), ..LowerError::new(why.message.clone()) }
}

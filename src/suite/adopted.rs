//! Suites of other tools in the form in which all of them are read, whichever tool they come from.

use super::Tool;
use crate::data::ColumnPath;
use crate::document::{Diagnostic, Node, Span};
use crate::expectation::{Definition, Expectation, LowerError, Lowered, Site};

/// What a check was in the suite of another tool.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Origin {
    /// The tool.
    pub tool: Tool,
    /// What the check is called there: `expect_column_values_to_be_in_set`.
    pub name: String,
    /// Its arguments.
    pub arguments: serde_json::Value,
    /// Its id, where it has one.
    pub id: Option<String>,
    /// Its description, where it has one.
    pub description: Option<String>,
    /// What else the tool keeps with it, by the tool's names.
    pub kept: serde_json::Map<String, serde_json::Value>,
    /// What of it means nothing here, and why.
    pub ignored: Vec<String>,
    /// Why karat cannot judge it, where it cannot.
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
    /// The column it stands on; none on the table.
    pub(super) column: Option<ColumnPath>,
    /// A name within the suite.
    pub(super) id: String,
    /// The check as a suite of karat writes it, or why there is none.
    pub(super) check: Result<Node, Diagnostic>,
    /// Its arguments, where they are relative to the time of the run.
    pub(super) late: Option<Box<dyn LateArguments>>,
    /// What it was.
    pub(super) origin: Origin,
    /// Where its name stands.
    pub(super) span: Span,
}

/// Arguments that are computed when the time of the run is known.
pub(super) trait LateArguments: std::fmt::Debug + Send + Sync {
    /// The expectation at the time of the run.
    fn read(
        &self,
        definition: &'static Definition,
        site: &Site<'_>,
    ) -> Result<Box<dyn Expectation>, Diagnostic>;

    /// What is relative to the time, for people.
    fn formula(&self) -> String;
}

/// An expectation whose definition is known, and whose arguments are not yet.
#[derive(Debug)]
pub(super) struct LateExpectation {
    pub(super) definition: &'static Definition,
    pub(super) arguments: Box<dyn LateArguments>,
}

impl Expectation for LateExpectation {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        self.arguments.read(self.definition, site).map_err(|why| not_lowered(&why))?.lower(site)
    }

    fn demand(&self) -> String {
        self.arguments.formula()
    }
}

/// What stands for a check that karat cannot judge: one that says why.
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

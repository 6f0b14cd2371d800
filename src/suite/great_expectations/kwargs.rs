//! The arguments of an expectation of Great Expectations. Each must be taken, or known to be without effect.

use super::columns;
use crate::document::{Diagnostic, Key, Node, NodeKind, Span};

/// Arguments of an expectation of karat, by name.
pub(super) type NamedArguments = Vec<(&'static str, Node)>;

/// The arguments of an expectation that have not been taken yet.
#[derive(Debug)]
pub(super) struct Kwargs {
    /// The place of the arguments.
    pub(super) span: Span,
    given: Vec<(Key, Node)>,
    /// Notes on ignored arguments and on changes of meaning.
    pub(super) notes: Vec<String>,
}

/// Arguments that never change the demand of a check.
const HARMLESS: [&str; 14] = [
    "auto",
    "batch_id",
    "catch_exceptions",
    "description",
    "expectation_context",
    "id",
    "include_config",
    "meta",
    "notes",
    "output_strftime_format",
    "profiler_config",
    "rendered_content",
    "result_format",
    "severity",
];

/// Arguments without a counterpart, and the notes on them where they are set.
const IGNORED: [(&str, &str); 5] = [
    ("allow_cross_type_comparisons", "values of different types are never compared"),
    ("parse_strings_as_datetimes", "texts are compared as texts; a column of dates or timestamps as such"),
    ("condition_parser", "it says nothing without a row_condition"),
    ("tz_offset", "timestamps are compared as they are"),
    ("windows", "the bounds that stand in the suite are asked for"),
];

impl Kwargs {
    /// Returns the arguments that are given and not null.
    pub(super) fn new(node: &Node) -> Result<Self, Diagnostic> {
        let entries = node.map("a mapping of arguments")?;
        let given = entries.iter().filter(|(_, value)| !value.is_null()).cloned().collect();
        Ok(Self { span: node.span, given, notes: Vec::new() })
    }

    /// Takes an argument.
    pub(super) fn take(&mut self, name: &str) -> Option<Node> {
        let position = self.given.iter().position(|(key, _)| key.text == name)?;
        Some(self.given.remove(position).1)
    }

    /// Takes an argument, which is required.
    pub(super) fn required(&mut self, name: &str) -> Result<Node, Diagnostic> {
        self.take(name).ok_or_else(|| Diagnostic::new(self.span, format!("the kwarg {name:?} is missing")))
    }

    /// Takes those of some arguments that are given, under karat's names.
    pub(super) fn renamed(&mut self, names: &[(&str, &'static str)]) -> NamedArguments {
        names.iter().filter_map(|(gx_type, ours)| Some((*ours, self.take(gx_type)?))).collect()
    }

    /// Takes a flag, which is false by default.
    pub(super) fn flag(&mut self, name: &str) -> Result<bool, Diagnostic> {
        self.take(name).map_or(Ok(false), |node| node.boolean("true or false"))
    }

    /// Takes the name of a column, as karat writes it.
    pub(super) fn column(&mut self, name: &str) -> Result<Node, Diagnostic> {
        columns::column_name(&self.required(name)?)
    }

    /// Takes a list of names of columns, as karat writes them.
    pub(super) fn columns(&mut self, name: &str) -> Result<Node, Diagnostic> {
        columns::column_names(&self.required(name)?)
    }

    /// Adds a note on a change of meaning.
    pub(super) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// Returns the notes, also those on arguments that were not taken.
    ///
    /// # Errors
    /// One that Great Expectations does not have either.
    pub(super) fn finish(self) -> Result<Vec<String>, Diagnostic> {
        let mut notes = self.notes;
        for (key, value) in &self.given {
            let name = key.text.as_str();
            let asks = !matches!(&value.kind, NodeKind::Scalar(scalar) if scalar.text == "false");
            match IGNORED.iter().find(|(ignored, _)| *ignored == name) {
                Some((_, instead)) if asks => notes.push(format!("{name} is ignored: {instead}")),
                Some(_) => {}
                None if HARMLESS.contains(&name) => {}
                None => {
                    return Err(Diagnostic::new(key.span, format!("the kwarg {name:?} is not known")));
                }
            }
        }
        Ok(notes)
    }
}

//! A check that is suggested.

use std::fmt::Write as _;

use super::confidence::Confidence;
use super::yaml::{comment, wrapped};
use crate::data::ColumnPath;
use crate::document::yaml_text;

/// A check that is suggested, and why.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Suggestion {
    /// The column it stands on; nothing for the table.
    pub(super) column: Option<ColumnPath>,
    /// The expectation.
    pub(super) check: &'static str,
    /// What it is given, in YAML.
    pub(super) arguments: Option<Arguments>,
    /// What is seen that speaks for it.
    pub(super) reason: String,
    /// Whether it is worth having where a few rows break it.
    pub(super) may_be_mostly: bool,
    /// Whether breaking it is only worth a warning.
    pub(super) warns: bool,
    /// What it is called, where several of its kind may stand in a place.
    pub(super) id: Option<String>,
    /// The share of rows that it is demanded of, if not of all.
    pub(super) mostly: Option<f64>,
    /// How sure it is, once it was held against the data.
    pub(super) confidence: Option<Confidence>,
}

/// What a check is given.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Arguments {
    /// On the line of the check.
    Inline(String),
    /// A list that may be long.
    List(Vec<String>),
}

impl Suggestion {
    /// A check without arguments on a column.
    pub(super) fn on(column: &ColumnPath, check: &'static str, reason: impl Into<String>) -> Self {
        Self {
            column: Some(column.clone()),
            check,
            arguments: None,
            reason: reason.into(),
            may_be_mostly: false,
            warns: false,
            id: None,
            mostly: None,
            confidence: None,
        }
    }

    /// A check on the table.
    pub(super) fn on_table(
        check: &'static str,
        arguments: impl Into<String>,
        reason: impl Into<String>,
    ) -> Self {
        let arguments = Some(Arguments::Inline(arguments.into()));
        Self { column: None, arguments, ..Self::on(&ColumnPath::column(""), check, reason) }
    }

    /// The same with what is written behind its name.
    pub(super) fn with(self, arguments: impl Into<String>) -> Self {
        Self { arguments: Some(Arguments::Inline(arguments.into())), ..self }
    }

    /// The same with a list.
    pub(super) fn with_list(self, items: Vec<String>) -> Self {
        Self { arguments: Some(Arguments::List(items)), ..self }
    }

    /// The same, worth having where a few rows break it.
    pub(super) fn mostly(self) -> Self {
        Self { may_be_mostly: true, ..self }
    }

    /// The same, worth a warning only.
    pub(super) fn warning(self) -> Self {
        Self { warns: true, ..self }
    }

    /// The same under a name of its own.
    pub(super) fn named(self, id: String) -> Self {
        Self { id: Some(id), ..self }
    }

    /// It as an item of a list of checks, its lines behind such a margin; with an id for a run, or else with its reason
    /// as a comment.
    pub(super) fn item(&self, margin: &str, id: Option<&str>) -> String {
        let (reason, mut options) = (self.comment(), Vec::new());
        options.extend(
            id.map(str::to_owned).or_else(|| self.id.as_deref().map(yaml_text)).map(|id| format!("id: {id}")),
        );
        options.extend(self.mostly.map(|mostly| format!("mostly: {mostly}")));
        options.extend(self.warns.then(|| "severity: warning".to_owned()));
        let behind = if id.is_some() { String::new() } else { comment(&reason) };
        let mut text = match &self.arguments {
            // What has options is a mapping, and one without arguments takes an empty one.
            None if options.is_empty() => format!("{margin}- {}{behind}\n", self.check),
            None => format!("{margin}- {}: {{}}{behind}\n", self.check),
            Some(Arguments::Inline(arguments)) => format!("{margin}- {}: {arguments}{behind}\n", self.check),
            Some(Arguments::List(items)) => {
                let start = format!("{margin}- {}: ", self.check);
                format!("{}{behind}\n", wrapped(&start, items))
            }
        };
        for option in options {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{margin}  {option}");
        }
        text
    }

    /// What is seen, and how sure it is.
    fn comment(&self) -> String {
        let sure = self.confidence.map(|confidence| confidence.to_string());
        let parts = [Some(self.reason.clone()).filter(|reason| !reason.is_empty()), sure];
        parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
    }
}

//! The options of checks.

use super::{Filter, Limit, OnFail, Severity, Thresholds};
use crate::data::ColumnPath;
use crate::document::{Diagnostic, Key, Node, Span};
use crate::expectation::{Definition, Nature, columns_of};
use crate::predicate::parse;

/// The options beside a check's expectation.
#[derive(Debug, Default)]
pub(super) struct Options {
    pub(super) filters: Vec<Filter>,
    pub(super) group_by: Vec<ColumnPath>,
    pub(super) thresholds: Thresholds,
    pub(super) severity: Severity,
    pub(super) on_fail: Option<OnFail>,
    pub(super) description: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) samples: Option<usize>,
}

/// Names and meanings of the options.
pub(super) const NAMES: [(&str, &str); 11] = [
    ("id", "the check's name within the suite"),
    ("where", "the rows it is asked of, as a SQL predicate"),
    ("group_by", "the column or columns whose values make the groups it is asked of"),
    ("mostly", "the share of considered rows that must hold, between 0 and 1"),
    ("warn_if", "the limit on failing rows beyond which it warns"),
    ("fail_if", "the limit on failing rows beyond which it fails"),
    ("severity", "what a violation is at most: critical, warning or info"),
    ("on_fail", "what a split does with failing rows: keep, quarantine or stop"),
    ("description", "what the author says of it"),
    ("tags", "words to select it by"),
    ("samples", "how many failing rows to show"),
];

/// Returns whether an option applies to checks of a nature.
pub(super) fn applies(name: &str, nature: Nature) -> bool {
    match name {
        "mostly" | "warn_if" | "fail_if" | "samples" => nature.counts_rows(),
        "where" => matches!(nature, Nature::Rows | Nature::Measured),
        "group_by" => nature == Nature::Measured,
        _ => true,
    }
}

impl Options {
    /// Returns the id that a check is given, with its place, if there is one.
    pub(super) fn id(entries: &[(Key, Node)]) -> Result<Option<(String, Span)>, Diagnostic> {
        let given = entries.iter().find(|(key, _)| key.text == "id");
        given.map(|(_, node)| Ok((id(node)?, node.span))).transpose()
    }

    pub(super) fn is_option(name: &str) -> bool {
        NAMES.iter().any(|(option, _)| *option == name)
    }

    pub(super) fn read(definition: &Definition, entries: &[(Key, Node)]) -> Result<Self, Diagnostic> {
        let mut options = Self::default();
        let (mut mostly, mut warn_if, mut fail_if) = (None, None, None);
        for (key, node) in entries {
            let name = key.text.as_str();
            if !applies(name, definition.nature) {
                let judges = match name {
                    "where" if definition.nature == Nature::Reading => "judges rows before they have values",
                    "where" => "judges the schema",
                    "group_by" => "measures no value",
                    _ => "judges no single rows",
                };
                let message = format!("{} {judges}: {name:?} means nothing here", definition.id);
                let help = format!("take it out; `karat explain {}` shows what it takes", definition.id);
                return Err(Diagnostic::new(key.span, message).help(help));
            }
            match name {
                "where" => options.filters.push(filter(node)?),
                "group_by" => options.group_by = columns_of(node)?,
                "mostly" => mostly = Some((Limit::read_mostly(node)?, key)),
                "warn_if" => warn_if = Some(Limit::read(node)?),
                "fail_if" => fail_if = Some(Limit::read(node)?),
                "severity" => options.severity = severity(node)?,
                "on_fail" => options.on_fail = Some(OnFail::read(node, definition.nature)?),
                "description" => options.description = Some(node.text("a text")?.to_owned()),
                "tags" => options.tags = texts(node)?,
                "samples" => options.samples = Some(node.number("a whole number that is not negative")?),
                _ => {}
            }
        }
        options.thresholds = match (mostly, warn_if, fail_if) {
            (Some((_, key)), _, Some(_)) => {
                return Err(Diagnostic::new(key.span, "mostly beside fail_if: both say when it fails"));
            }
            (Some((mostly, _)), warn, None) => Thresholds { warn, fail: Some(mostly) },
            (None, None, None) => Thresholds::default(),
            (None, warn, fail) => Thresholds { warn, fail },
        };
        Ok(options)
    }
}

fn id(node: &Node) -> Result<String, Diagnostic> {
    let text = node.text("a name")?.trim();
    if text.is_empty() { Err(node.expected_error("a name")) } else { Ok(text.to_owned()) }
}

fn filter(node: &Node) -> Result<Filter, Diagnostic> {
    let condition = parse(node.text("a predicate in SQL")?).map_err(|error| error.inside(node))?;
    Ok(Filter { condition, node: node.clone() })
}

fn severity(node: &Node) -> Result<Severity, Diagnostic> {
    let text = node.text("critical, warning or info")?;
    let found = Severity::NAMES.into_iter().find(|(name, _)| *name == text);
    found.map(|(_, severity)| severity).ok_or_else(|| {
        let names = Severity::NAMES.map(|(name, _)| name);
        let known = match text.to_ascii_lowercase().as_str() {
            "error" | "fail" | "failure" | "high" | "blocker" => Some("that is critical here".to_owned()),
            "medium" => Some("that is warning here".to_owned()),
            "low" | "note" => Some("that is info here".to_owned()),
            _ => None,
        };
        let help = known.or_else(|| crate::document::did_you_mean(text, names));
        node.expected_error("critical, warning or info").maybe_help(help)
    })
}

fn texts(node: &Node) -> Result<Vec<String>, Diagnostic> {
    node.list("a list of words")?.iter().map(|item| item.text("a word").map(str::to_owned)).collect()
}

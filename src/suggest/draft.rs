//! The draft of a suite, as YAML.

use std::fmt::Write as _;

use super::suggestion::Suggestion;
use super::yaml::{self, comment};
use crate::data::ColumnPath;
use crate::document::yaml_text;

/// The draft of a suite.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Its text.
    pub yaml: String,
    /// How many checks it has.
    pub checks: usize,
    /// How many that were thought of did not hold.
    pub dropped: usize,
    /// How many times the data was read, to profile it and to hold the checks against it.
    pub scans: u64,
}

/// What stands at the head of a draft.
pub(super) struct Head<'a> {
    pub(super) schema: &'a str,
    pub(super) suite: &'a str,
    pub(super) layer: Option<&'a str>,
    pub(super) data: &'a str,
    pub(super) description: Option<&'a str>,
    /// What it was made of: the dataset, its version and rows.
    pub(super) origin: &'a str,
    pub(super) key: &'a [String],
    /// The line of the personal columns.
    pub(super) personal: &'a str,
}

const EXPLAINED: &str = "\
# Behind each check stands what was seen, the rows that it holds for, and the lower end of the 95 % interval
# (Wilson) of their share. Every check passes on that data: delete what is chance, tighten what is known.
";

/// The whole draft.
pub(super) fn draft(
    head: &Head<'_>,
    suggestions: &[Suggestion],
    remarks: &dyn Fn(&ColumnPath) -> Option<String>,
) -> String {
    let mut text = format!("# yaml-language-server: $schema={}\n", head.schema);
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "#{}",
        comment(&format!("Drafted by karat suggest from {}.", head.origin)).replacen("  #", "", 1)
    );
    text.push_str(EXPLAINED);
    let _ = writeln!(text, "suite: {}", yaml_text(head.suite));
    if let Some(layer) = head.layer {
        let _ = writeln!(text, "layer: {layer}");
    }
    let _ = writeln!(text, "data: {}", yaml_text(head.data));
    if let Some(description) = head.description {
        let _ = writeln!(text, "description: {}", yaml_text(description));
    }
    match head.key {
        [] => {}
        [key] => {
            let _ = writeln!(text, "key: {key}");
        }
        several => {
            let _ = writeln!(text, "key: [{}]", several.join(", "));
        }
    }
    text.push_str(head.personal);
    text.push_str(&sections(suggestions, &|_| None, remarks));
    text
}

/// The line that names personal columns; nothing without any.
pub(super) fn personal(columns: &[ColumnPath]) -> String {
    let names: Vec<String> = columns.iter().map(yaml::name).collect();
    if names.is_empty() { String::new() } else { format!("{}\n", yaml::wrapped("pii: ", &names)) }
}

/// The checks by their columns, each with an id or else with its reason; and what is told of a column.
pub(super) fn sections<'a>(
    suggestions: &[Suggestion],
    id: &dyn Fn(usize) -> Option<&'a str>,
    remarks: &dyn Fn(&ColumnPath) -> Option<String>,
) -> String {
    let mut columns: Vec<(&ColumnPath, String)> = Vec::new();
    let mut table = String::new();
    for (index, suggestion) in suggestions.iter().enumerate() {
        let Some(column) = &suggestion.column else {
            table.push_str(&suggestion.item("  ", id(index)));
            continue;
        };
        let item = suggestion.item("    ", id(index));
        match columns.iter_mut().find(|(other, _)| *other == column) {
            Some((_, items)) => items.push_str(&item),
            None => columns.push((column, item)),
        }
    }
    let mut text = String::new();
    if !columns.is_empty() {
        text.push_str("columns:\n");
    }
    for (column, items) in columns {
        let remarks = remarks(column).map_or_else(String::new, |remarks| comment(&remarks));
        let _ = writeln!(text, "  {}:{remarks}", yaml::name(column));
        text.push_str(&items);
    }
    if !table.is_empty() {
        let _ = write!(text, "table:\n{table}");
    }
    text
}

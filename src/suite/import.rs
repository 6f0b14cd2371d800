//! Writes a suite of another tool as a suite of karat.

use std::fmt::Write as _;

use super::adopted::Adopted;
use super::{Catalogue, Reading, Suite, SuiteError, Tool};
use crate::document::{Key, Node, NodeKind, Syntax, parse, to_yaml, yaml_text};

/// A suite of karat, made from one of another tool.
#[derive(Debug)]
#[non_exhaustive]
pub struct Imported {
    /// The text of the suite. Checks that could not be translated stand in it as comments.
    pub yaml: String,
    /// Number of checks of the other tool's suite.
    pub expectations: usize,
    /// The checks that could not be translated, and why.
    pub left_out: Vec<LeftOut>,
}

/// A check that could not be translated.
#[derive(Debug)]
#[non_exhaustive]
pub struct LeftOut {
    /// The id that the check would have.
    pub id: String,
    /// The name of the check in the tool.
    pub name: String,
    /// The reason why the check could not be translated.
    pub reason: String,
    /// The arguments of the check.
    pub arguments: serde_json::Value,
}

/// Writes a suite of another tool, which was read, as a suite of karat.
///
/// # Errors
/// It is none of that tool.
pub fn import(suite: &Suite, tool: Tool) -> Result<Imported, SuiteError> {
    let importer = tool.importer();
    let invalid = |diagnostic| SuiteError::Invalid {
        path: suite.path.clone(),
        text: suite.text.clone(),
        diagnostics: vec![diagnostic],
    };
    let parsed = parse(&suite.text, Syntax::Json).or_else(|_| parse(&suite.text, Syntax::Yaml));
    let translated = parsed.and_then(|root| match &root.kind {
        NodeKind::Map(entries) if (importer.recognises)(entries) => {
            (importer.translate)(&root, &Reading::from(Catalogue::standard()))
        }
        _ => Err(root.expected_error(importer.form)),
    });
    let translated = translated.map_err(invalid)?;
    let mut sections = Sections::default();
    let mut left_out = Vec::new();
    for (item, check) in translated.checks.iter().zip(&suite.checks) {
        let refused = check.origin.as_ref().and_then(|origin| origin.refused.as_ref());
        let reason = match (refused, &item.deferred) {
            (Some(why), _) => Some(why.message.clone()),
            (None, Some(deferred)) => {
                Some(format!("relative to the time of the run: {}", deferred.formula()))
            }
            (None, None) => None,
        };
        match (reason, &item.check) {
            (None, Ok(node)) => sections.put(item, node),
            (reason, _) => left_out.push(LeftOut {
                id: item.id.clone(),
                name: item.origin.name.clone(),
                reason: reason.unwrap_or_default(),
                arguments: item.origin.arguments.clone(),
            }),
        }
    }
    let expectations = translated.checks.len();
    let mut yaml = header(suite, tool);
    sections.write(&mut yaml);
    write_left_out(&mut yaml, &left_out);
    Ok(Imported { yaml, expectations, left_out })
}

fn header(suite: &Suite, tool: Tool) -> String {
    let name = yaml_text(&suite.name);
    let mut yaml = String::new();
    comment(&mut yaml, "", &format!("Imported from the {} suite {}.", tool.name(), suite.path));
    let _ = writeln!(yaml, "suite: {name}");
    if let Some(description) = &suite.description {
        let _ = writeln!(yaml, "description: {}", yaml_text(description));
    }
    yaml
}

/// The checks by column and on the table, in the order of first appearance.
#[derive(Default)]
struct Sections<'a> {
    columns: Vec<(String, Vec<(&'a Adopted, &'a Node)>)>,
    table: Vec<(&'a Adopted, &'a Node)>,
}

impl<'a> Sections<'a> {
    fn put(&mut self, item: &'a Adopted, node: &'a Node) {
        let Some(column) = &item.column else { return self.table.push((item, node)) };
        let name = column.to_string();
        match self.columns.iter_mut().find(|(other, _)| *other == name) {
            Some((_, checks)) => checks.push((item, node)),
            None => self.columns.push((name, vec![(item, node)])),
        }
    }

    fn write(&self, yaml: &mut String) {
        if !self.columns.is_empty() {
            yaml.push_str("columns:\n");
        }
        for (name, checks) in &self.columns {
            let _ = writeln!(yaml, "  {}:", yaml_text(name));
            for (item, node) in checks {
                write_check(yaml, "    ", item, node);
            }
        }
        if !self.table.is_empty() {
            yaml.push_str("table:\n");
        }
        for (item, node) in &self.table {
            write_check(yaml, "  ", item, node);
        }
    }
}

fn write_check(yaml: &mut String, margin: &str, item: &Adopted, node: &Node) {
    for note in &item.origin.ignored {
        comment(yaml, margin, note);
    }
    let NodeKind::Map(entries) = &node.kind else {
        let _ = writeln!(yaml, "{margin}- {}", to_yaml(node, margin.len(), 2));
        return;
    };
    for (index, (Key { text, .. }, value)) in entries.iter().enumerate() {
        let lead = if index == 0 { "- " } else { "  " };
        let value = to_yaml(value, margin.len() + 2, text.len() + 2);
        let blank = if value.starts_with('\n') { "" } else { " " };
        let _ = writeln!(yaml, "{margin}{lead}{}:{blank}{value}", yaml_text(text));
    }
}

fn write_left_out(yaml: &mut String, left_out: &[LeftOut]) {
    if left_out.is_empty() {
        return;
    }
    comment(yaml, "", "Left out, because karat cannot judge them:");
    for LeftOut { id, name, reason, arguments } in left_out {
        comment(yaml, "", &format!("- {id}: {reason}"));
        comment(yaml, "", &format!("  {name} {arguments}"));
    }
}

/// Writes a text as comments, one for each of its lines.
fn comment(yaml: &mut String, margin: &str, text: &str) {
    for line in text.split(|c: char| c.is_control() || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}')) {
        // In the log of a build, two of them may begin a command.
        let _ = writeln!(yaml, "{margin}# {}", line.trim_end().replace("##", "# #"));
    }
}

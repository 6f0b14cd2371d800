//! Fills in definitions: `$prefix` in the checks of a definition becomes the argument that a use gives.

use std::cell::Cell;

use super::composed::{Composed, Part};
use super::{ArgumentKind, Catalogue, CatalogueEntry};
use crate::data::ColumnPath;
use crate::document::{Diagnostic, Key, MAX_NODES, Node, NodeKind, Span};
use crate::expectation::{Definition, ParameterKind};
use crate::predicate::{MAX_BYTES, placeholders};
use crate::suite::item::Item;

/// The placeholder of the column that a check stands on.
pub(super) const COLUMN: &str = "column";

/// The placeholders in a scalar of a definition.
pub(super) enum Slot<'a> {
    /// The name of a placeholder that is the whole scalar.
    Whole(&'a str),
    /// SQL with at least one placeholder.
    Sql(&'a str, Vec<(String, Span)>),
    /// A scalar without placeholders.
    Plain,
}

/// Returns a node with every scalar replaced by the result of `replace`, which is told whether it is SQL.
/// Lists and mappings stay in their places, or move to `to`.
pub(in crate::suite) fn fill(
    node: &Node,
    sql: bool,
    to: Option<Span>,
    replace: &mut impl FnMut(&Node, &str, bool) -> Result<Node, Diagnostic>,
) -> Result<Node, Diagnostic> {
    let kind = match &node.kind {
        NodeKind::Scalar(scalar) => return replace(node, &scalar.text, sql),
        NodeKind::List(items) => {
            let mut filled = Vec::with_capacity(items.len());
            for item in items {
                filled.push(fill(item, false, to, replace)?);
            }
            NodeKind::List(filled)
        }
        NodeKind::Map(entries) => NodeKind::Map(fill_entries(entries, |_| false, to, replace)?),
    };
    Ok(Node { kind, span: to.unwrap_or(node.span) })
}

fn fill_entries(
    entries: &[(Key, Node)],
    sql: impl Fn(&str) -> bool,
    to: Option<Span>,
    replace: &mut impl FnMut(&Node, &str, bool) -> Result<Node, Diagnostic>,
) -> Result<Vec<(Key, Node)>, Diagnostic> {
    let mut filled = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        let value = fill(value, sql(&key.text), to, replace)?;
        filled.push((Key { text: key.text.clone(), span: to.unwrap_or(key.span) }, value));
    }
    Ok(filled)
}

fn slot<'a>(node: &Node, text: &'a str, sql: bool) -> Result<Slot<'a>, Diagnostic> {
    if sql {
        let found = placeholders(text).map_err(|error| error.inside(node))?;
        let hidden = || {
            let places: Vec<_> = found.iter().map(|(_, span)| span.start).collect();
            placeholder_names(text).find(|(at, _)| !places.contains(at))
        };
        return match hidden() {
            Some((at, word)) => {
                let message = format!("${word} stands within quotes, where it is only text");
                let span = Span::new(at, at + word.len() + 1);
                Err(Diagnostic::new(span, message).inside(node).help("starts_with(a, $prefix)"))
            }
            None if found.is_empty() => Ok(Slot::Plain),
            None => Ok(Slot::Sql(text, found)),
        };
    }
    match placeholder_names(text).next() {
        None => Ok(Slot::Plain),
        Some((0, word)) if word.len() + 1 == text.len() => Ok(Slot::Whole(word)),
        Some((at, word)) => {
            let message = format!("${word} stands among other text that is no SQL");
            let span = Span::new(at, at + word.len() + 1);
            Err(Diagnostic::new(span, message).inside(node).help("let it stand alone, or write $$ for a $"))
        }
    }
}

/// Returns the names that follow a `$`, with the offset of the `$`. A doubled `$$` is a plain `$`.
fn placeholder_names(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = text.char_indices().peekable();
    std::iter::from_fn(move || {
        loop {
            let (at, character) = rest.next()?;
            if character != '$' || rest.next_if(|(_, next)| *next == '$').is_some() {
                continue;
            }
            let name = &text[at + 1..];
            let end = name.find(|c: char| !is_of_name(c)).unwrap_or(name.len());
            if name.starts_with(|c: char| is_of_name(c) && !c.is_ascii_digit()) {
                return Some((at, &name[..end]));
            }
        }
    })
}

pub(super) fn is_of_name(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'
}

/// Returns whether an argument of an expectation, given by name or bare, is read as SQL.
pub(in crate::suite) fn is_sql(named: CatalogueEntry<'_>, name: Option<&str>) -> bool {
    let of_definition = |definition: &Definition| {
        let name = name.or(definition.bare);
        definition
            .parameters
            .iter()
            .any(|parameter| Some(parameter.name) == name && parameter.kind == ParameterKind::Sql)
    };
    match named {
        CatalogueEntry::BuiltIn(definition) => of_definition(definition),
        CatalogueEntry::Composed(composed) => composed.takes_sql(name),
    }
}

/// Returns the check of a part of a definition, with its scalars replaced; see [`fill`].
pub(super) fn fill_part(
    part: &Part,
    named: CatalogueEntry<'_>,
    to: Option<Span>,
    replace: &mut impl FnMut(&Node, Slot<'_>) -> Result<Node, Diagnostic>,
) -> Result<Item, Diagnostic> {
    let Part { key, argument, options, .. } = part;
    fill_item(key, argument.as_ref(), options, named, to, &mut |node, text, sql| {
        replace(node, slot(node, text, sql)?)
    })
}

/// Returns a use of an expectation with its scalars replaced; see [`fill`].
pub(in crate::suite) fn fill_item(
    key: &Key,
    argument: Option<&Node>,
    options: &[(Key, Node)],
    named: CatalogueEntry<'_>,
    to: Option<Span>,
    replace: &mut impl FnMut(&Node, &str, bool) -> Result<Node, Diagnostic>,
) -> Result<Item, Diagnostic> {
    let argument = match argument {
        Some(Node { kind: NodeKind::Map(entries), span }) => {
            let kind = NodeKind::Map(fill_entries(entries, |name| is_sql(named, Some(name)), to, replace)?);
            Some(Node { kind, span: to.unwrap_or(*span) })
        }
        Some(node) => Some(fill(node, is_sql(named, None), to, replace)?),
        None => None,
    };
    let options = fill_entries(options, |name| name == "where", to, replace)?;
    let key = Key { text: key.text.clone(), span: to.unwrap_or(key.span) };
    Ok(Item { key, argument, options })
}

/// The arguments of one use of a definition.
pub(in crate::suite) struct Substitution<'a> {
    arguments: Vec<(&'a str, ArgumentKind, Node)>,
    /// The place of the use.
    span: Span,
    /// Number of nodes that may still be filled in.
    budget: &'a Cell<usize>,
}

impl<'a> Substitution<'a> {
    /// Reads the arguments of a use.
    ///
    /// # Errors
    /// An unknown parameter, a missing one, or an argument of another kind.
    pub(in crate::suite) fn of(
        composed: &'a Composed,
        used: &Item,
        column: Option<&ColumnPath>,
        budget: &'a Cell<usize>,
    ) -> Result<Self, Diagnostic> {
        let span = used.key.span;
        let given = composed.arguments(used.argument.as_ref(), span)?;
        let given =
            given.into_iter().map(|(parameter, node)| (parameter.name.as_str(), parameter.kind, node));
        let column = column
            .map(|path| (COLUMN, ArgumentKind::Column, Node::derived_scalar(path.to_string(), true, span)));
        Ok(Self { arguments: given.chain(column).collect(), span, budget })
    }

    /// Returns the check of a part of the definition. All of the check stands at the place of the use, except
    /// for arguments, which keep their places.
    ///
    /// # Errors
    /// An argument cannot be said in SQL.
    pub(in crate::suite) fn item(&self, part: &Part, catalogue: &Catalogue) -> Result<Item, Diagnostic> {
        let named = catalogue.named(&part.key)?;
        fill_part(part, named, Some(self.span), &mut |node, slot| match slot {
            Slot::Plain => Ok(plain(node, self.span)),
            Slot::Whole(name) => self.argument(name).and_then(|(_, argument)| self.charge(argument.clone())),
            Slot::Sql(text, places) => self.sql(text, &places),
        })
    }

    fn argument(&self, name: &str) -> Result<(ArgumentKind, &Node), Diagnostic> {
        self.arguments
            .iter()
            .find(|(known, ..)| *known == name)
            .map(|(_, kind, node)| (*kind, node))
            .ok_or_else(|| Diagnostic::new(self.span, format!("nothing is given for ${name}")))
    }

    fn sql(&self, text: &str, places: &[(String, Span)]) -> Result<Node, Diagnostic> {
        let (mut filled, mut from) = (String::with_capacity(text.len()), 0);
        for (name, span) in places {
            let (kind, argument) = self.argument(name)?;
            // A placeholder that is the whole predicate becomes the argument itself, so that errors point
            // into it.
            if kind == ArgumentKind::Sql && text.trim().len() == span.end - span.start {
                return self.charge(argument.clone());
            }
            filled.push_str(&text[from..span.start]);
            filled.push_str(&kind.as_sql(argument)?);
            if filled.len() > MAX_BYTES {
                let message = format!("its SQL would have more than {MAX_BYTES} bytes");
                return Err(Diagnostic::new(self.span, message));
            }
            from = span.end;
        }
        filled.push_str(&text[from..]);
        self.charge(Node::derived_scalar(filled, true, self.span))
    }

    /// Returns the filled-in node and subtracts its size from the budget: nested definitions multiply what
    /// they repeat.
    fn charge(&self, filled: Node) -> Result<Node, Diagnostic> {
        match self.budget.get().checked_sub(filled.size()) {
            Some(left) => {
                self.budget.set(left);
                Ok(filled)
            }
            None => Err(Diagnostic::new(self.span, format!("stands for more than {MAX_NODES} nodes"))),
        }
    }
}

/// Returns a node without placeholders, in which `$$` before a name becomes `$`.
fn plain(node: &Node, span: Span) -> Node {
    let moved = node.moved(span);
    match moved.kind {
        NodeKind::Scalar(scalar) if scalar.text.contains("$$") => {
            Node::derived_scalar(undoubled(&scalar.text), scalar.quoted, span)
        }
        _ => moved,
    }
}

fn undoubled(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("$$") {
        plain.push_str(before);
        let before_name = after.starts_with(|c: char| is_of_name(c) && !c.is_ascii_digit());
        plain.push_str(if before_name { "$" } else { "$$" });
        rest = after;
    }
    plain.push_str(rest);
    plain
}

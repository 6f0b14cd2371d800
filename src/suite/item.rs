//! An entry of a list of checks: an expectation's name, its argument, and the options beside it.

use super::options::{self, Options};
use super::{Catalogue, CatalogueEntry, foreign};
use crate::document::{Diagnostic, Key, Node, NodeKind, Span, did_you_mean};
use crate::expectation::Scope;

/// An entry of a list of checks.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// The name of the expectation.
    pub(super) key: Key,
    /// The argument of the expectation.
    pub(super) argument: Option<Node>,
    /// The options beside the expectation. Of several `where`, all conditions must hold.
    pub(super) options: Vec<(Key, Node)>,
}

impl Item {
    pub(super) fn read(node: &Node, catalogue: &Catalogue) -> Result<Self, Diagnostic> {
        match &node.kind {
            NodeKind::Scalar(scalar) if !scalar.text.is_empty() => {
                let key = Key { text: scalar.text.clone(), span: node.span };
                Ok(Self { key, argument: None, options: Vec::new() })
            }
            NodeKind::Map(entries) => {
                let (key, argument) = expectation_of(entries, node.span, catalogue)?;
                let options = entries.iter().filter(|(key, _)| Options::is_option(&key.text));
                Ok(Self {
                    key: key.clone(),
                    argument: Some(argument.clone()),
                    options: options.cloned().collect(),
                })
            }
            _ => Err(node.expected_error("a check")),
        }
    }
}

/// Finds the one key of an entry that is not an option.
fn expectation_of<'a>(
    entries: &'a [(Key, Node)],
    span: Span,
    catalogue: &Catalogue,
) -> Result<(&'a Key, &'a Node), Diagnostic> {
    let mut candidates = entries.iter().filter(|(key, _)| !Options::is_option(&key.text));
    let Some((key, argument)) = candidates.next() else {
        return Err(Diagnostic::new(span, "options without an expectation").help("- in_set: [a, b]"));
    };
    let Some((second, _)) = candidates.next() else { return Ok((key, argument)) };
    if let Some(named) = catalogue.find(&key.text).filter(|_| argument.is_null())
        && named.parameters().contains(&second.text.as_str())
    {
        let message = format!("{:?} stands beside {} and not below it", second.text, key.text);
        return Err(Diagnostic::new(second.span, message).help("indent it deeper, with two more blanks"));
    }
    match (catalogue.find(&key.text), catalogue.find(&second.text)) {
        (Some(_), Some(_)) => {
            let message = format!("two expectations in one check: {:?} and {:?}", key.text, second.text);
            Err(Diagnostic::new(second.span, message).help("give each its own \"- \""))
        }
        (Some(named), None) => Err(no_option(second, named, catalogue)),
        (None, Some(named)) => Err(no_option(key, named, catalogue)),
        (None, None) => Err(catalogue.unknown(key)),
    }
}

/// Returns the error of a key beside an expectation that is neither an option nor another expectation.
fn no_option(key: &Key, beside: CatalogueEntry<'_>, catalogue: &Catalogue) -> Diagnostic {
    let names = options::NAMES.map(|(name, _)| name);
    let help = if beside.parameters().contains(&key.text.as_str()) {
        format!("it is a parameter: write {}: {{{}: …}}", beside.id(), key.text)
    } else {
        let known = foreign::option(&key.text).map(str::to_owned);
        known
            .or_else(|| did_you_mean(&key.text, names.into_iter().chain(catalogue.ids())))
            .unwrap_or_else(|| format!("the options are {}", names.join(", ")))
    };
    Diagnostic::new(key.span, format!("a check has no option {:?}", key.text)).help(help)
}

/// Refuses an expectation whose scope does not include the place.
pub(super) fn misplaced(named: CatalogueEntry<'_>, place: Scope, span: Span) -> Result<(), Diagnostic> {
    let (place, right) = match (named.scope(), place) {
        (Scope::Column, Scope::Table) => ("the table", "columns:"),
        (Scope::Table, Scope::Column) => ("a column", "table:"),
        _ => return Ok(()),
    };
    let message = format!("{} does not stand on {place}", named.id());
    Err(Diagnostic::new(span, message).help(format!("put it under {right}")))
}

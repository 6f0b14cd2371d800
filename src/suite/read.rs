//! Tree → suite. Everything that is wrong is told, not only the first thing.

use std::collections::HashMap;

use super::great_expectations::{self, Item, LateExpectation, UNMAPPED, Unmapped};
use super::options::{self, Options};
use super::{Check, Layer, Origin, Severity, Suite, Thresholds};
use crate::data::ColumnPath;
use crate::document::{Diagnostic, Key, Node, NodeKind, Span, Syntax, did_you_mean, nearest, parse};
use crate::expectation::{Arguments, Definition, Scope, all, columns_of, find};

/// The keys of a suite and what they mean.
pub(super) const KEYS: [(&str, &str); 9] = [
    ("suite", "the suite's unique name"),
    ("layer", "the layer of its dataset: bronze, silver or gold"),
    ("data", "where the dataset lies, relative to the project"),
    ("description", "what the suite is about"),
    ("owner", "who answers for the dataset"),
    ("key", "the column or columns that name a failing row"),
    ("pii", "the columns whose values are never shown"),
    ("columns", "the checks on each column"),
    ("table", "the checks on the table"),
];

pub(super) fn suite(text: &str, syntax: Syntax) -> Result<Suite, Vec<Diagnostic>> {
    let root = parse(text, syntax).map_err(|error| vec![error])?;
    let entries = match &root.kind {
        NodeKind::Map(entries) => entries,
        _ if root.is_null() => {
            return Err(vec![Diagnostic::new(root.span, "the suite is empty").help("suite: silver/orders")]);
        }
        _ => return Err(vec![root.not("a mapping with the key \"suite\"")]),
    };
    if great_expectations::recognises(entries) {
        return adopted(&root);
    }
    let mut reader = Reader::default();
    for (key, node) in entries {
        reader.entry(key, node);
    }
    reader.finish(root.span)
}

/// The suite that one of Great Expectations is.
fn adopted(root: &Node) -> Result<Suite, Vec<Diagnostic>> {
    let translated = great_expectations::translate(root).map_err(|error| vec![error])?;
    let (name, description) = (Some(translated.name), translated.description);
    let mut reader = Reader { name, named: true, description, ..Reader::default() };
    for item in translated.items {
        let check = reader.adopt(item);
        reader.checks.push(check);
    }
    reader.finish(root.span)
}

#[derive(Default)]
struct Reader {
    name: Option<String>,
    /// Whether the key of the name is there, however it is spelt and whatever it holds.
    named: bool,
    layer: Option<Layer>,
    data: Option<String>,
    description: Option<String>,
    owner: Option<String>,
    key: Vec<ColumnPath>,
    pii: Vec<ColumnPath>,
    checks: Vec<Check>,
    ids: HashMap<String, Span>,
    errors: Vec<Diagnostic>,
}

impl Reader {
    fn entry(&mut self, key: &Key, node: &Node) {
        let near = nearest(&key.text, KEYS.map(|(name, _)| name));
        self.named |= near == Some("suite");
        let result = match key.text.as_str() {
            "suite" => text(node, "the suite's name").map(|name| self.name = Some(name)),
            "layer" => layer(node).map(|layer| self.layer = Some(layer)),
            "data" => text(node, "a path or URI").map(|data| self.data = Some(data)),
            "description" => text(node, "a text").map(|description| self.description = Some(description)),
            "owner" => text(node, "a name").map(|owner| self.owner = Some(owner)),
            "key" => columns_of(node).map(|key| self.key = key),
            "pii" => columns_of(node).map(|pii| self.pii = pii),
            "columns" => self.columns(node),
            "table" => self.items(node, None),
            other => {
                let misplaced = || find(other).map(|_| "checks stand under columns: or table:".to_owned());
                let help = near.map(|near| format!("did you mean \"{near}\"?")).or_else(misplaced);
                Err(Diagnostic::new(key.span, format!("a suite has no {other:?}")).maybe_help(help))
            }
        };
        if let Err(error) = result {
            self.errors.push(error);
        }
    }

    fn columns(&mut self, node: &Node) -> Result<(), Diagnostic> {
        for (key, items) in node.map("a mapping from columns to their checks")? {
            let result = ColumnPath::parse(&key.text)
                .map_err(|message| Diagnostic::new(key.span, message))
                .and_then(|column| self.items(items, Some(&column)));
            if let Err(error) = result {
                self.errors.push(error);
            }
        }
        Ok(())
    }

    fn items(&mut self, node: &Node, column: Option<&ColumnPath>) -> Result<(), Diagnostic> {
        let items = node.list("a list of checks")?;
        if items.is_empty() {
            let place =
                column.map_or_else(|| "the table".to_owned(), |column| format!("column \"{column}\""));
            return Err(Diagnostic::new(node.span, format!("no check on {place}"))
                .help("take the line out, or add a check"));
        }
        for item in items {
            match self.item(item, column) {
                Ok(check) => self.checks.push(check),
                Err(error) => self.errors.push(error),
            }
        }
        Ok(())
    }

    fn item(&mut self, item: &Node, column: Option<&ColumnPath>) -> Result<Check, Diagnostic> {
        let (definition, span, argument, options) = match &item.kind {
            NodeKind::Scalar(scalar) if scalar.text.is_empty() => return Err(item.not("a check")),
            NodeKind::Scalar(scalar) => {
                (definition(&scalar.text, item.span)?, item.span, None, Options::default())
            }
            NodeKind::Map(entries) => {
                let (key, argument) = expectation_of(entries, item.span)?;
                let definition = definition(&key.text, key.span)?;
                (definition, key.span, Some(argument), Options::read(definition, entries)?)
            }
            NodeKind::List(_) => return Err(item.not("a check")),
        };
        let place = if column.is_some() { Scope::Column } else { Scope::Table };
        misplaced(definition, place, span)?;
        let arguments = Arguments::read(definition, place, span, argument)?;
        let expectation = (definition.read)(&arguments)?;
        let id = self.unique_id(&options, definition, column, span)?;
        Ok(Check {
            id,
            name: definition.id.to_owned(),
            summary: definition.summary.to_owned(),
            definition,
            column: column.cloned(),
            expectation,
            arguments: named_arguments(definition, argument),
            filter: options.filter,
            group_by: options.group_by,
            thresholds: options.thresholds,
            severity: options.severity,
            description: options.description,
            tags: options.tags,
            samples: options.samples,
            notes: Vec::new(),
            origin: None,
            span,
            argument: argument.cloned(),
        })
    }

    /// The check that an expectation of Great Expectations is; one that says why, if it is none.
    fn adopt(&mut self, item: Item) -> Check {
        let Item { name, column, id, check, late, notes, origin, span } = item;
        match check.and_then(|node| self.item(&node, column.as_ref())) {
            Ok(check) => match late {
                None => Check { notes, origin: Some(origin), span, ..check },
                Some(late) => {
                    let arguments = origin.kwargs.clone();
                    let expectation = Box::new(LateExpectation { definition: check.definition, late });
                    Check { notes, origin: Some(origin), span, expectation, arguments, ..check }
                }
            },
            Err(why) => Check {
                id,
                name,
                summary: UNMAPPED.summary.to_owned(),
                definition: &UNMAPPED,
                column,
                expectation: Box::new(Unmapped::new(&why)),
                arguments: origin.kwargs.clone(),
                filter: None,
                thresholds: Thresholds::default(),
                severity: Severity::default(),
                description: None,
                tags: Vec::new(),
                samples: None,
                group_by: Vec::new(),
                notes,
                argument: Some(Node::made_plain("", why.span)),
                origin: Some(Origin { unmapped: Some(why), ..origin }),
                span,
            },
        }
    }

    fn unique_id(
        &mut self,
        options: &Options,
        definition: &Definition,
        column: Option<&ColumnPath>,
        span: Span,
    ) -> Result<String, Diagnostic> {
        let (id, span, given) = match (&options.id, column) {
            (Some((id, span)), _) => (id.clone(), *span, true),
            (None, Some(column)) => (format!("{column}.{}", definition.id), span, false),
            (None, None) => (definition.id.to_owned(), span, false),
        };
        if self.ids.insert(id.clone(), span).is_none() {
            return Ok(id);
        }
        let help = if given { "ids are unique within a suite" } else { "give one of them an id: of its own" };
        Err(Diagnostic::new(span, format!("a second check with the id {id:?}")).help(help))
    }

    fn finish(mut self, whole: Span) -> Result<Suite, Vec<Diagnostic>> {
        let start = Span::new(whole.start, whole.start);
        if !self.named {
            self.errors.push(
                Diagnostic::new(start, "\"suite\" is missing: the suite's name").help("suite: silver/orders"),
            );
        }
        if self.checks.is_empty() && self.errors.is_empty() {
            let message = "the suite has no checks: nothing would be judged";
            self.errors.push(Diagnostic::new(start, message).help("put checks under columns: or table:"));
        }
        match self.name {
            Some(name) if self.errors.is_empty() => Ok(Suite {
                name,
                layer: self.layer,
                data: self.data,
                description: self.description,
                owner: self.owner,
                key: self.key,
                pii: self.pii,
                checks: self.checks,
                path: String::new(),
                text: String::new(),
                digest: String::new(),
            }),
            _ => Err(self.errors),
        }
    }
}

/// The one key of an item that is not an option.
fn expectation_of(entries: &[(Key, Node)], span: Span) -> Result<(&Key, &Node), Diagnostic> {
    let mut candidates = entries.iter().filter(|(key, _)| !Options::is_option(&key.text));
    let Some((key, argument)) = candidates.next() else {
        return Err(Diagnostic::new(span, "options without an expectation").help("- in_set: [a, b]"));
    };
    let Some((second, _)) = candidates.next() else { return Ok((key, argument)) };
    match (find(&key.text), find(&second.text)) {
        (Some(_), Some(_)) => {
            let message = format!("two expectations in one check: {:?} and {:?}", key.text, second.text);
            Err(Diagnostic::new(second.span, message).help("give each its own \"- \""))
        }
        (Some(_), None) => Err(no_option(second)),
        (None, Some(_)) => Err(no_option(key)),
        (None, None) => Err(unknown(key)),
    }
}

fn definition(name: &str, span: Span) -> Result<&'static Definition, Diagnostic> {
    find(name).ok_or_else(|| unknown(&Key { text: name.to_owned(), span }))
}

fn unknown(key: &Key) -> Diagnostic {
    let names =
        all().iter().flat_map(|definition| definition.great_expectations.iter().chain([&definition.id]));
    let help = did_you_mean(&key.text, names.copied())
        .unwrap_or_else(|| "`karat list` shows the catalogue".to_owned());
    Diagnostic::new(key.span, format!("no expectation {:?}", key.text)).help(help)
}

/// A key beside an expectation that is neither an option nor another expectation.
fn no_option(key: &Key) -> Diagnostic {
    let names = options::NAMES.map(|(name, _)| name);
    let ids = all().iter().map(|definition| definition.id);
    let help = did_you_mean(&key.text, names.into_iter().chain(ids))
        .unwrap_or_else(|| format!("the options are {}", names.join(", ")));
    Diagnostic::new(key.span, format!("a check has no option {:?}", key.text)).help(help)
}

fn misplaced(definition: &Definition, place: Scope, span: Span) -> Result<(), Diagnostic> {
    let (place, right) = match (definition.scope, place) {
        (Scope::Column, Scope::Table) => ("the table", "columns:"),
        (Scope::Table, Scope::Column) => ("a column", "table:"),
        _ => return Ok(()),
    };
    let message = format!("{} does not stand on {place}", definition.id);
    Err(Diagnostic::new(span, message).help(format!("put it under {right}")))
}

fn text(node: &Node, what: &str) -> Result<String, Diagnostic> {
    match node.text(what)?.trim() {
        "" => Err(node.not(what)),
        text => Ok(text.to_owned()),
    }
}

fn layer(node: &Node) -> Result<Layer, Diagnostic> {
    const WANTED: &str = "bronze, silver or gold";
    let text = node.text(WANTED)?;
    Layer::parse(text)
        .ok_or_else(|| node.not(WANTED).maybe_help(did_you_mean(text, Layer::ALL.map(Layer::name))))
}

/// The arguments under their names, numbers as numbers where JSON can hold them.
fn named_arguments(definition: &Definition, argument: Option<&Node>) -> serde_json::Value {
    match (argument, definition.bare) {
        (Some(node), _) if matches!(node.kind, NodeKind::Map(_)) => node.to_json(),
        (Some(node), Some(bare)) if !node.is_null() => serde_json::json!({ bare: node.to_json() }),
        _ => serde_json::json!({}),
    }
}

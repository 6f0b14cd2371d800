//! Reads a composed expectation from YAML. References to other expectations are checked later, when all of
//! them are known.

use super::composed::{Composed, ComposedParameter, DefinedIn, Part};
use super::fill::{COLUMN, is_of_name};
use super::{ArgumentKind, Catalogue};
use crate::document::{Diagnostic, Key, Node, Span, Syntax, did_you_mean, parse};
use crate::expectation::Scope;
use crate::suite::item::Item;
use crate::suite::options::Options;

/// The keys of a definition.
const KEYS: [&str; 7] = ["expectation", "on", "summary", "description", "parameters", "bare", "checks"];

/// The keys of a parameter.
const PARAMETER_KEYS: [&str; 3] = ["takes", "default", "meaning"];

/// Reads a definition.
///
/// # Errors
/// Everything that is wrong with it by itself.
pub(super) fn composed(text: &str, defined_in: DefinedIn) -> Result<Composed, Vec<Diagnostic>> {
    let root = parse(text, Syntax::Yaml).map_err(|error| vec![error])?;
    let entries = root.map("a mapping with the key \"expectation\"").map_err(|error| vec![error])?;
    let mut errors = Vec::new();
    for (key, _) in entries.iter().filter(|(key, _)| !KEYS.contains(&key.text.as_str())) {
        errors.push(unknown(key, "a definition", KEYS));
    }
    let get = |name: &str| entries.iter().find(|(key, _)| key.text == name).map(|(_, node)| node);
    let start = Span::new(root.span.start, root.span.start);
    let required = |name: &str, what: &str| {
        get(name).ok_or_else(|| Diagnostic::new(start, format!("{name:?} is missing: {what}")))
    };
    let mut read = Reader { errors };
    let id = read.take(required("expectation", "its name in suites").and_then(|node| name(node, "a name")));
    let scope = read.take(required("on", "column or table").and_then(scope));
    let summary = read.take(required("summary", "what holds when it passes").and_then(text_of));
    let description = get("description").and_then(|node| read.take(text_of(node)));
    let parameters = get("parameters").map_or_else(Vec::new, |node| read.parameters(node, scope));
    let bare = get("bare").and_then(|node| read.take(bare(node, &parameters)));
    let parts = read.take(required("checks", "the checks that it stands for"));
    let parts = parts.map_or_else(Vec::new, |node| read.parts(node));
    match (id, scope, summary) {
        (Some(id), Some(scope), Some(summary)) if read.errors.is_empty() => Ok(Composed {
            id,
            scope,
            summary,
            description,
            parameters,
            bare,
            defined_in,
            parts,
            span: get("expectation").map_or(start, |node| node.span),
            text: text.to_owned(),
        }),
        _ => Err(read.errors),
    }
}

struct Reader {
    errors: Vec<Diagnostic>,
}

impl Reader {
    fn take<T>(&mut self, result: Result<T, Diagnostic>) -> Option<T> {
        result.map_err(|error| self.errors.push(error)).ok()
    }

    fn parameters(&mut self, node: &Node, scope: Option<Scope>) -> Vec<ComposedParameter> {
        let Some(entries) = self.take(node.map("a mapping from parameters to what they are")) else {
            return Vec::new();
        };
        let read = entries.iter().filter_map(|(key, node)| self.take(parameter(key, node, scope)));
        read.collect()
    }

    fn parts(&mut self, node: &Node) -> Vec<Part> {
        let Some(items) = self.take(node.list("a list of checks")) else { return Vec::new() };
        if items.is_empty() {
            self.errors.push(Diagnostic::new(node.span, "no check: nothing would be judged"));
        }
        let mut parts: Vec<Part> = Vec::new();
        for item in items {
            let Some(part) = self.take(part(item)) else { continue };
            match parts.iter().find(|other| other.id == part.id) {
                Some(_) => {
                    let message = format!("a second check with the id {:?}", part.id);
                    let error = Diagnostic::new(part.key.span, message);
                    self.errors.push(error.help("give one of them an id: of its own"));
                }
                None => parts.push(part),
            }
        }
        parts
    }
}

fn part(node: &Node) -> Result<Part, Diagnostic> {
    // Only the whole catalogue can tell which of two keys is the expectation; only built-in ones are known
    // here.
    let Item { key, argument, options } = Item::read(node, &Catalogue::default())?;
    let id = Options::id(&options)?.map_or_else(|| key.text.clone(), |(id, _)| id);
    let options = options.into_iter().filter(|(key, _)| key.text != "id").collect();
    Ok(Part { id, key, argument, options })
}

fn parameter(key: &Key, node: &Node, scope: Option<Scope>) -> Result<ComposedParameter, Diagnostic> {
    if !is_name(&key.text) {
        return Err(no_name(&key.text, key.span));
    }
    if key.text == COLUMN && scope == Some(Scope::Column) {
        return Err(Diagnostic::new(key.span, "$column is the column that the check stands on")
            .help("give the parameter another name"));
    }
    let entries = node.map("a mapping with the key \"meaning\"")?;
    if let Some((key, _)) = entries.iter().find(|(key, _)| !PARAMETER_KEYS.contains(&key.text.as_str())) {
        return Err(unknown(key, "a parameter", PARAMETER_KEYS));
    }
    let get = |name: &str| entries.iter().find(|(key, _)| key.text == name).map(|(_, node)| node);
    let kind = get("takes").map_or(Ok(ArgumentKind::Value), argument_kind)?;
    let default = get("default").cloned();
    if let Some(default) = default.as_ref().filter(|default| !default.is_null()) {
        kind.check(default)?;
    }
    let missing = || Diagnostic::new(key.span, "\"meaning\" is missing: what it means, in a few words");
    let meaning = get("meaning").ok_or_else(missing).and_then(text_of)?;
    Ok(ComposedParameter { name: key.text.clone(), kind, meaning, default, span: key.span })
}

fn argument_kind(node: &Node) -> Result<ArgumentKind, Diagnostic> {
    let text = node.text("a kind of argument")?;
    let found = ArgumentKind::NAMES.into_iter().find(|(name, _)| *name == text);
    found.map(|(_, takes)| takes).ok_or_else(|| {
        let names = ArgumentKind::NAMES.map(|(name, _)| name);
        node.expected_error(&format!("one of {}", names.join(", "))).maybe_help(did_you_mean(text, names))
    })
}

fn scope(node: &Node) -> Result<Scope, Diagnostic> {
    match node.text("column or table")? {
        "column" => Ok(Scope::Column),
        "table" => Ok(Scope::Table),
        _ => Err(node.expected_error("column or table")),
    }
}

fn bare(node: &Node, parameters: &[ComposedParameter]) -> Result<String, Diagnostic> {
    let text = node.text("the name of a parameter")?;
    let names = || parameters.iter().map(|parameter| parameter.name.as_str());
    if names().any(|name| name == text) {
        return Ok(text.to_owned());
    }
    Err(Diagnostic::new(node.span, format!("no parameter {text:?}")).maybe_help(did_you_mean(text, names())))
}

fn name(node: &Node, what: &str) -> Result<String, Diagnostic> {
    let text = node.text(what)?;
    if is_name(text) { Ok(text.to_owned()) } else { Err(no_name(text, node.span)) }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(is_of_name)
}

fn no_name(text: &str, span: Span) -> Diagnostic {
    Diagnostic::new(span, format!("{text:?} is no name")).help("small letters, digits and _")
}

fn text_of(node: &Node) -> Result<String, Diagnostic> {
    match node.text("a text")?.trim() {
        "" => Err(node.expected_error("a text")),
        text => Ok(text.to_owned()),
    }
}

fn unknown<const N: usize>(key: &Key, of: &str, known: [&str; N]) -> Diagnostic {
    let help = did_you_mean(&key.text, known).unwrap_or_else(|| format!("its keys are {}", known.join(", ")));
    Diagnostic::new(key.span, format!("{of} has no {:?}", key.text)).help(help)
}

//! Reads a suite from its tree. All errors are reported, not only the first one.

use std::collections::HashMap;
use std::sync::Arc;

use super::adopted::{Adopted, DeferredExpectation, Origin};
use super::check::Usage;
use super::dialect::read_dialect;
use super::expand::{Expanded, expand};
use super::item::{Item, misplaced};
use super::options::Options;
use super::shown::shown;
use super::{
    Catalogue, CatalogueEntry, Check, Composed, Layers, OnFail, Reading, Suite, Tool, Variables, foreign,
};
use crate::data::ColumnPath;
use crate::document::{Diagnostic, Key, Node, NodeKind, Span, Syntax, nearest, parse};
use crate::expectation::{Arguments, Definition, Nature, Scope, columns_of};

/// The keys of a suite and their meanings.
pub(super) const KEYS: [(&str, &str); 12] = [
    ("suite", "the suite's unique name"),
    ("layer", "the layer of its dataset: bronze, silver or gold, or one of the project"),
    ("data", "the dataset: its name in karat.yml, or where it lies, relative to the project"),
    ("format", "the kind of its files, where their names do not say it: parquet, csv, ndjson or arrow"),
    ("csv", "how its CSV is written"),
    ("schema", "the types of columns of CSV or NDJSON; the others are inferred"),
    ("description", "what the suite is about"),
    ("owner", "who answers for the dataset"),
    ("key", "the column or columns that name a failing row"),
    ("pii", "the columns whose values are never shown"),
    ("columns", "the checks on each column"),
    ("table", "the checks on the table"),
];

pub(super) fn suite(text: &str, syntax: Syntax, reading: &Reading<'_>) -> Result<Suite, Vec<Diagnostic>> {
    let root = parse(text, syntax).map_err(|error| vec![error])?;
    let entries = match &root.kind {
        NodeKind::Map(entries) => entries,
        _ if root.is_null() => {
            return Err(vec![Diagnostic::new(root.span, "the suite is empty").help("suite: silver/orders")]);
        }
        // The text is no suite and may be data, so nothing of it is shown.
        _ => {
            let found = if matches!(root.kind, NodeKind::List(_)) { "a list" } else { "a text" };
            let message = format!("expected a mapping with the key \"suite\", found {found}");
            return Err(vec![Diagnostic::new(root.span, message).help("suite: silver/orders").secret()]);
        }
    };
    if let Some(tool) = Tool::of(entries) {
        return adopted(tool, &root, reading);
    }
    let mut reader = Reader::new(reading);
    for (key, node) in entries {
        reader.entry(key, node);
    }
    reader.finish(root.span)
}

/// Reads a suite of another tool.
fn adopted(tool: Tool, root: &Node, reading: &Reading<'_>) -> Result<Suite, Vec<Diagnostic>> {
    let translate = tool.importer().translate;
    let translated = translate(root, reading).map_err(|error| vec![error])?;
    let mut reader = Reader { name: Some(translated.name), named: true, ..Reader::new(reading) };
    reader.suite.description = translated.description;
    for item in translated.checks {
        let check = reader.adopt(item);
        reader.suite.checks.push(check);
    }
    reader.finish(root.span)
}

struct Reader<'a> {
    catalogue: &'a Catalogue,
    layers: &'a Layers,
    variables: &'a Variables,
    name: Option<String>,
    /// True if the key of the name is present, however it is spelt and whatever its value.
    named: bool,
    /// What was read, still without its name.
    suite: Suite,
    ids: HashMap<String, Span>,
    errors: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    fn new(reading: &Reading<'a>) -> Self {
        Self {
            catalogue: reading.catalogue,
            layers: reading.layers,
            variables: reading.variables,
            name: None,
            named: false,
            suite: Suite::named(String::new()),
            ids: HashMap::new(),
            errors: Vec::new(),
        }
    }

    fn entry(&mut self, key: &Key, node: &Node) {
        let near = nearest(&key.text, KEYS.map(|(name, _)| name));
        self.named |= near == Some("suite");
        let result = match key.text.as_str() {
            "suite" => text(node, "the suite's name").map(|name| self.name = Some(name)),
            "layer" => self.layers.read(node).map(|layer| self.suite.layer = Some(layer)),
            "data" => self
                .variables
                .fill(node)
                .and_then(|node| text(&node, "a path or URI"))
                .map(|data| (self.suite.data, self.suite.data_span) = (Some(data), node.span)),
            key @ ("format" | "csv" | "schema") => {
                read_dialect(&mut self.suite.dialect, key, node).map(|_| ())
            }
            "description" => {
                text(node, "a text").map(|description| self.suite.description = Some(description))
            }
            "owner" => text(node, "a name").map(|owner| self.suite.owner = Some(owner)),
            "key" => columns_of(node).map(|key| (self.suite.key, self.suite.key_span) = (key, node.span)),
            "pii" => columns_of(node).map(|pii| (self.suite.pii, self.suite.pii_span) = (pii, node.span)),
            "columns" => self.columns(node),
            "table" => self.items(node, None),
            other => {
                let help = match (foreign::key(other), near) {
                    (Some(known), _) => known.to_owned(),
                    (None, Some(near)) => format!("did you mean \"{near}\"?"),
                    (None, None) => "checks stand under columns: or table:".to_owned(),
                };
                Err(Diagnostic::new(key.span, format!("a suite has no {other:?}")).help(help))
            }
        };
        if let Err(error) = result {
            self.errors.push(error);
        }
    }

    fn columns(&mut self, node: &Node) -> Result<(), Diagnostic> {
        let columns = node
            .map("a mapping from columns to their checks")
            .map_err(|error| error.help("give each column its checks, as in order_id: [not_null]"))?;
        for (key, items) in columns {
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
        let items = if node.is_null() { &[] } else { node.list("a list of checks")? };
        if items.is_empty() {
            let place =
                column.map_or_else(|| "the table".to_owned(), |column| format!("column \"{column}\""));
            return Err(Diagnostic::new(node.span, format!("no check on {place}"))
                .help("take the line out, or add a check"));
        }
        for item in items {
            match self.item(item, column) {
                Ok(checks) => self.suite.checks.extend(checks),
                Err(error) => self.errors.push(error),
            }
        }
        Ok(())
    }

    fn item(&mut self, node: &Node, column: Option<&ColumnPath>) -> Result<Vec<Check>, Diagnostic> {
        let item = Item::read(node, self.catalogue)?;
        let named = self.catalogue.named(&item.key)?;
        let item = self.variables.item(&item, named)?;
        let place = if column.is_some() { Scope::Column } else { Scope::Table };
        misplaced(named, place, item.key.span)?;
        match named {
            CatalogueEntry::BuiltIn(definition) => {
                let check = check(definition, &item, column)?;
                Ok(vec![self.named(check, &item, None)?])
            }
            CatalogueEntry::Composed(composed) => self.composed(composed, &item, column),
        }
    }

    /// Returns the checks that a use of a composed expectation stands for.
    fn composed(
        &mut self,
        composed: &Composed,
        item: &Item,
        column: Option<&ColumnPath>,
    ) -> Result<Vec<Check>, Diagnostic> {
        let expanded = expand(composed, item, column, self.catalogue)?;
        let several = expanded.len() > 1;
        let arguments = named_arguments(composed.bare.as_deref(), item.argument.as_ref());
        let mut checks = Vec::with_capacity(expanded.len());
        for Expanded { definition, item: inner, part } in expanded {
            // An error in an option beside the use is no error of the definition.
            let beside = |place: Span| {
                item.options.iter().any(|(key, node)| key.span == place || node.span.holds(place))
            };
            let in_use = |error: Diagnostic| {
                let message = format!("in {}: {}", composed.id, error.message);
                if beside(error.span) { error } else { Diagnostic { message, ..error } }
            };
            let inner = check(definition, &inner, column).map_err(in_use)?;
            let summary = if several {
                format!("{}: {}", composed.summary, definition.summary)
            } else {
                composed.summary.clone()
            };
            let usage = Usage {
                part: part.clone(),
                arguments: arguments.clone(),
                demand: item.argument.as_ref().map(shown).unwrap_or_default(),
            };
            let inner = Check { name: composed.id.clone(), summary, usage: Some(usage), ..inner };
            checks.push(self.named(inner, item, part.as_deref())?);
        }
        Ok(checks)
    }

    /// Reads a check of another tool. A check that karat cannot judge becomes one that reports the reason.
    fn adopt(&mut self, item: Adopted) -> Check {
        let Adopted { column, id, check, deferred, origin, span } = item;
        let read = check.and_then(|node| self.item(&node, column.as_ref()));
        let one = read.and_then(|mut checks| {
            let several = || Diagnostic::new(span, "the expectation stands for several checks");
            checks.pop().filter(|_| checks.is_empty()).ok_or_else(several)
        });
        match one {
            Ok(check) => match deferred {
                None => Check { origin: Some(origin), span, ..check },
                Some(deferred) => {
                    let arguments = origin.arguments.clone();
                    let definition = check.definition;
                    let expectation = Arc::new(DeferredExpectation { definition, arguments: deferred });
                    Check { origin: Some(origin), span, expectation, arguments, ..check }
                }
            },
            Err(why) => {
                let check = Check::refused(origin.tool.importer().refused, &why);
                let (name, arguments) = (origin.name.clone(), origin.arguments.clone());
                let origin = Some(Origin { refused: Some(why), ..origin });
                Check { id, name, column, arguments, origin, span, ..check }
            }
        }
    }

    /// Returns the check with its id, by which history identifies it.
    fn named(&mut self, check: Check, item: &Item, part: Option<&str>) -> Result<Check, Diagnostic> {
        let (id, span, given) = match (Options::id(&item.options)?, &check.column) {
            (Some((id, span)), _) => (id, span, true),
            (None, Some(column)) => (format!("{column}.{}", check.name), check.span, false),
            (None, None) => (check.name.clone(), check.span, false),
        };
        let id = part.map_or_else(|| id.clone(), |part| format!("{id}.{part}"));
        if self.ids.insert(id.clone(), span).is_none() {
            return Ok(Check { id, ..check });
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
        if self.suite.checks.is_empty() && self.errors.is_empty() {
            let message = "the suite has no checks: nothing would be judged";
            self.errors.push(Diagnostic::new(start, message).help("put checks under columns: or table:"));
        }
        match self.name {
            Some(name) if self.errors.is_empty() => Ok(Suite { name, ..self.suite }),
            _ => Err(self.errors),
        }
    }
}

/// Returns a check of a built-in expectation, still without an id.
fn check(
    definition: &'static Definition,
    item: &Item,
    column: Option<&ColumnPath>,
) -> Result<Check, Diagnostic> {
    let Item { key: Key { span, .. }, argument, options } = item;
    let elements = column.filter(|column| column.elements().is_some());
    if let (Some(elements), Nature::Measured) = (elements, definition.nature) {
        let message =
            format!("{} measures a whole column, and {elements} are elements of lists", definition.id);
        return Err(Diagnostic::new(*span, message).help("checks that judge single values look into lists"));
    }
    let options = Options::read(definition, options)?;
    let place = if column.is_some() { Scope::Column } else { Scope::Table };
    if let Some(option) = argument.as_ref().and_then(|argument| option_within(definition, argument)) {
        let message = format!("{} has no parameter {:?}", definition.id, option.text);
        let help = match foreign::option(&option.text) {
            Some(known) if known.contains("beside") => known.to_owned(),
            Some(known) => format!("{known}, beside {} and not below it", definition.id),
            None => format!("{} is an option: it stands beside {}, not below it", option.text, definition.id),
        };
        return Err(Diagnostic::new(option.span, message).help(help));
    }
    let arguments = Arguments::read(definition, place, *span, argument.as_ref())?;
    Ok(Check {
        id: String::new(),
        name: definition.id.to_owned(),
        summary: definition.summary.to_owned(),
        definition,
        column: column.cloned(),
        expectation: Arc::from((definition.read)(&arguments)?),
        arguments: named_arguments(definition.bare, argument.as_ref()),
        filters: options.filters,
        group_by: options.group_by,
        thresholds: options.thresholds,
        severity: options.severity,
        on_fail: options.on_fail.unwrap_or(OnFail::by_default(definition.nature, options.severity)),
        description: options.description,
        tags: options.tags,
        samples: options.samples,
        origin: None,
        span: *span,
        argument: argument.clone(),
        usage: None,
    })
}

/// Finds an option, of karat or of another tool, among the arguments of an expectation that has no parameter
/// of its name.
fn option_within<'a>(definition: &Definition, argument: &'a Node) -> Option<&'a Key> {
    let NodeKind::Map(entries) = &argument.kind else { return None };
    let is_parameter = |name: &str| definition.parameters.iter().any(|parameter| parameter.name == name);
    let is_option = |name: &str| Options::is_option(name) || foreign::option(name).is_some();
    entries.iter().map(|(key, _)| key).find(|key| is_option(&key.text) && !is_parameter(&key.text))
}

fn text(node: &Node, what: &str) -> Result<String, Diagnostic> {
    match node.text(what)?.trim() {
        "" => Err(node.expected_error(what)),
        text => Ok(text.to_owned()),
    }
}

/// Returns the arguments by name, numbers as numbers where JSON can hold them.
fn named_arguments(bare: Option<&str>, argument: Option<&Node>) -> serde_json::Value {
    match (argument, bare) {
        (Some(node), _) if matches!(node.kind, NodeKind::Map(_)) => node.to_json(),
        (Some(node), Some(bare)) if !node.is_null() => serde_json::json!({ bare: node.to_json() }),
        _ => serde_json::json!({}),
    }
}

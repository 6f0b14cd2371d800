//! Translates the tree of a Great Expectations suite to checks as a suite of karat writes them.

use std::collections::HashSet;

use chrono::DateTime;

use super::deferred::DeferredKwargs;
use super::kwargs::Kwargs;
use super::mapping::{MappedArguments, Mapping, argument, mapping};
use super::parameters::{Unresolved, known, resolve};
use super::{columns, row_condition};
use crate::data::ColumnPath;
use crate::document::{Diagnostic, Key, Node, NodeKind, Span};
use crate::expectation::{Nature, find};
use crate::suite::adopted::{Adopted, DeferredArguments, Origin, Translated};
use crate::suite::{Reading, Tool};

/// Returns whether a mapping is a suite of Great Expectations: it has a list of `expectations` and no
/// `suite`.
pub(super) fn recognises(entries: &[(Key, Node)]) -> bool {
    entries.iter().any(|(key, node)| key.text == "expectations" && matches!(node.kind, NodeKind::List(_)))
        && !entries.iter().any(|(key, _)| key.text == "suite")
}

/// Translates a suite. The reason why an expectation cannot be translated stands at its check.
pub(super) fn translate(root: &Node, reading: &Reading<'_>) -> Result<Translated, Diagnostic> {
    let name = ["name", "expectation_suite_name"].iter().find_map(|key| root.get(key));
    let start = Span::new(root.span.start, root.span.start);
    let name = name.ok_or_else(|| {
        Diagnostic::new(start, "\"name\" is missing: the suite's name").help("\"name\": \"orders\"")
    })?;
    let own = ["suite_parameters", "evaluation_parameters"].iter().find_map(|key| root.get(key));
    let parameters = known(own, reading.parameters, root.span)?;
    let description = root.get("notes").or_else(|| root.get("meta")?.get("notes"));
    let mut ids = HashSet::new();
    let expectations = root.get("expectations").map_or(Ok(&[][..]), |list| list.list("expectations"))?;
    let checks = expectations.iter().map(|node| item(node, Some(&parameters), &mut ids)).collect();
    Ok(Translated {
        name: name.text("the suite's name")?.to_owned(),
        description: description.and_then(notes_text),
        checks,
    })
}

fn item(node: &Node, parameters: Option<&Node>, ids: &mut HashSet<String>) -> Adopted {
    let kind = ["type", "expectation_type"].iter().find_map(|key| node.get(key));
    let gx_type = kind.and_then(|kind| kind.text("").ok()).unwrap_or("untyped");
    let empty = Node::derived_map::<&str>([], node.span);
    let kwargs = node.get("kwargs").unwrap_or(&empty);
    let on = kwargs.get("column").and_then(|column| columns::path(column).ok());
    let (called, placed, deferred, ignored, entries) = match translation(node, kind, kwargs, parameters) {
        Ok(found) => (found.id, found.on_column, found.deferred, found.notes, Ok(found.entries)),
        Err(why) => (gx_type, on.is_some(), None, Vec::new(), Err(why)),
    };
    let column = on.filter(|_| placed);
    let (id, usual) = unique(called, column.as_ref(), ids);
    let span = kind.map_or(node.span, |kind| kind.span);
    let check = entries.map(|mut entries| {
        if !usual {
            entries.insert(1, ("id".to_owned(), Node::derived_text(id.clone(), node.span)));
        }
        match entries.as_slice() {
            [(_, only)] if only.is_null() => Node::derived_plain(called, span),
            _ => Node::derived_map(entries, node.span),
        }
    });
    let deferred = deferred.map(|deferred| Box::new(deferred) as Box<dyn DeferredArguments>);
    let origin = Origin { ignored, ..origin(node, gx_type, kwargs) };
    Adopted { column, id, check, deferred, origin, span }
}

/// Returns a unique id for an expectation on a column or table, and whether it is the usual one.
fn unique(called: &str, column: Option<&ColumnPath>, ids: &mut HashSet<String>) -> (String, bool) {
    let usual = column.map_or_else(|| called.to_owned(), |column| format!("{column}.{called}"));
    if ids.insert(usual.clone()) {
        return (usual, true);
    }
    let mut number = 2_u64;
    loop {
        let id = format!("{usual} #{number}");
        if ids.insert(id.clone()) {
            return (id, false);
        }
        number += 1;
    }
}

/// The translation of an expectation.
struct Translation {
    /// The id of karat's expectation.
    id: &'static str,
    on_column: bool,
    /// The id with the arguments, then the options.
    entries: Vec<(String, Node)>,
    notes: Vec<String>,
    deferred: Option<DeferredKwargs>,
}

fn translation(
    node: &Node,
    kind: Option<&Node>,
    kwargs: &Node,
    parameters: Option<&Node>,
) -> Result<Translation, Diagnostic> {
    let missing = || Diagnostic::new(node.span, "an expectation needs a \"type\" and \"kwargs\"");
    let kind = kind.ok_or_else(missing)?;
    let gx_type = kind.text("the type of an expectation")?;
    let mapping = mapping(gx_type).ok_or_else(|| unknown(kind, gx_type))?;
    let (resolved, deferred) = match resolve(kwargs, parameters, None) {
        // Arguments that are relative to the time of the run are computed for a made-up time, to check their
        // form.
        Err(Unresolved::NeedsNow) => {
            let deferred =
                DeferredKwargs { mapping, kwargs: kwargs.clone(), parameters: parameters.cloned() };
            (resolve(kwargs, parameters, Some(DateTime::UNIX_EPOCH)), Some(deferred))
        }
        resolved => (resolved, None),
    };
    let resolved = resolved.map_err(|problem| problem.into_diagnostic(kwargs))?;
    Ok(Translation { deferred, ..translate_with(mapping, node, &resolved)? })
}

fn translate_with(
    mapping: &'static Mapping,
    node: &Node,
    resolved: &Node,
) -> Result<Translation, Diagnostic> {
    let mut kwargs = Kwargs::new(resolved)?;
    if mapping.on_column {
        kwargs.column("column")?;
    }
    let MappedArguments { id, arguments } = (mapping.arguments)(&mut kwargs)?;
    let id = id.unwrap_or(mapping.id);
    let nature = find(id).map(|definition| definition.nature);
    let mut entries = vec![(id.to_owned(), argument(id, arguments, resolved.span))];
    let condition = kwargs.take("row_condition").filter(|condition| condition.text("") != Ok(""));
    if let Some(condition) = condition {
        if nature == Some(Nature::Schema) {
            kwargs.note("row_condition is ignored: the schema is the same on all rows");
        } else {
            let parser = kwargs.take("condition_parser");
            entries.push(("where".to_owned(), row_condition::filter(&condition, parser.as_ref())?));
        }
    }
    kwargs.take("condition_parser");
    if let Some(mostly) = kwargs.take("mostly") {
        match nature {
            Some(Nature::Measured | Nature::Schema) if mostly.number("a number") != Ok(1.0) => {
                kwargs.note("mostly is ignored: no single rows are judged");
            }
            Some(Nature::Measured | Nature::Schema) => {}
            // A share of 1 is the default.
            _ if mostly.number("a number") == Ok(1.0) => {}
            _ => entries.push(("mostly".to_owned(), mostly)),
        }
    }
    let notes = kwargs.finish()?;
    if let Some(severity) = node.get("severity").filter(|severity| severity.text("") != Ok("critical")) {
        entries.push(("severity".to_owned(), severity.clone()));
    }
    if let Some(description) = description(node) {
        entries.push(("description".to_owned(), Node::derived_text(description, node.span)));
    }
    Ok(Translation { id, on_column: mapping.on_column, entries, notes, deferred: None })
}

fn unknown(kind: &Node, gx_type: &str) -> Diagnostic {
    const GONE: [&str; 1] = ["expect_column_bootstrapped_ks_test_p_value_to_be_greater_than"];
    let help = if GONE.contains(&gx_type) {
        "ks_test compares with a distribution without drawing samples"
    } else {
        "`karat explain great-expectations` lists those that there are"
    };
    Diagnostic::new(kind.span, format!("karat knows no expectation {gx_type:?}")).help(help)
}

/// Returns the author's description of an expectation.
fn description(node: &Node) -> Option<String> {
    let context = || node.get("expectation_context")?.get("description");
    let given = node.get("description").or_else(|| node.get("notes")).or_else(context);
    given.or_else(|| node.get("meta")?.get("notes")).and_then(notes_text)
}

/// Returns the text of notes: a text, texts, or `{"format": "markdown", "content": …}`.
fn notes_text(notes: &Node) -> Option<String> {
    let text = match &notes.kind {
        NodeKind::Scalar(scalar) if scalar.is_null() => return None,
        NodeKind::Scalar(scalar) => scalar.text.clone(),
        NodeKind::List(items) => items.iter().filter_map(notes_text).collect::<Vec<_>>().join("\n"),
        NodeKind::Map(_) => notes_text(notes.get("content")?)?,
    };
    let text = text.trim().to_owned();
    (!text.is_empty()).then_some(text)
}

fn origin(node: &Node, gx_type: &str, kwargs: &Node) -> Origin {
    let text = |name: &str| node.get(name)?.text("").ok().map(str::to_owned);
    let kept = ["meta", "notes"].into_iter();
    Origin {
        tool: Tool::GreatExpectations,
        name: gx_type.to_owned(),
        arguments: kwargs.to_json(),
        id: text("id").or_else(|| text("ge_cloud_id")),
        description: text("description"),
        kept: kept.filter_map(|name| Some((name.to_owned(), node.get(name)?.to_json()))).collect(),
        ignored: Vec::new(),
        refused: None,
    }
}

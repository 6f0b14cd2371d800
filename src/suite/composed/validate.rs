//! Checks definitions against other expectations and against their own parameters, before any suite uses
//! them.

use super::catalogue::built_in;
use super::composed::{Composed, ComposedParameter, DefinedIn, Part};
use super::fill::{COLUMN, Slot, fill_part};
use super::{ArgumentKind, Catalogue, CatalogueEntry};
use crate::document::{Diagnostic, Node, NodeKind, Span, did_you_mean};
use crate::expectation::{Arguments, Scope};
use crate::suite::SuiteError;
use crate::suite::item::{Item, misplaced};
use crate::suite::options::Options;

/// Maximum depth of definitions that use each other, and maximum number of checks that one stands for.
const MAX_DEPTH: usize = 8;
const MAX_CHECKS: usize = 100;

/// Returns the errors in the definitions of a catalogue, file by file.
pub(super) fn all(catalogue: &Catalogue) -> Vec<SuiteError> {
    let wrong = |(index, composed): (usize, &Composed)| {
        let diagnostics = errors_in(composed, &catalogue.composed()[..index], catalogue);
        let path = match &composed.defined_in {
            DefinedIn::File { path } => path.clone(),
            DefinedIn::Pack { .. } => composed.id.clone(),
        };
        (!diagnostics.is_empty()).then(|| SuiteError::invalid(path, &composed.text, diagnostics))
    };
    catalogue.composed().iter().enumerate().filter_map(wrong).collect()
}

fn errors_in(composed: &Composed, before: &[Composed], catalogue: &Catalogue) -> Vec<Diagnostic> {
    let mut validator = Validator { composed, catalogue, used: Vec::new(), arguments_known: true };
    let mut errors: Vec<_> = refuse_taken_name(composed, before).into_iter().collect();
    errors.extend(composed.parts.iter().filter_map(|part| validator.part(part).err()));
    let used = validator.used;
    if errors.is_empty() {
        let unused = composed.parameters.iter().filter(|parameter| !used.contains(&parameter.name));
        errors.extend(
            unused.map(|parameter| {
                Diagnostic::new(parameter.span, format!("no check uses ${}", parameter.name))
            }),
        );
    }
    if errors.is_empty()
        && let Err(error) = size(composed, &mut Vec::new(), catalogue)
    {
        errors.push(error);
    }
    errors
}

/// Refuses a name that another expectation or an option has.
fn refuse_taken_name(composed: &Composed, before: &[Composed]) -> Option<Diagnostic> {
    let what = if built_in(&composed.id).is_some() {
        "an expectation of the catalogue".to_owned()
    } else if Options::is_option(&composed.id) {
        "an option of checks".to_owned()
    } else {
        match &before.iter().find(|other| other.id == composed.id)?.defined_in {
            DefinedIn::Pack { .. } => "an expectation of the catalogue".to_owned(),
            DefinedIn::File { path } => format!("the expectation of {path}"),
        }
    };
    Some(Diagnostic::new(composed.span, format!("{:?} is {what}", composed.id)).help("give it another name"))
}

/// Returns the number of checks that a definition stands for. Refuses circles, deep nesting and too many
/// checks.
fn size<'a>(
    composed: &'a Composed,
    path: &mut Vec<&'a str>,
    catalogue: &'a Catalogue,
) -> Result<usize, Diagnostic> {
    path.push(&composed.id);
    let mut sum = 0;
    for part in &composed.parts {
        let Some(CatalogueEntry::Composed(inner)) = catalogue.find(&part.key.text) else {
            sum += 1;
            continue;
        };
        let blame = |message: String| Diagnostic::new(part.key.span, message);
        if let Some(start) = path.iter().position(|id| *id == inner.id) {
            let circle = [&path[start..], &[inner.id.as_str()]].concat();
            return Err(blame(format!("a circle of definitions: {}", circle.join(" → "))));
        }
        if path.len() >= MAX_DEPTH {
            return Err(blame(format!("definitions within definitions, more than {MAX_DEPTH} deep")));
        }
        // The inner definition's own file reports an error within it, with its place.
        sum += size(inner, path, catalogue).map_err(|error| blame(error.message))?;
        if sum > MAX_CHECKS {
            return Err(blame(format!("{} stands for more than {MAX_CHECKS} checks", composed.id)));
        }
    }
    path.pop();
    Ok(sum)
}

struct Validator<'a> {
    composed: &'a Composed,
    catalogue: &'a Catalogue,
    used: Vec<String>,
    /// True if all arguments of the part are known: a made-up argument proves nothing.
    arguments_known: bool,
}

impl<'a> Validator<'a> {
    fn part(&mut self, part: &Part) -> Result<(), Diagnostic> {
        let named = self.catalogue.named(&part.key)?;
        misplaced(named, self.composed.scope, part.key.span)?;
        self.arguments_known = true;
        let item = fill_part(part, named, None, &mut |node, slot| self.replace(node, slot))?;
        // If the whole argument is a placeholder, not even the names are known.
        let handed_on = matches!(&part.argument, Some(Node { kind: NodeKind::Scalar(_), .. }));
        match named {
            _ if handed_on && !self.arguments_known => {}
            CatalogueEntry::BuiltIn(definition) => {
                let argument = item.argument.as_ref();
                let place = if self.composed.scope == Scope::Column { Scope::Column } else { Scope::Table };
                let arguments = Arguments::read(definition, place, item.key.span, argument)?;
                if self.arguments_known {
                    (definition.read)(&arguments)?;
                    Options::read(definition, &item.options)?;
                }
            }
            CatalogueEntry::Composed(inner) => {
                let arguments = inner.arguments(item.argument.as_ref(), item.key.span);
                arguments.map(drop).or_else(|error| self.ignore_made_up_value(&item, error))?;
            }
        }
        Ok(())
    }

    /// Ignores an error in a made-up value; of a made-up argument, only the names are checked.
    fn ignore_made_up_value(&self, item: &Item, error: Diagnostic) -> Result<(), Diagnostic> {
        let of_value = item.argument.as_ref().is_some_and(|argument| match &argument.kind {
            NodeKind::Map(entries) => entries.iter().any(|(_, value)| value.span == error.span),
            _ => argument.span == error.span,
        });
        if of_value && !self.arguments_known { Ok(()) } else { Err(error) }
    }

    fn replace(&mut self, node: &Node, slot: Slot<'_>) -> Result<Node, Diagnostic> {
        match slot {
            Slot::Plain => Ok(node.clone()),
            Slot::Whole(name) => {
                let default = match self.parameter_of(name, node, Span::new(0, name.len() + 1))? {
                    Some(ComposedParameter { default, kind, .. }) => {
                        let known = default.as_ref().filter(|default| !default.is_null());
                        self.arguments_known &= known.is_some();
                        known.cloned().unwrap_or_else(|| sample(*kind, node.span))
                    }
                    None => sample(ArgumentKind::Column, node.span),
                };
                Ok(default.moved(node.span))
            }
            Slot::Sql(text, places) => {
                let mut tried = text.to_owned();
                for (name, span) in places {
                    let whole = text.trim().len() == span.end - span.start;
                    let parameter = self.parameter_of(&name, node, span)?;
                    let kind = parameter.map_or(ArgumentKind::Column, |parameter| parameter.kind);
                    if kind == ArgumentKind::Any {
                        let message = format!("${name} may be anything, and here only what SQL can say");
                        return Err(Diagnostic::new(span, message).inside(node).help("takes: value"));
                    }
                    if parameter.is_some_and(|of| of.default.as_ref().is_some_and(Node::is_null)) {
                        let message = format!("${name} may be left out, and SQL cannot do without it");
                        return Err(Diagnostic::new(span, message).inside(node).help("give it a default"));
                    }
                    self.arguments_known &= !(whole && kind == ArgumentKind::Sql);
                    tried.replace_range(span.start..span.end, &stand_in(kind, span.end - span.start));
                }
                Ok(node.with_text(tried))
            }
        }
    }

    /// Returns the parameter of a placeholder, or nothing for the column that the check stands on.
    fn parameter_of(
        &mut self,
        name: &str,
        node: &Node,
        span: Span,
    ) -> Result<Option<&'a ComposedParameter>, Diagnostic> {
        if name == COLUMN && self.composed.scope == Scope::Column {
            return Ok(None);
        }
        self.used.push(name.to_owned());
        let composed = self.composed;
        composed.parameter(name).map(Some).ok_or_else(|| {
            let own = composed.parameters.iter().map(|parameter| parameter.name.as_str());
            let column = (composed.scope == Scope::Column).then_some(COLUMN);
            let near = did_you_mean(name, own.chain(column));
            Diagnostic::new(span, format!("no parameter {name:?}")).inside(node).maybe_help(near)
        })
    }
}

/// Returns a made-up argument of a kind.
fn sample(kind: ArgumentKind, span: Span) -> Node {
    let scalar = |text: &str, quoted| Node::derived_scalar(text.to_owned(), quoted, span);
    match kind {
        ArgumentKind::Value | ArgumentKind::Number | ArgumentKind::Any => scalar("1", false),
        ArgumentKind::Text => scalar("text", true),
        ArgumentKind::Boolean => scalar("true", false),
        ArgumentKind::Column => scalar("a", true),
        ArgumentKind::Sql => scalar("TRUE", true),
        ArgumentKind::Values | ArgumentKind::Columns => {
            Node { kind: NodeKind::List(vec![scalar("1", false)]), span }
        }
    }
}

/// Returns SQL of a kind, as long as its placeholder, so that the text after the placeholder keeps its place.
fn stand_in(kind: ArgumentKind, length: usize) -> String {
    match kind {
        ArgumentKind::Value | ArgumentKind::Text => format!("'{}'", "a".repeat(length.saturating_sub(2))),
        ArgumentKind::Values | ArgumentKind::Number => "1".repeat(length),
        ArgumentKind::Boolean
        | ArgumentKind::Column
        | ArgumentKind::Columns
        | ArgumentKind::Sql
        | ArgumentKind::Any => "_".repeat(length),
    }
}

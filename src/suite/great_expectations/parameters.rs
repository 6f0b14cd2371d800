//! Resolves `{"$PARAMETER": …}`: values that a suite gives by name, or computes.

use chrono::{DateTime, Utc};

use super::evaluate::{Environment, EvaluateError, evaluate, unknown};
use super::formula::{Formula, parse};
use crate::document::{self, Diagnostic, Key, Node, NodeKind, Span, Syntax};

/// The key of a mapping that stands for a value.
const PARAMETER: &str = "$PARAMETER";

/// The reason why a parameter cannot be resolved.
#[derive(Debug)]
pub(super) enum Unresolved {
    /// The value depends on the time, which is not known yet.
    NeedsNow,
    /// The parameter is wrong.
    Wrong(Diagnostic),
}

impl Unresolved {
    /// Returns the reason as a diagnostic.
    pub(super) fn into_diagnostic(self, kwargs: &Node) -> Diagnostic {
        match self {
            Self::NeedsNow => Diagnostic::new(kwargs.span, "the time is not known"),
            Self::Wrong(diagnostic) => diagnostic,
        }
    }
}

impl From<Diagnostic> for Unresolved {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Wrong(diagnostic)
    }
}

/// Returns the values of parameters: those given, then the suite's own.
pub(super) fn known(own: Option<&Node>, given: &[(String, String)], span: Span) -> Result<Node, Diagnostic> {
    let mut entries = Vec::with_capacity(given.len());
    for (name, text) in given {
        let value = document::parse(text, Syntax::Yaml)
            .map_err(|error| Diagnostic::new(span, format!("the parameter {name}: {}", error.message)))?;
        entries.push((name.clone(), value.moved(span)));
    }
    if let Some(Node { kind: NodeKind::Map(own), .. }) = own {
        let others = own.iter().filter(|(key, _)| !given.iter().any(|(name, _)| *name == key.text));
        entries.extend(others.map(|(key, value)| (key.text.clone(), value.clone())));
    }
    Ok(Node::derived_map(entries, span))
}

/// Returns the node with its parameters replaced by their values.
pub(super) fn resolve(
    node: &Node,
    parameters: Option<&Node>,
    now: Option<DateTime<Utc>>,
) -> Result<Node, Unresolved> {
    let kind = match &node.kind {
        NodeKind::Scalar(_) => return Ok(node.clone()),
        NodeKind::List(items) => {
            NodeKind::List(items.iter().map(|item| resolve(item, parameters, now)).collect::<Result<_, _>>()?)
        }
        NodeKind::Map(entries) => match entries.iter().find(|(key, _)| key.text == PARAMETER) {
            Some((_, formula)) => return value(node, formula, parameters, now),
            None => NodeKind::Map(
                entries
                    .iter()
                    .map(|(key, value)| Ok((key.clone(), resolve(value, parameters, now)?)))
                    .collect::<Result<Vec<(Key, Node)>, Unresolved>>()?,
            ),
        },
    };
    Ok(Node { kind, span: node.span })
}

fn value(
    node: &Node,
    formula: &Node,
    parameters: Option<&Node>,
    now: Option<DateTime<Utc>>,
) -> Result<Node, Unresolved> {
    let text = formula.text("the name of a parameter, or a formula")?;
    if let Some(given) = node.get(&format!("{PARAMETER}.{text}")) {
        return Ok(given.clone());
    }
    let of_name = |name: &str| parameters.and_then(|parameters| parameters.get(name));
    // A name that is no single word can still be the name of a parameter.
    if let Some(given) = of_name(text) {
        return Ok(given.clone());
    }
    if text.starts_with("urn:") {
        let message =
            format!("{text:?} is a value in a store of Great Expectations, which karat does not read");
        return Err(Diagnostic::new(formula.span, message).into());
    }
    let evaluated = parse(text).map_err(EvaluateError::Wrong).and_then(|parsed| match parsed {
        // A single name or number is the name of a parameter, not a formula.
        Formula::Name(name) | Formula::Number(name) => Err(unknown(&name)),
        formula => evaluate(&formula, &Environment { value: &of_name, now }, node.span),
    });
    evaluated.map_err(|problem| match problem {
        EvaluateError::NeedsNow => Unresolved::NeedsNow,
        EvaluateError::Wrong(message) => Diagnostic::new(formula.span, message)
            .help(
                "values stand under \"suite_parameters\" of the suite, or are given: --parameter NAME=VALUE",
            )
            .into(),
    })
}

/// Returns the arguments that use parameters, for people: `max_value = now() - timedelta(days=1)`.
pub(super) fn describe_parameters(kwargs: &Node) -> String {
    let NodeKind::Map(entries) = &kwargs.kind else { return String::new() };
    let formulas = entries.iter().filter_map(|(key, value)| {
        let formula = value.get(PARAMETER)?.text("").ok()?;
        Some(format!("{} = {formula}", key.text))
    });
    formulas.collect::<Vec<_>>().join(", ")
}

//! An expectation made of others.

use super::Takes;
use crate::document::{Diagnostic, Key, Node, NodeKind, Span, did_you_mean};
use crate::expectation::Scope;
use crate::suite::shown::shown;

/// An expectation made of others: what it is called, what it takes and which checks it stands for.
#[derive(Clone, Debug)]
pub struct Composed {
    /// Its name in suites.
    pub id: String,
    /// Whether it stands on a column or on the table.
    pub scope: Scope,
    /// What holds when it passes.
    pub summary: String,
    /// What there is to say of it besides.
    pub description: Option<String>,
    /// What it takes.
    pub parameters: Vec<OwnParameter>,
    /// The parameter that an argument without a name gives.
    pub bare: Option<String>,
    /// Where it is defined.
    pub defined_in: DefinedIn,
    /// The checks it stands for.
    pub(in crate::suite) parts: Vec<Part>,
    /// Where its name stands in its definition.
    pub(super) span: Span,
    /// Its definition, for the places of errors.
    pub(super) text: String,
}

/// Where an expectation made of others is defined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DefinedIn {
    /// It ships with karat.
    Pack {
        /// Its page.
        page: &'static str,
    },
    /// It is a project's own.
    File {
        /// The file.
        path: String,
    },
}

/// A parameter of an expectation made of others.
#[derive(Clone, Debug)]
pub struct OwnParameter {
    /// Its name.
    pub name: String,
    /// What it takes.
    pub takes: Takes,
    /// What it means.
    pub meaning: String,
    /// What it is unless given; a null where it may be left out altogether.
    pub default: Option<Node>,
    /// Where it is declared.
    pub(super) span: Span,
}

/// A check that it stands for, with its placeholders.
#[derive(Clone, Debug)]
pub(in crate::suite) struct Part {
    /// Its name beside the other parts.
    pub(in crate::suite) id: String,
    /// The expectation.
    pub(in crate::suite) key: Key,
    /// What that is given.
    pub(in crate::suite) argument: Option<Node>,
    /// The options beside it.
    pub(in crate::suite) options: Vec<(Key, Node)>,
}

impl OwnParameter {
    /// Returns whether it must be given.
    #[must_use]
    pub fn required(&self) -> bool {
        self.default.is_none()
    }

    /// What it is unless given, for people; nothing where it may be left out altogether.
    #[must_use]
    pub fn default_text(&self) -> Option<String> {
        self.default.as_ref().map(shown)
    }
}

impl Composed {
    /// The parameter of a name.
    pub(super) fn parameter(&self, name: &str) -> Option<&OwnParameter> {
        self.parameters.iter().find(|parameter| parameter.name == name)
    }

    /// Returns whether a part of its argument is read as SQL.
    pub(super) fn takes_sql(&self, name: Option<&str>) -> bool {
        let parameter = name.or(self.bare.as_deref()).and_then(|name| self.parameter(name));
        parameter.is_some_and(|parameter| parameter.takes == Takes::Sql)
    }

    /// What a use gives to each parameter, or else its default, which then stands at the use.
    ///
    /// # Errors
    /// An unknown parameter, a missing one, or an argument of another kind.
    pub(super) fn arguments(
        &self,
        given: Option<&Node>,
        span: Span,
    ) -> Result<Vec<(&OwnParameter, Node)>, Diagnostic> {
        let given = self.by_name(given)?;
        let mut arguments = Vec::with_capacity(self.parameters.len());
        for parameter in &self.parameters {
            let own = given.iter().find(|(name, node)| *name == parameter.name && !node.is_null());
            let argument = match (own, &parameter.default) {
                (Some((_, node)), _) => {
                    parameter.takes.check(node)?;
                    (*node).clone()
                }
                (None, Some(default)) => default.moved(span),
                (None, None) => {
                    let message = format!("{} needs {:?}: {}", self.id, parameter.name, parameter.meaning);
                    return Err(Diagnostic::new(span, message).help(self.usage()));
                }
            };
            arguments.push((parameter, argument));
        }
        Ok(arguments)
    }

    fn by_name<'a>(&self, given: Option<&'a Node>) -> Result<Vec<(&str, &'a Node)>, Diagnostic> {
        let Some(node) = given.filter(|node| !node.is_null()) else { return Ok(Vec::new()) };
        match (&node.kind, &self.bare) {
            (NodeKind::Map(entries), _) => {
                let known = |(key, value): &'a (Key, Node)| {
                    if let Some(parameter) = self.parameter(&key.text) {
                        return Ok((parameter.name.as_str(), value));
                    }
                    let names = self.parameters.iter().map(|parameter| parameter.name.as_str());
                    let help = did_you_mean(&key.text, names).unwrap_or_else(|| self.usage());
                    let message = format!("{} has no parameter {:?}", self.id, key.text);
                    Err(Diagnostic::new(key.span, message).help(help))
                };
                entries.iter().map(known).collect()
            }
            (_, Some(bare)) => Ok(vec![(bare, node)]),
            (_, None) => {
                let how = if self.parameters.is_empty() { "no argument" } else { "its arguments by name" };
                let message = format!("{} takes {how}, found {}", self.id, node.found());
                Err(Diagnostic::new(node.span, message).help(self.usage()))
            }
        }
    }

    fn usage(&self) -> String {
        let names: Vec<_> = self.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
        if names.is_empty() {
            format!("write {}", self.id)
        } else {
            format!("the parameters of {} are {}", self.id, names.join(", "))
        }
    }
}

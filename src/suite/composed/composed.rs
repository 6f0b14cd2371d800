//! A composed expectation: one that is made of others.

use super::ArgumentKind;
use crate::document::{Diagnostic, Key, Node, NodeKind, Span, did_you_mean};
use crate::expectation::Scope;
use crate::suite::shown::shown;

/// A composed expectation: its name, its parameters, and the checks that it stands for.
#[derive(Clone, Debug)]
pub struct Composed {
    /// The name in suites.
    pub id: String,
    /// The scope: a column or the table.
    pub scope: Scope,
    /// The statement that holds when the expectation passes.
    pub summary: String,
    /// The author's description.
    pub description: Option<String>,
    /// The parameters.
    pub parameters: Vec<ComposedParameter>,
    /// The parameter that receives an argument without a name.
    pub bare: Option<String>,
    /// The place of the definition.
    pub defined_in: DefinedIn,
    /// The checks that the expectation stands for.
    pub(in crate::suite) parts: Vec<Part>,
    /// The place of the name in the definition.
    pub(super) span: Span,
    /// The text of the definition, for the places of errors.
    pub(super) text: String,
}

/// The place where a composed expectation is defined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DefinedIn {
    /// A pack that ships with karat.
    Pack {
        /// The page of the pack.
        page: &'static str,
    },
    /// A file of a project.
    File {
        /// The path of the file.
        path: String,
    },
}

/// A parameter of a composed expectation.
#[derive(Clone, Debug)]
pub struct ComposedParameter {
    /// The name of the parameter.
    pub name: String,
    /// The kind of its argument.
    pub kind: ArgumentKind,
    /// The meaning, for people.
    pub meaning: String,
    /// The default; `None` if the parameter is required, a null if it may be left out.
    pub default: Option<Node>,
    /// The place of the declaration.
    pub(super) span: Span,
}

/// A check that a composed expectation stands for, with its placeholders.
#[derive(Clone, Debug)]
pub(in crate::suite) struct Part {
    /// The name that distinguishes the part from the others.
    pub(in crate::suite) id: String,
    /// The name of the expectation.
    pub(in crate::suite) key: Key,
    /// The argument of the expectation.
    pub(in crate::suite) argument: Option<Node>,
    /// The options beside the expectation.
    pub(in crate::suite) options: Vec<(Key, Node)>,
}

impl ComposedParameter {
    /// Returns whether the parameter must be given.
    #[must_use]
    pub fn required(&self) -> bool {
        self.default.is_none()
    }

    /// Returns the default for people: `None` if the parameter is required, empty if it may be left out.
    #[must_use]
    pub fn default_text(&self) -> Option<String> {
        self.default.as_ref().map(shown)
    }
}

impl Composed {
    /// Returns the parameter with a name.
    pub(super) fn parameter(&self, name: &str) -> Option<&ComposedParameter> {
        self.parameters.iter().find(|parameter| parameter.name == name)
    }

    /// Returns whether the argument of a parameter, or the bare argument, is read as SQL.
    pub(super) fn takes_sql(&self, name: Option<&str>) -> bool {
        let parameter = name.or(self.bare.as_deref()).and_then(|name| self.parameter(name));
        parameter.is_some_and(|parameter| parameter.kind == ArgumentKind::Sql)
    }

    /// Returns the argument of each parameter: the one that a use gives, otherwise the default, placed at the
    /// use.
    ///
    /// # Errors
    /// An unknown parameter, a missing one, or an argument of another kind.
    pub(super) fn arguments(
        &self,
        given: Option<&Node>,
        span: Span,
    ) -> Result<Vec<(&ComposedParameter, Node)>, Diagnostic> {
        let given = self.by_name(given)?;
        let mut arguments = Vec::with_capacity(self.parameters.len());
        for parameter in &self.parameters {
            let own = given.iter().find(|(name, node)| *name == parameter.name && !node.is_null());
            let argument = match (own, &parameter.default) {
                (Some((_, node)), _) => {
                    parameter.kind.check(node)?;
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

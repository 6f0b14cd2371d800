//! The entry of an expectation, as `karat list` and `karat explain` show it.

use serde::Serialize;

use crate::expectation::{Definition, Nature, ParameterKind, Scope, all};
use crate::suite::{Catalogue, CatalogueEntry, Composed, DefinedIn, Tool};

/// An expectation of the catalogue, built in or composed of others.
#[derive(Debug, Serialize)]
pub(super) struct Entry<'a> {
    id: &'a str,
    /// The family of a built-in expectation, `packs`, or `project`.
    family: &'static str,
    scope: &'static str,
    natures: Vec<&'static str>,
    summary: &'a str,
    parameters: Vec<Parameter<'a>>,
    bare: Option<&'a str>,
    great_expectations: Vec<&'static str>,
    /// The file that defines the expectation, if the project defines it.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Parameter<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    required: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<String>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    choices: &'static [&'static str],
    /// The place in which a check takes the parameter; none if every place will do.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'static str>,
    meaning: &'a str,
}

impl<'a> Entry<'a> {
    /// Returns the entries of the whole catalogue: family by family, then the packs, then the project's own.
    pub(super) fn all(catalogue: &'a Catalogue) -> Vec<Self> {
        let mut built_in: Vec<_> = all().iter().collect();
        built_in.sort_by_key(|definition| definition.family);
        let built_in = built_in.into_iter().map(|definition| Self::built_in(definition));
        built_in
            .chain(catalogue.composed().iter().map(|composed| Self::composed(composed, catalogue)))
            .collect()
    }

    pub(super) fn of(named: CatalogueEntry<'a>, catalogue: &Catalogue) -> Self {
        match named {
            CatalogueEntry::BuiltIn(definition) => Self::built_in(definition),
            CatalogueEntry::Composed(composed) => Self::composed(composed, catalogue),
        }
    }

    pub(super) fn id(&self) -> &str {
        self.id
    }

    pub(super) fn family(&self) -> &'static str {
        self.family
    }

    /// Returns the short columns of a listing: the scope, the natures and the summary.
    pub(super) fn columns(&self) -> [String; 3] {
        let scope = if self.scope == Scope::Either.name() { "either" } else { self.scope };
        [scope.to_owned(), self.natures.join(" and "), self.summary.to_owned()]
    }

    fn built_in(definition: &'static Definition) -> Self {
        let parameters = definition.parameters.iter().map(|parameter| Parameter {
            name: parameter.name,
            kind: parameter.kind.name(),
            required: parameter.required,
            default: None,
            choices: match parameter.kind {
                ParameterKind::Choice(words) => words,
                _ => &[],
            },
            scope: (parameter.scope != Scope::Either).then(|| parameter.scope.name()),
            meaning: parameter.meaning,
        });
        Self {
            id: definition.id,
            family: definition.family.name(),
            scope: definition.scope.name(),
            natures: vec![definition.nature.name()],
            summary: definition.summary,
            parameters: parameters.collect(),
            bare: definition.bare,
            great_expectations: Tool::GreatExpectations.names(definition.id),
            path: None,
        }
    }

    fn composed(composed: &'a Composed, catalogue: &Catalogue) -> Self {
        let parameters = composed.parameters.iter().map(|parameter| Parameter {
            name: &parameter.name,
            kind: parameter.kind.name(),
            required: parameter.required(),
            default: parameter.default_text().filter(|default| !default.is_empty()),
            choices: &[],
            scope: None,
            meaning: &parameter.meaning,
        });
        let (family, path) = match &composed.defined_in {
            DefinedIn::Pack { .. } => ("packs", None),
            DefinedIn::File { path } => ("project", Some(path.as_str())),
        };
        Self {
            id: &composed.id,
            family,
            scope: composed.scope.name(),
            natures: catalogue.natures(composed).into_iter().map(Nature::name).collect(),
            summary: &composed.summary,
            parameters: parameters.collect(),
            bare: composed.bare.as_deref(),
            great_expectations: Vec::new(),
            path,
        }
    }
}

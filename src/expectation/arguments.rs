//! The arguments of a check, matched with the parameters of the expectation's definition and read by type.

use super::bounds::Bounds;
use super::duration::Period;
use super::{Definition, Parameter, Scope};
use crate::data::{ColumnPath, Literal, TypeName, redacted};
use crate::document::{Diagnostic, Node, NodeKind, Span, did_you_mean};

/// The arguments of one check, each under the name of its parameter.
#[derive(Debug)]
pub struct Arguments<'a> {
    /// The span of the expectation in the suite.
    pub span: Span,
    /// The place of the check: a column or the table.
    pub place: Scope,
    given: Vec<(&'static str, &'a Node)>,
}

impl<'a> Arguments<'a> {
    /// Matches the arguments of a check with the parameters of its expectation.
    ///
    /// # Errors
    /// An unknown parameter, a missing one, or an argument where none is taken.
    pub fn read(
        definition: &Definition,
        place: Scope,
        span: Span,
        node: Option<&'a Node>,
    ) -> Result<Self, Diagnostic> {
        let mut given = Vec::new();
        match node {
            Some(node) if !node.is_null() => match (&node.kind, definition.bare_parameter(place)) {
                (NodeKind::Map(entries), _) => {
                    for (key, value) in entries {
                        let parameter = parameter(definition, place, &key.text, key.span)?;
                        given.push((parameter.name, value));
                    }
                }
                (_, Some(bare)) => given.push((bare.name, node)),
                (_, None) => return Err(not_taken(definition, place, node)),
            },
            _ => {}
        }
        let missing = definition
            .parameters_on(place)
            .find(|parameter| parameter.required && !given.iter().any(|(name, _)| *name == parameter.name));
        match missing {
            Some(parameter) => {
                let message = format!("{} needs {:?}: {}", definition.id, parameter.name, parameter.meaning);
                Err(Diagnostic::new(span, message).help(usage(definition, place)))
            }
            None => Ok(Self { span, place, given }),
        }
    }

    /// Returns the node of a parameter, unless the parameter is missing or null.
    #[must_use]
    pub fn node(&self, name: &str) -> Option<&'a Node> {
        self.given
            .iter()
            .find(|(given, _)| *given == name)
            .map(|(_, node)| *node)
            .filter(|node| !node.is_null())
    }

    /// Returns the node of a parameter that must be given.
    ///
    /// # Errors
    /// It was not.
    pub fn required(&self, name: &str) -> Result<&'a Node, Diagnostic> {
        self.node(name).ok_or_else(|| Diagnostic::new(self.span, format!("{name:?} is missing")))
    }

    /// Returns a flag, or the default if none is given.
    ///
    /// # Errors
    /// Something else than a boolean.
    pub fn flag(&self, name: &str, default: bool) -> Result<bool, Diagnostic> {
        self.node(name).map_or(Ok(default), |node| node.boolean("true or false"))
    }

    /// Returns a count, if one is given.
    ///
    /// # Errors
    /// Something else than a whole number that is not negative.
    pub fn count(&self, name: &str) -> Result<Option<u64>, Diagnostic> {
        self.node(name).map(|node| node.number("a whole number that is not negative")).transpose()
    }

    /// Returns a number, if one is given.
    ///
    /// # Errors
    /// Something else than a finite number.
    pub fn number(&self, name: &str) -> Result<Option<f64>, Diagnostic> {
        let Some(node) = self.node(name) else { return Ok(None) };
        match node.number::<f64>("a number")? {
            number if number.is_finite() => Ok(Some(number)),
            _ => Err(node.expected_error("a finite number")),
        }
    }

    /// Returns a text that must be given.
    ///
    /// # Errors
    /// It was not, or something else was.
    pub fn text(&self, name: &str) -> Result<&'a str, Diagnostic> {
        self.required(name)?.text("a text")
    }

    /// Returns the path or URI of another dataset.
    ///
    /// # Errors
    /// None was given, something else was, or it holds what may be a credential: suites are shown.
    pub fn dataset(&self, name: &str) -> Result<String, Diagnostic> {
        let node = self.required(name)?;
        let uri = node.text("a path or URI")?;
        if redacted(uri) != uri {
            return Err(Diagnostic::new(node.span, "a URI with what may be a credential").secret().help(
                "suites are shown in reports: give credentials as environment variables or --storage-option",
            ));
        }
        Ok(uri.to_owned())
    }

    /// Returns a text or a list of texts, each with its node.
    ///
    /// # Errors
    /// None was given, or something else was.
    pub fn texts(&self, name: &str) -> Result<Vec<(&'a Node, &'a str)>, Diagnostic> {
        let node = self.required(name)?;
        let items = match &node.kind {
            NodeKind::List(items) => items.as_slice(),
            _ => std::slice::from_ref(node),
        };
        if items.is_empty() {
            return Err(Diagnostic::new(node.span, "an empty list of texts"));
        }
        items.iter().map(|item| Ok((item, item.text("a text")?))).collect()
    }

    /// Returns the value of one of several words; that of the first word if none is given.
    ///
    /// # Errors
    /// Another word.
    pub fn choice<T: Copy>(&self, name: &str, choices: &[(&'static str, T)]) -> Result<T, Diagnostic> {
        let words = || choices.iter().map(|(word, _)| *word);
        let Some(node) = self.node(name) else {
            return choices
                .first()
                .map(|(_, value)| *value)
                .ok_or_else(|| Diagnostic::new(self.span, format!("{name:?} is missing")));
        };
        let text = node.text("a word")?;
        choices.iter().find(|(word, _)| *word == text).map(|(_, value)| *value).ok_or_else(|| {
            let help = did_you_mean(text, words()).unwrap_or_default();
            let all: Vec<_> = words().collect();
            node.expected_error(&format!("one of {}", all.join(", ")))
                .maybe_help((!help.is_empty()).then_some(help))
        })
    }

    /// Returns a list of literals. Nulls are refused, since no value equals null.
    ///
    /// # Errors
    /// Something else than a list of scalars.
    pub fn literals(&self, name: &str) -> Result<Vec<Literal>, Diagnostic> {
        let items = self.required(name)?.list("a list of values")?;
        items
            .iter()
            .map(|item| match item.scalar("a value") {
                Ok(scalar) => Ok(Literal::from_scalar(scalar)),
                Err(error) if item.is_null() => Err(error.help(
                    "a null equals no value; not_null and null judge nulls, and quotes make it a text",
                )),
                Err(error) => Err(error),
            })
            .collect()
    }

    /// Returns a column, if one is given.
    ///
    /// # Errors
    /// Something else than the name of a column.
    pub fn column(&self, name: &str) -> Result<Option<ColumnPath>, Diagnostic> {
        self.node(name).map(|node| column_of(node, "the name of a column")).transpose()
    }

    /// Returns a column that must be given.
    ///
    /// # Errors
    /// It was not, or something else was.
    pub fn required_column(&self, name: &str) -> Result<ColumnPath, Diagnostic> {
        column_of(self.required(name)?, "the name of a column")
    }

    /// Returns a list of at least one column.
    ///
    /// # Errors
    /// Something else than a list of names of columns.
    pub fn columns(&self, name: &str) -> Result<Vec<ColumnPath>, Diagnostic> {
        let node = self.required(name)?;
        let columns = columns_of(node)?;
        if columns.is_empty() {
            Err(Diagnostic::new(node.span, "an empty list of columns"))
        } else {
            Ok(columns)
        }
    }

    /// Returns one column or a list of columns; an empty list if none is given.
    ///
    /// # Errors
    /// Something else than names of columns.
    pub fn columns_or_none(&self, name: &str) -> Result<Vec<ColumnPath>, Diagnostic> {
        self.node(name).map_or_else(|| Ok(Vec::new()), columns_of)
    }

    /// Returns a list of at least one column, in which no column occurs twice.
    ///
    /// # Errors
    /// Something else than a list of different names of columns.
    pub fn different_columns(&self, name: &str) -> Result<Vec<ColumnPath>, Diagnostic> {
        let columns = self.columns(name)?;
        match columns.iter().enumerate().find(|(index, column)| columns[..*index].contains(column)) {
            Some((_, twice)) => Err(Diagnostic::new(self.span, format!("column \"{twice}\" is named twice"))),
            None => Ok(columns),
        }
    }

    /// Returns the name of a type.
    ///
    /// # Errors
    /// No type has that name.
    pub fn type_name(&self, name: &str) -> Result<TypeName, Diagnostic> {
        type_of(self.required(name)?)
    }

    /// Returns a list of at least one name of a type.
    ///
    /// # Errors
    /// No type has that name.
    pub fn type_names(&self, name: &str) -> Result<Vec<TypeName>, Diagnostic> {
        let node = self.required(name)?;
        let types: Vec<_> = node.list("a list of types")?.iter().map(type_of).collect::<Result<_, _>>()?;
        if types.is_empty() { Err(Diagnostic::new(node.span, "an empty list of types")) } else { Ok(types) }
    }

    /// Returns a span of time.
    ///
    /// # Errors
    /// Something else than `1 h`.
    pub fn period(&self, name: &str) -> Result<Period, Diagnostic> {
        Period::read(self.required(name)?)
    }

    /// Returns the bounds that `min`, `max`, `strict_min` and `strict_max` give.
    ///
    /// # Errors
    /// Neither bound is given, or one is no literal.
    pub fn bounds(&self) -> Result<Bounds, Diagnostic> {
        Bounds::read(self)
    }
}

/// Reads one column, or a list of columns.
pub(crate) fn columns_of(node: &Node) -> Result<Vec<ColumnPath>, Diagnostic> {
    match &node.kind {
        NodeKind::List(items) => items.iter().map(|item| column_of(item, "the name of a column")).collect(),
        _ => Ok(vec![column_of(node, "a column or a list of columns")?]),
    }
}

/// Reads the name of a column. Errors say that `what` was expected.
pub(crate) fn column_of(node: &Node, what: &str) -> Result<ColumnPath, Diagnostic> {
    // A quoted empty text is a name, although it reads as null without the quotes.
    let text = match &node.kind {
        NodeKind::Scalar(scalar) if scalar.quoted => scalar.text.as_str(),
        _ => node.text(what)?,
    };
    ColumnPath::parse(text).map_err(|message| Diagnostic::new(node.span, message))
}

fn type_of(node: &Node) -> Result<TypeName, Diagnostic> {
    // The type `null` is written as YAML's null, so the scalar's text is read without a check for null.
    let text = match &node.kind {
        NodeKind::Scalar(scalar) => scalar.text.as_str(),
        _ => return Err(node.expected_error("the name of a type")),
    };
    TypeName::parse(text).map_err(|near| {
        Diagnostic::new(node.span, format!("no type {text:?}"))
            .maybe_help(near.map(|near| format!("did you mean {near:?}?")))
    })
}

fn parameter(
    definition: &Definition,
    place: Scope,
    name: &str,
    span: Span,
) -> Result<&'static Parameter, Diagnostic> {
    // The names that Great Expectations gives to the commonest parameters.
    let known = match name {
        "min_value" => "min",
        "max_value" => "max",
        "value_set" | "value_pairs_set" => "values",
        "column_list" => "columns",
        "regex_list" => "regex",
        "like_pattern" | "like_pattern_list" => "pattern",
        "strftime_format" => "format",
        "json_schema" => "schema",
        "column_A" => "left",
        "column_B" => "right",
        "sum_total" => "equal",
        "partition_object" => "partition",
        "p" => "p_value",
        "bins_A" => "left_bins",
        "bins_B" => "right_bins",
        "n_bins_A" => "left_bin_count",
        "n_bins_B" => "right_bin_count",
        other => other,
    };
    definition.parameters_on(place).find(|parameter| parameter.name == known).ok_or_else(|| {
        let elsewhere = definition.parameters.iter().any(|parameter| parameter.name == known);
        let (on, help) = if elsewhere {
            (" on a column", "put it under table:".to_owned())
        } else {
            let names = definition.parameters_on(place).map(|parameter| parameter.name);
            ("", did_you_mean(name, names).unwrap_or_else(|| usage(definition, place)))
        };
        Diagnostic::new(span, format!("{} has no parameter {name:?}{on}", definition.id)).help(help)
    })
}

fn not_taken(definition: &Definition, place: Scope, node: &Node) -> Diagnostic {
    let how = if definition.parameters_on(place).next().is_none() {
        "no argument"
    } else {
        "its arguments by name"
    };
    let on = if definition.bare.is_some() { " on a column" } else { "" };
    let message = format!("{} takes {how}{on}, found {}", definition.id, node.found());
    Diagnostic::new(node.span, message)
        .help(as_bounds(definition, node).unwrap_or_else(|| usage(definition, place)))
}

/// Returns the bounds that a list of two values most likely stands for, as help.
fn as_bounds(definition: &Definition, node: &Node) -> Option<String> {
    let has = |name: &str| definition.parameters.iter().any(|parameter| parameter.name == name);
    let NodeKind::List(items) = &node.kind else { return None };
    match items.as_slice() {
        [Node { kind: NodeKind::Scalar(least), .. }, Node { kind: NodeKind::Scalar(greatest), .. }]
            if has("min") && has("max") =>
        {
            Some(format!("write {{min: {}, max: {}}}", least.text, greatest.text))
        }
        _ => None,
    }
}

fn usage(definition: &Definition, place: Scope) -> String {
    let names: Vec<_> = definition.parameters_on(place).map(|parameter| parameter.name).collect();
    match (names.as_slice(), definition.bare) {
        ([], None) => format!("write {}", definition.id),
        ([], Some(_)) => format!("write {}, or put it under table:", definition.id),
        _ => format!("the parameters of {} are {}", definition.id, names.join(", ")),
    }
}

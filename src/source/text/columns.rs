//! The columns of a text dataset, merged by name over all its files.

use std::collections::HashMap;

use super::fit::fit;
use super::raw::Raw;
use super::shape::Shape;
use super::suite_types::SuiteTypes;
use super::texts::{Place, TextRules};
use crate::data::{ColumnPath, Field, MixedColumn};

/// The most columns and nested fields of a dataset.
const MOST: usize = 1 << 14;

/// The columns, in the order in which the files first name them.
#[derive(Default)]
pub(crate) struct Columns {
    columns: Vec<Column>,
    positions: HashMap<String, usize>,
    /// An upper bound on the number of nested fields.
    width: usize,
}

struct Column {
    name: String,
    /// The inferred shape of the values, or the type that the suite gives.
    shape: Shape,
    /// The file and the line of the first value that is not null.
    first: Option<(String, u64)>,
}

/// The reason why a row is refused, and how the user can fix it.
pub(crate) struct Refused {
    pub(crate) reason: String,
    pub(crate) help: Option<String>,
}

impl From<String> for Refused {
    fn from(reason: String) -> Self {
        Self { reason, help: None }
    }
}

/// Returns the advice for a column with values of several kinds.
fn as_text(name: &str) -> String {
    let path = ColumnPath::column(name);
    format!("with `schema: {{{path}: string}}` all of its values are taken as text")
}

impl Columns {
    /// Returns the position of a column, which is added if it is new.
    pub(crate) fn position(&mut self, name: &str, given: &SuiteTypes) -> Result<usize, String> {
        if let Some(position) = self.positions.get(name) {
            return Ok(*position);
        }
        if self.columns.len() >= MOST {
            return Err(too_many());
        }
        let shape = given.shape(name);
        self.columns.push(Column { name: name.to_owned(), shape, first: None });
        self.positions.insert(name.to_owned(), self.columns.len() - 1);
        Ok(self.columns.len() - 1)
    }

    /// Returns the position of a known column.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.positions.get(name).copied()
    }

    /// Returns whether the suite gives the types of all these columns.
    pub(crate) fn are_given(&self, positions: &[usize]) -> bool {
        positions.iter().all(|position| matches!(self.columns[*position].shape, Shape::Given(_)))
    }

    /// Returns why a value does not fit the earlier values of a column, or `None` if it does.
    pub(crate) fn refuses(&self, position: usize, value: &Raw) -> Option<Refused> {
        (!self.columns[position].shape.accepts(value)).then(|| self.conflict(position, value))
    }

    fn conflict(&self, position: usize, value: &Raw) -> Refused {
        let Column { name, first, shape } = &self.columns[position];
        match first {
            Some((file, line)) if !(matches!((shape, value), (Shape::Number(_), Raw::Number(_)))) => {
                let reason = format!(
                    "column \"{name}\" holds a value of another kind than the first one, in line {line} of {file}"
                );
                Refused { reason, help: Some(as_text(name)) }
            }
            _ => Self::misfit(name, value),
        }
    }

    /// Returns why a value does not fit a column, regardless of the other values.
    pub(crate) fn misfit(name: &str, value: &Raw) -> Refused {
        let (what, help) = if matches!(value, Raw::Number(_)) {
            ("number that no type holds, or none beside the others", Some(as_text(name)))
        } else {
            ("value of another kind than the suite's schema says", None)
        };
        Refused { reason: format!("column \"{name}\" holds a {what}"), help }
    }

    /// Adds a value to the shape of a column; fails if the value does not fit.
    pub(crate) fn add(
        &mut self,
        position: usize,
        value: &Raw,
        rules: &TextRules,
        place: Place<'_>,
    ) -> Result<(), Refused> {
        let column = &mut self.columns[position];
        if matches!(column.shape, Shape::Given(_)) {
            return Ok(());
        }
        if column.first.is_none() && !value.is_null() {
            column.first = Some((place.file.to_owned(), place.line));
        }
        let nested = matches!(value, Raw::List(_) | Raw::Struct(_));
        let before = if nested { column.shape.width() } else { 1 };
        let fits = column.shape.add(value, rules, place);
        if nested {
            self.width += column.shape.width().saturating_sub(before);
        }
        if fits { Ok(()) } else { Err(self.conflict(position, value)) }
    }

    /// Returns an error message if there are more columns and fields than are read.
    pub(crate) fn are_too_many(&self) -> Option<String> {
        (self.width + self.columns.len() > MOST).then(too_many)
    }

    /// Returns the columns with their types.
    pub(crate) fn fields(&self) -> Vec<Field> {
        self.columns.iter().map(|column| Field::new(column.name.as_str(), column.shape.data_type())).collect()
    }

    /// Returns the text columns, and text fields of structs, most of whose values have another type.
    pub(crate) fn mixed_columns(&self, rules: &TextRules) -> Vec<MixedColumn> {
        let mut found = Vec::new();
        for column in &self.columns {
            mixed(&column.shape, &mut vec![column.name.clone()], rules, &mut found);
        }
        found
    }
}

fn mixed(shape: &Shape, path: &mut Vec<String>, rules: &TextRules, found: &mut Vec<MixedColumn>) {
    match shape {
        Shape::Struct(fields) => {
            for (name, shape) in fields {
                path.push(name.clone());
                mixed(shape, path, rules, found);
                path.pop();
            }
        }
        Shape::Text(texts) => {
            let Some((outlier, column)) = texts.kinds().zip(ColumnPath::new(path.clone())) else { return };
            let given = fit(Raw::Text(outlier.text.clone()), &outlier.wanted, rules);
            found.push(MixedColumn {
                column,
                value_if_typed: given.map(|value| value.to_string()),
                wanted: outlier.wanted,
                text: outlier.text,
                file: outlier.file,
                line: outlier.line,
            });
        }
        _ => {}
    }
}

fn too_many() -> String {
    format!("it has more than the {MOST} columns that are read")
}

//! The columns of a text dataset: those of all its files, by their names.

use std::collections::HashMap;

use super::fit::fit;
use super::given::Given;
use super::raw::Raw;
use super::shape::Shape;
use super::texts::{Place, Reading};
use crate::data::{ColumnPath, Field, Spoiled};

/// How many columns and fields a dataset may have.
const MOST: usize = 1 << 14;

/// The columns, in the order in which the files tell of them.
#[derive(Default)]
pub(crate) struct Columns {
    columns: Vec<Column>,
    positions: HashMap<String, usize>,
    /// How many columns and fields there are at most.
    width: usize,
}

struct Column {
    name: String,
    /// What its values are, or the suite says that they are.
    shape: Shape,
    /// The file and the line of its first value.
    first: Option<(String, u64)>,
}

/// Why a row is refused, and the way out.
pub(crate) struct Refused {
    pub(crate) reason: String,
    pub(crate) help: Option<String>,
}

impl From<String> for Refused {
    fn from(reason: String) -> Self {
        Self { reason, help: None }
    }
}

/// The way out where values of one column are of several kinds.
fn as_text(name: &str) -> String {
    let path = ColumnPath::column(name);
    format!("with `schema: {{{path}: string}}` all of its values are taken as text")
}

impl Columns {
    /// The position of a column; a new one is added.
    pub(crate) fn position(&mut self, name: &str, given: &Given) -> Result<usize, String> {
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

    /// The position of a column that is there.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.positions.get(name).copied()
    }

    /// Returns whether the types of all of these are given.
    pub(crate) fn are_given(&self, positions: &[usize]) -> bool {
        positions.iter().all(|position| matches!(self.columns[*position].shape, Shape::Given(_)))
    }

    /// Why a value cannot stand in a column, where one that came before is of another kind.
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

    /// Why a value cannot stand in a column, whatever the other values are.
    pub(crate) fn misfit(name: &str, value: &Raw) -> Refused {
        let (what, help) = if matches!(value, Raw::Number(_)) {
            ("number that no type holds, or none beside the others", Some(as_text(name)))
        } else {
            ("value of another kind than the suite's schema says", None)
        };
        Refused { reason: format!("column \"{name}\" holds a {what}"), help }
    }

    /// Takes in a value of a column.
    pub(crate) fn see(
        &mut self,
        position: usize,
        value: &Raw,
        how: &Reading,
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
        let fits = column.shape.see(value, how, place);
        if nested {
            self.width += column.shape.width().saturating_sub(before);
        }
        if fits { Ok(()) } else { Err(self.conflict(position, value)) }
    }

    /// Returns whether there are more columns and fields than are read.
    pub(crate) fn are_too_many(&self) -> Option<String> {
        (self.width + self.columns.len() > MOST).then(too_many)
    }

    /// The columns with their types.
    pub(crate) fn fields(&self) -> Vec<Field> {
        self.columns.iter().map(|column| Field::new(column.name.as_str(), column.shape.data_type())).collect()
    }

    /// The columns of text, and such fields of structs, that are nearly of another type.
    pub(crate) fn spoiled(&self, how: &Reading) -> Vec<Spoiled> {
        let mut found = Vec::new();
        for column in &self.columns {
            spoiled(&column.shape, &mut vec![column.name.clone()], how, &mut found);
        }
        found
    }
}

fn spoiled(shape: &Shape, path: &mut Vec<String>, how: &Reading, found: &mut Vec<Spoiled>) {
    match shape {
        Shape::Struct(fields) => {
            for (name, shape) in fields {
                path.push(name.clone());
                spoiled(shape, path, how, found);
                path.pop();
            }
        }
        Shape::Text(texts) => {
            let Some((spoiler, column)) = texts.nearly().zip(ColumnPath::new(path.clone())) else { return };
            let given = fit(Raw::Text(spoiler.text.clone()), &spoiler.wanted, how);
            found.push(Spoiled {
                column,
                as_given: given.map(|value| value.to_string()),
                wanted: spoiler.wanted,
                text: spoiler.text,
                file: spoiler.file,
                line: spoiler.line,
            });
        }
        _ => {}
    }
}

fn too_many() -> String {
    format!("it has more than the {MOST} columns that are read")
}

//! The columns of a text dataset: those of all its files, by their names.

use std::collections::HashMap;

use super::shape::Shape;
use super::texts::Texts;
use crate::data::{DataType, Field, Value};

/// How many columns and fields a dataset may have.
const MOST: usize = 1 << 14;

/// The columns, in the order in which the files tell of them.
#[derive(Default)]
pub(super) struct Columns {
    columns: Vec<Column>,
    positions: HashMap<String, usize>,
    /// How many columns and fields there are at most.
    width: usize,
}

struct Column {
    name: String,
    kind: Kind,
    /// The file and the line of its first value.
    first: Option<(String, u64)>,
}

enum Kind {
    /// The suite says what it is.
    Given(DataType),
    /// Its values say it.
    Inferred(Shape),
}

impl Columns {
    /// Columns whose types are given, which need not all be there.
    pub(super) fn given(schema: &[Field]) -> HashMap<&str, &DataType> {
        schema.iter().map(|field| (field.name.as_str(), &field.data_type)).collect()
    }

    /// The position of a column; a new one is added.
    pub(super) fn position(&mut self, name: &str, given: &HashMap<&str, &DataType>) -> Result<usize, String> {
        if let Some(position) = self.positions.get(name) {
            return Ok(*position);
        }
        if self.columns.len() >= MOST {
            return Err(too_many());
        }
        let kind = match given.get(name) {
            Some(data_type) => Kind::Given((*data_type).clone()),
            None => Kind::Inferred(Shape::Nothing),
        };
        self.columns.push(Column { name: name.to_owned(), kind, first: None });
        self.positions.insert(name.to_owned(), self.columns.len() - 1);
        Ok(self.columns.len() - 1)
    }

    /// The position of a column that is there.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.positions.get(name).copied()
    }

    pub(super) fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether the types of all of these are given.
    pub(super) fn are_given(&self, positions: &[usize]) -> bool {
        positions.iter().all(|position| matches!(self.columns[*position].kind, Kind::Given(_)))
    }

    /// Why a value cannot stand in a column, where one that came before is of another kind.
    pub(super) fn refuses(&self, position: usize, value: &Value) -> Option<String> {
        let column = &self.columns[position];
        match &column.kind {
            Kind::Inferred(shape) if !shape.accepts(value) => Some(self.conflict(position)),
            _ => None,
        }
    }

    fn conflict(&self, position: usize) -> String {
        let Column { name, first, .. } = &self.columns[position];
        let place =
            first.as_ref().map_or_else(String::new, |(file, line)| format!(", in line {line} of {file}"));
        format!("column \"{name}\" holds a value of another kind than the first one{place}")
    }

    /// Takes in a value of a column.
    pub(super) fn see(
        &mut self,
        position: usize,
        value: &Value,
        texts: Texts,
        (file, line): (&str, u64),
    ) -> Result<(), String> {
        let column = &mut self.columns[position];
        let Kind::Inferred(shape) = &mut column.kind else { return Ok(()) };
        if column.first.is_none() && !value.is_null() {
            column.first = Some((file.to_owned(), line));
        }
        let nested = matches!(value, Value::List(_) | Value::Struct(_));
        let before = if nested { shape.width() } else { 1 };
        let fits = shape.see(value, texts);
        if nested {
            self.width += shape.width().saturating_sub(before);
        }
        if fits { Ok(()) } else { Err(self.conflict(position)) }
    }

    /// Whether there are more columns and fields than are read.
    pub(super) fn are_too_many(&self) -> Option<String> {
        (self.width + self.columns.len() > MOST).then(too_many)
    }

    /// The columns with their types.
    pub(super) fn fields(&self) -> Vec<Field> {
        let data_type = |kind: &Kind| match kind {
            Kind::Given(data_type) => data_type.clone(),
            Kind::Inferred(shape) => shape.data_type(),
        };
        self.columns.iter().map(|column| Field::new(column.name.as_str(), data_type(&column.kind))).collect()
    }
}

fn too_many() -> String {
    format!("it has more than the {MOST} columns that are read")
}

//! The types that the suite's schema gives to columns, and to fields and elements within them.

use std::collections::HashMap;

use super::shape::Shape;
use crate::data::{ColumnPath, Field, FileFormat};

/// The types that the suite gives.
#[derive(Default)]
pub(crate) struct SuiteTypes {
    /// The shapes of columns that have a type, or that contain a field or element with one.
    columns: HashMap<String, Shape>,
    /// The possible columns of each schema entry, one of which must exist: a dot may be part of a name.
    entries: Vec<Vec<String>>,
}

impl SuiteTypes {
    /// Collects the types of a schema; only JSON has fields and elements within columns.
    pub(crate) fn new(schema: &[Field], format: FileFormat) -> Result<Self, String> {
        let mut given = Self::default();
        for Field { name, data_type } in schema {
            let path = ColumnPath::parse(name).unwrap_or_else(|_| ColumnPath::column(name.as_str()));
            let within = path.parts().len() > 1 || path.elements().is_some();
            let leaf = Shape::Given(data_type.clone());
            let root = path.root().to_owned();
            if within && format == FileFormat::Ndjson {
                given.insert(&path, leaf.clone()).map_err(|()| twice(name))?;
                given.columns.entry(name.clone()).or_insert(leaf);
                given.entries.push(vec![name.clone(), root]);
            } else {
                let column = if within { name.clone() } else { root };
                if given.columns.insert(column.clone(), leaf).is_some() {
                    return Err(twice(name));
                }
                given.entries.push(vec![column]);
            }
        }
        Ok(given)
    }

    fn insert(&mut self, path: &ColumnPath, leaf: Shape) -> Result<(), ()> {
        let (list, below) = match path.elements() {
            Some((list, below)) => (list, Some(below)),
            None => (path.clone(), None),
        };
        let [root, fields @ ..] = list.parts() else { return Err(()) };
        let mut shape = self.columns.entry(root.clone()).or_default();
        for name in fields {
            shape = shape.field_given(name).ok_or(())?;
        }
        for (index, name) in below.unwrap_or_default().iter().enumerate() {
            if index == 0 {
                shape = shape.elements_given().ok_or(())?;
            }
            shape = shape.field_given(name).ok_or(())?;
        }
        if below.is_some_and(<[String]>::is_empty) {
            shape = shape.elements_given().ok_or(())?;
        }
        if matches!(shape, Shape::Nothing) {
            *shape = leaf;
            return Ok(());
        }
        Err(())
    }

    /// Returns the shape of a column before any of its values is seen.
    pub(crate) fn shape(&self, name: &str) -> Shape {
        self.columns.get(name).cloned().unwrap_or_default()
    }

    /// Returns the possible column names of each entry of the schema.
    pub(crate) fn entries(&self) -> &[Vec<String>] {
        &self.entries
    }
}

fn twice(name: &str) -> String {
    format!("the suite's schema gives a type to \"{name}\" and to what holds it, or lies within it")
}

impl Shape {
    /// Returns the shape of a field that the schema names, or `None` if this shape is no struct.
    fn field_given(&mut self, name: &str) -> Option<&mut Self> {
        if matches!(self, Self::Nothing) {
            *self = Self::Struct(Vec::new());
        }
        match self {
            Self::Struct(known) => Some(super::shape::field(known, name)),
            _ => None,
        }
    }

    /// Returns the shape of the elements that the schema names, or `None` if this shape is no list.
    fn elements_given(&mut self) -> Option<&mut Self> {
        if matches!(self, Self::Nothing) {
            *self = Self::List(Box::default());
        }
        match self {
            Self::List(of) => Some(of),
            _ => None,
        }
    }
}

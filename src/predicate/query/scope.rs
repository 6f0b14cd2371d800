//! Resolves the names in a SELECT to columns of its tables.

use super::super::{Expression, Kind, TypeError};
use super::BoundQuery;
use super::placeholders::MARK;
use crate::data::{ColumnPath, Field, Schema};
use crate::document::Span;

/// The tables of FROM, whose columns an expression may name.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    pub(super) sources: Vec<Source>,
}

/// A table of FROM.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// The name that may qualify the table's columns.
    pub(super) qualifier: String,
    pub(super) columns: Vec<Known>,
    /// The columns that cannot be read.
    pub(super) unread: Vec<Field>,
}

/// A column under its name in the query's text.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) name: String,
    /// The column under its name in the relation.
    pub(super) field: Field,
    /// True if an equal column of another table stands for this one, unless the table's name qualifies it.
    pub(super) merged: bool,
}

impl Source {
    pub(super) fn new(qualifier: &str, selected: &BoundQuery) -> Self {
        let columns = selected.names.iter().zip(&selected.relation.columns);
        let known = |(name, field): (&String, &Field)| Known {
            name: name.clone(),
            field: field.clone(),
            merged: false,
        };
        Self {
            qualifier: qualifier.to_owned(),
            columns: columns.map(known).collect(),
            unread: selected.unread.clone(),
        }
    }

    fn is_called(&self, name: &str) -> bool {
        self.qualifier.eq_ignore_ascii_case(name)
    }

    fn schema(&self) -> Schema {
        let fields = self.columns.iter().map(|known| Field::new(&known.name, known.field.data_type.clone()));
        Schema { fields: fields.collect() }
    }
}

impl Scope {
    /// Returns the columns that `*` covers: all columns, or those of one table.
    pub(super) fn all(&self, of: Option<&str>, span: Span) -> Result<Vec<&Known>, TypeError> {
        let Some(of) = of else {
            return Ok(self
                .sources
                .iter()
                .flat_map(|source| &source.columns)
                .filter(|one| !one.merged)
                .collect());
        };
        match self.sources.iter().find(|source| source.is_called(of)) {
            Some(source) => Ok(source.columns.iter().collect()),
            None => Err(TypeError { message: format!("no table \"{of}\""), span, help: None }),
        }
    }

    /// Returns the columns that `*` leaves out, since they cannot be read.
    pub(super) fn unread(&self, of: Option<&str>) -> impl Iterator<Item = &Field> {
        let meant = move |source: &&Source| of.is_none_or(|of| source.is_called(of));
        self.sources.iter().filter(meant).flat_map(|source| &source.unread)
    }

    /// Rewrites an expression to the relation's column names.
    pub(super) fn resolve(&self, of: &Expression) -> Result<Expression, TypeError> {
        let mut of = of.clone();
        of.rewrite(&mut |expression| -> Result<(), TypeError> {
            if let Kind::Column(path) = &expression.kind {
                expression.kind = Kind::Column(self.column(path, expression.span)?);
            }
            Ok(())
        })?;
        Ok(of)
    }

    /// Returns whether the scope knows all names of an expression.
    pub(super) fn knows(&self, of: &Expression) -> bool {
        self.resolve(of).is_ok()
    }

    fn column(&self, path: &ColumnPath, span: Span) -> Result<ColumnPath, TypeError> {
        let parts = path.parts();
        let root = path.root();
        if root.starts_with(MARK) {
            return Ok(path.clone());
        }
        // The name of a table takes precedence over that of a column with fields.
        if let Some(second) = parts.get(1) {
            let found = self.sources.iter().filter(|source| source.is_called(root)).find_map(|source| {
                source.columns.iter().find(|known| known.name == *second).map(|known| (source, known))
            });
            if let Some((source, known)) = found {
                return below(&source.schema(), known, &parts[1..], span);
            }
        }
        let mut found = self.sources.iter().flat_map(|source| {
            source
                .columns
                .iter()
                .filter(|known| !known.merged && known.name == root)
                .map(move |known| (source, known))
        });
        match (found.next(), found.next()) {
            (Some((source, known)), None) => below(&source.schema(), known, parts, span),
            (Some(_), Some(_)) => Err(TypeError {
                message: format!("\"{root}\" may be a column of several tables"),
                span,
                help: Some("write the table's name and a dot in front of it".to_owned()),
            }),
            (None, _) => Err(self.missing(path, span)),
        }
    }

    fn missing(&self, path: &ColumnPath, span: Span) -> TypeError {
        let parts = path.parts();
        let named = self.sources.iter().find(|source| parts.len() > 1 && source.is_called(path.root()));
        let name = if named.is_some() { &parts[1] } else { path.root() };
        if let Some(field) =
            self.unread(named.map(|source| source.qualifier.as_str())).find(|field| field.name == *name)
        {
            return unread(field, span);
        }
        let (schema, path) = if let Some(source) = named {
            (source.schema(), ColumnPath::new(parts[1..].to_vec()))
        } else {
            let all = self.sources.iter().flat_map(|source| source.schema().fields);
            (Schema { fields: all.collect() }, Some(path.clone()))
        };
        let error = path.and_then(|path| schema.resolve(&path).err());
        match error {
            Some(error) => TypeError { span, ..error.into() },
            None => TypeError { message: "no such column".to_owned(), span, help: None },
        }
    }
}

/// Returns the error for a column whose values are not read.
fn unread(field: &Field, span: Span) -> TypeError {
    match (Schema { fields: vec![field.clone()] }).readable(&ColumnPath::column(&field.name)) {
        Err(error) => TypeError { span, ..error.into() },
        Ok(data_type) => {
            let message =
                format!("the column \"{}\" is of the type {data_type}, which is not read", field.name);
            TypeError { message, span, help: None }
        }
    }
}

/// Returns the path, in the relation, of a column or of a field below one.
fn below(schema: &Schema, known: &Known, parts: &[String], span: Span) -> Result<ColumnPath, TypeError> {
    // Errors use the names of the text.
    let written = ColumnPath::new(parts.to_vec());
    if let Some(error) = written.and_then(|path| schema.resolve(&path).err()) {
        return Err(TypeError { span, ..error.into() });
    }
    let parts = std::iter::once(known.field.name.clone()).chain(parts.iter().skip(1).cloned());
    Ok(ColumnPath::new(parts.collect()).unwrap_or_else(|| ColumnPath::column(&known.field.name)))
}

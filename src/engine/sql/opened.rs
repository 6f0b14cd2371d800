//! A table that an engine has opened.

use std::any::Any;
use std::collections::BTreeSet;

use super::metrics::Guard;
use super::{Guarded, Table};
use crate::data::Schema;
use crate::engine::EngineError;
use crate::source::{ColumnDetails, Details, Format, Identity, Opened, SourceError};

/// A table of a system that answers SQL.
pub(super) struct OpenedTable {
    pub(super) table: Table,
    identity: Identity,
}

impl OpenedTable {
    pub(super) fn new(table: Table, format: Format) -> Self {
        let identity = Identity { version: table.version, ..Identity::of(&table.uri, format) };
        Self { table, identity }
    }

    /// Returns the table that an engine of this kind has opened.
    ///
    /// # Errors
    /// Another engine has opened the data.
    pub(super) fn of(opened: &dyn Opened) -> Result<&Self, EngineError> {
        (opened as &dyn Any).downcast_ref().ok_or(EngineError::Foreign)
    }

    /// Returns what no row may be, for some columns to be what the schema says.
    pub(super) fn guards(&self, columns: &BTreeSet<&str>) -> Vec<Guard> {
        let of = |(column, condition, why): &Guarded| {
            columns.contains(column.as_str()).then(|| Guard {
                from: self.table.relation.clone(),
                condition: condition.clone(),
                why: why.clone(),
            })
        };
        self.table.guards.iter().filter_map(of).collect()
    }
}

impl Opened for OpenedTable {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn schema(&self) -> &Schema {
        &self.table.schema
    }

    fn show_as(&mut self, uri: String) {
        self.identity.uri = uri;
    }

    fn details(&self) -> Result<Details, SourceError> {
        let column = |field: &crate::data::Field| ColumnDetails {
            name: field.name.clone(),
            data_type: field.data_type.clone(),
            nullable: true,
            fields: Vec::new(),
        };
        Ok(Details {
            identity: self.identity.clone(),
            columns: self.table.schema.fields.iter().map(column).collect(),
            partition_columns: Vec::new(),
            files_with_vectors: 0,
            rows_deleted: 0,
            files_with_statistics: None,
            parquet: None,
        })
    }
}

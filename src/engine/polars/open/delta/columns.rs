//! Finds which columns of a table its files store, under which names, and which columns the log has.

use std::collections::{BTreeMap, HashMap};

use delta_kernel::schema::StructField;
use delta_kernel::table_features::ColumnMappingMode;
use polars::prelude::DataType as PlType;

use super::schema::{Names, schema_of, type_of};
use crate::data::{DataType, Field, Schema, Value};
use crate::engine::polars::parquet::Footer;
use crate::engine::polars::scan::StoredColumn;
use crate::source::delta::{Change, LogFile, TableVersion, changes, partition_value};
use crate::source::files::CHANGE_TYPE;

/// The columns of a version, or of the changes between versions.
pub(super) struct Columns {
    /// All columns.
    pub(super) schema: Schema,
    /// The partition columns, whose values the log has.
    pub(super) partitioned: Vec<Field>,
    mode: ColumnMappingMode,
    pub(super) partition_fields: Vec<StructField>,
    pub(super) stored_fields: Vec<StructField>,
    is_changes: bool,
    /// The columns that files store, unless they are mapped by id.
    alike: Vec<StoredColumn>,
}

impl Columns {
    pub(super) fn of(logged: &TableVersion) -> Self {
        let configuration = logged.snapshot.table_configuration();
        let fields = configuration.logical_schema();
        let names = configuration.metadata().partition_columns();
        let (partition_fields, stored_fields): (Vec<_>, Vec<_>) =
            fields.fields().cloned().partition(|field| names.contains(field.name()));
        let mut columns = Self {
            schema: schema_of(&fields),
            partitioned: partition_fields
                .iter()
                .map(|field| Field::new(field.name(), type_of(field.data_type())))
                .collect(),
            mode: configuration.column_mapping_mode(),
            partition_fields,
            stored_fields,
            is_changes: logged.changes_from.is_some(),
            alike: Vec::new(),
        };
        if columns.is_changes {
            columns.schema.fields.push(Field::new(CHANGE_TYPE, DataType::String));
            columns.schema.fields.extend(changes::columns());
            columns.partitioned.extend(changes::columns());
        }
        columns.alike = columns.by_names(&HashMap::new());
        columns
    }

    /// Returns the columns that a file stores.
    pub(super) fn stored(&self, footer: &Footer) -> Vec<StoredColumn> {
        match self.mode {
            ColumnMappingMode::Id => self.by_names(&footer.names_by_id),
            ColumnMappingMode::Name | ColumnMappingMode::None => self.alike.clone(),
        }
    }

    /// Returns the columns that a file stores which knows nothing of the table but the names of its columns.
    pub(super) fn by_own_names(&self) -> Vec<StoredColumn> {
        let names = Names { mode: ColumnMappingMode::None, by_id: &HashMap::new() };
        self.stored_fields.iter().map(|field| names.stored(field)).collect()
    }

    fn by_names(&self, by_id: &HashMap<i64, String>) -> Vec<StoredColumn> {
        let names = Names { mode: self.mode, by_id };
        let mut columns: Vec<_> = self.stored_fields.iter().map(|field| names.stored(field)).collect();
        if self.is_changes {
            columns.push(StoredColumn::of_same_name(CHANGE_TYPE, &PlType::String));
        }
        columns
    }

    /// Returns the names that columns have in the statistics of the log, by their names in the table.
    pub(super) fn logged_names(&self) -> BTreeMap<String, String> {
        let names = |field: &StructField| (field.name().clone(), field.physical_name(self.mode).to_owned());
        self.stored_fields.iter().map(names).collect()
    }

    /// Returns the values that the log states for all rows of a file.
    pub(super) fn partition(&self, file: &LogFile) -> Result<Vec<Value>, String> {
        let text = |field: &StructField| file.partition_values.get(field.physical_name(self.mode));
        let fields = self.partition_fields.iter().zip(&self.partitioned);
        let values = fields.map(|(field, column)| partition_value(text(field), &column.data_type));
        let mut values = values.collect::<Result<Vec<_>, _>>()?;
        values.extend(file.change.iter().flat_map(Change::values));
        Ok(values)
    }
}

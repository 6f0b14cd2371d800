//! Maps the columns of a table to their types, and to the names that they have in its files.

use std::collections::HashMap;

use delta_kernel::schema::{DataType as KernelType, MapType, PrimitiveType, StructField, StructType};
use delta_kernel::table_features::ColumnMappingMode;
use polars::prelude::{DataType as PlType, Field as PlField};

use crate::data::{DataType, Field, Schema, TimeUnit};
use crate::engine::polars::expression::polars_type;
use crate::engine::polars::scan::StoredColumn;

/// Returns the columns of a table.
pub(super) fn schema_of(schema: &StructType) -> Schema {
    Schema { fields: fields_of(schema) }
}

fn fields_of(schema: &StructType) -> Vec<Field> {
    schema.fields().map(|field| Field::new(field.name(), type_of(field.data_type()))).collect()
}

/// Converts a type of the kernel.
pub(super) fn type_of(data_type: &KernelType) -> DataType {
    let integer = |bits| DataType::Integer { bits, signed: true };
    let timestamp = |zone: Option<&str>| DataType::Timestamp {
        unit: TimeUnit::Microseconds,
        zone: zone.map(str::to_owned),
    };
    match data_type {
        KernelType::Primitive(primitive) => match primitive {
            PrimitiveType::String => DataType::String,
            PrimitiveType::Long => integer(64),
            PrimitiveType::Integer => integer(32),
            PrimitiveType::Short => integer(16),
            PrimitiveType::Byte => integer(8),
            PrimitiveType::Float => DataType::Float { bits: 32 },
            PrimitiveType::Double => DataType::FLOAT64,
            PrimitiveType::Boolean => DataType::Boolean,
            PrimitiveType::Binary => DataType::Binary,
            PrimitiveType::Date => DataType::Date,
            PrimitiveType::Timestamp => timestamp(Some("UTC")),
            PrimitiveType::TimestampNtz => timestamp(None),
            PrimitiveType::Decimal(decimal) => {
                DataType::Decimal { precision: decimal.precision(), scale: decimal.scale() }
            }
            other => DataType::Other(other.to_string()),
        },
        KernelType::Array(array) => DataType::List(Box::new(type_of(array.element_type()))),
        KernelType::Map(map) => entries(map),
        KernelType::Struct(inner) => DataType::Struct(fields_of(inner)),
        KernelType::Variant(_) => DataType::Other("variant".to_owned()),
    }
}

/// Returns the type of a map: a list of its entries, as Parquet stores it.
fn entries(map: &MapType) -> DataType {
    let fields =
        vec![Field::new("key", type_of(map.key_type())), Field::new("value", type_of(map.value_type()))];
    DataType::List(Box::new(DataType::Struct(fields)))
}

/// The names of fields in a file.
pub(super) struct Names<'a> {
    pub(super) mode: ColumnMappingMode,
    /// The names in the file by field id, where fields are mapped by id.
    pub(super) by_id: &'a HashMap<i64, String>,
}

impl Names<'_> {
    /// Returns the column of the file that holds a field.
    pub(super) fn stored(&self, field: &StructField) -> StoredColumn {
        StoredColumn {
            name: field.name().clone(),
            named: polars_type(&type_of(field.data_type())),
            stored_name: self.name(field),
            stored: self.stored_type(field.data_type()),
            is_unread: false,
        }
    }

    fn name(&self, field: &StructField) -> String {
        let by_id = match self.mode {
            ColumnMappingMode::Id => field.column_mapping_id().and_then(|id| self.by_id.get(&id)),
            ColumnMappingMode::Name | ColumnMappingMode::None => None,
        };
        by_id.map_or_else(|| field.physical_name(self.mode).to_owned(), Clone::clone)
    }

    fn stored_type(&self, data_type: &KernelType) -> PlType {
        let field = |name: &str, of: PlType| PlField::new(name.into(), of);
        match data_type {
            KernelType::Struct(inner) => {
                let fields = inner.fields();
                PlType::Struct(
                    fields
                        .map(|inner| field(&self.name(inner), self.stored_type(inner.data_type())))
                        .collect(),
                )
            }
            KernelType::Array(array) => PlType::List(Box::new(self.stored_type(array.element_type()))),
            KernelType::Map(map) => PlType::List(Box::new(PlType::Struct(vec![
                field("key", self.stored_type(map.key_type())),
                field("value", self.stored_type(map.value_type())),
            ]))),
            KernelType::Primitive(_) | KernelType::Variant(_) => match type_of(data_type) {
                DataType::Other(_) => PlType::Null,
                known => polars_type(&known),
            },
        }
    }
}

//! The columns of a schema, with the fields of structs as columns of their own.

use crate::data::{ColumnPath, DataType, Field, Schema};

/// The most columns that are looked at: those of wider tables come first.
const MOST: usize = 2_000;

/// Every column, and behind a struct its fields.
pub(super) fn columns(schema: &Schema) -> Vec<(ColumnPath, DataType)> {
    let mut found = Vec::new();
    below(&schema.fields, &[], &mut found);
    found.truncate(MOST);
    found
}

fn below(fields: &[Field], above: &[String], found: &mut Vec<(ColumnPath, DataType)>) {
    for Field { name, data_type, .. } in fields {
        let parts: Vec<String> = above.iter().chain([name]).cloned().collect();
        found.extend(ColumnPath::new(parts.clone()).map(|path| (path, data_type.clone())));
        if let DataType::Struct(inner) = data_type {
            below(inner, &parts, found);
        }
    }
}

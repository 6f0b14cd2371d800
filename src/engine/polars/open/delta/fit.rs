//! Finds out whether the columns of a file fit a table to which the file is to be appended.

use delta_kernel::schema::{DataType as KernelType, StructField};
use polars::prelude::{DataType as PlType, Field as PlField};

use super::columns::Columns;
use crate::engine::polars::parquet::Footer;
use crate::engine::polars::scan::StoredColumn;

/// Returns how a file stores the columns of the table.
///
/// # Errors
/// Why it does not fit: it stores a column that the table lacks, lacks one that may not be null, or stores one with a type whose
/// values the table's does not hold.
pub(super) fn fitted(columns: &Columns, footer: &Footer) -> Result<Vec<StoredColumn>, String> {
    let own = footer.columns();
    let mut fields = columns.stored_fields.iter().chain(&columns.partition_fields);
    for name in own.iter_names() {
        if !fields.clone().any(|field| field.name() == name.as_str()) {
            let alike = fields.find(|field| field.name().eq_ignore_ascii_case(name));
            let help = alike.map_or_else(String::new, |field| format!("; it has \"{}\"", field.name()));
            return Err(format!("the table has no column \"{name}\"{help}"));
        }
    }
    let stored = columns.by_own_names();
    for (column, field) in stored.iter().zip(&columns.stored_fields) {
        let name = field.name();
        let Some(found) = own.get(name) else {
            missing(field, name)?;
            continue;
        };
        let unread = footer.unread_in(name, &column.named).map(|unread| unread.reason);
        if let Some(reason) = unread.or_else(|| column.misfit(found)) {
            return Err(format!("its column \"{name}\": {reason}"));
        }
        parts(found, field.data_type(), name)?;
    }
    Ok(stored)
}

/// Refuses that a file lacks a field, unless its values may be null.
fn missing(field: &StructField, path: &str) -> Result<(), String> {
    if field.is_nullable() {
        return Ok(());
    }
    Err(format!("it lacks the column \"{path}\", which is never null in the table"))
}

/// Checks the fields within a column.
fn parts(found: &PlType, wanted: &KernelType, path: &str) -> Result<(), String> {
    match (found, wanted) {
        (PlType::Struct(found), KernelType::Struct(wanted)) => {
            let has = |field: &PlField| wanted.field(field.name.as_str()).is_some();
            if let Some(extra) = found.iter().find(|field| !has(field)) {
                return Err(format!("the table has no column \"{path}.{}\"", extra.name));
            }
            wanted.fields().try_for_each(|field| {
                let path = format!("{path}.{}", field.name());
                match found.iter().find(|found| found.name == field.name().as_str()) {
                    Some(found) => parts(&found.dtype, field.data_type(), &path),
                    None => missing(field, &path),
                }
            })
        }
        (PlType::List(found) | PlType::Array(found, _), KernelType::Array(wanted)) => {
            parts(found, wanted.element_type(), &format!("{path}.element"))
        }
        (PlType::List(found), KernelType::Map(wanted)) => match found.as_ref() {
            PlType::Struct(entry) => {
                let part = |name: &str| entry.iter().find(|field| field.name == name);
                let sides = [("key", wanted.key_type()), ("value", wanted.value_type())];
                sides.into_iter().try_for_each(|(name, of)| match part(name) {
                    Some(found) => parts(&found.dtype, of, &format!("{path}.{name}")),
                    None => Ok(()),
                })
            }
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

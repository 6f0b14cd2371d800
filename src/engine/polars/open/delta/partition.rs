//! Finds the partition to which the rows of a staged file belong.

use std::collections::BTreeMap;

use arrow::array::{Array, ArrayRef, AsArray as _};
use arrow::compute::cast;
use arrow::datatypes::{DataType as ArrowType, Date32Type, Int64Type};

use super::columns::Columns;
use super::null::columns as rows_of;
use crate::data::{DataType, Value, caught};
use crate::engine::polars::parquet::Footer;
use crate::source::SourceError;
use crate::source::delta::{partition_text, partition_value};
use crate::source::local_file::LocalFile;
use crate::source::staged::StagedFile;

/// The values of the partition columns for all rows of a file.
pub(super) struct Partition {
    /// In the order of the columns.
    pub(super) values: Vec<Value>,
    /// As the log writes them, by the names of the columns.
    pub(super) texts: BTreeMap<String, Option<String>>,
}

/// Returns the partition of a staged file. The folders in which it lies state it; a column that the file stores must say the
/// same in every row, and is enough where no folder does.
pub(super) fn partition(
    columns: &Columns,
    file: &StagedFile,
    here: &LocalFile,
    footer: &Footer,
) -> Result<Partition, SourceError> {
    let mut partition = Partition { values: Vec::new(), texts: BTreeMap::new() };
    let own = footer.columns();
    for (field, column) in columns.partition_fields.iter().zip(&columns.partitioned) {
        let (name, data_type) = (&column.name, &column.data_type);
        let unfit = |reason: String| SourceError::Mismatch {
            path: file.local.shown.clone(),
            reason: format!("its partition column \"{name}\": {reason}"),
        };
        let stated = file.folders.iter().rfind(|stated| stated.column == *name);
        let stated = stated.map(|stated| match &stated.text {
            Some(text) if text.is_empty() => Err("its folder states no value".to_owned()),
            // What the folder states may be personal: no message quotes it.
            Some(text) => partition_value(Some(text), data_type)
                .map_err(|_| format!("what its folder states is no value of the type {data_type}")),
            None => Ok(Value::Null),
        });
        let stated = stated.transpose().map_err(unfit)?;
        let stored = if own.get(name).is_some() { Some(stored(here, name, data_type)) } else { None };
        let stored = stored.transpose().map_err(unfit)?.flatten();
        let value = match (stated, stored) {
            (Some(stated), Some(stored)) if stated != stored => {
                return Err(unfit("its folder states one value, and it stores another".to_owned()));
            }
            (Some(value), _) | (None, Some(value)) => value,
            (None, None) => {
                return Err(unfit(format!(
                    "no folder states it: put the file into one that is called {name}=…"
                )));
            }
        };
        if value == Value::Null && !field.is_nullable() {
            return Err(unfit("it is null, and the table allows none there".to_owned()));
        }
        partition.texts.insert(name.clone(), partition_text(&value, data_type).map_err(unfit)?);
        partition.values.push(value);
    }
    Ok(partition)
}

/// Returns the value that a column has in every row of a file; `None` if the file has no row.
fn stored(file: &LocalFile, name: &str, data_type: &DataType) -> Result<Option<Value>, String> {
    // The reader is third-party code that meets hostile bytes.
    let found = caught(|| {
        let Some(rows) = rows_of(file, |column, _| column == name)? else { return Ok(None) };
        let mut found: Option<Value> = None;
        for batch in rows {
            let batch = batch.map_err(|error| error.to_string())?;
            for array in batch.columns() {
                let values = comparable(array, data_type)?;
                for row in 0..values.len() {
                    let value = value(&values, row, data_type)?;
                    match &found {
                        Some(known) if *known == value => {}
                        None => found = Some(value),
                        Some(_) => {
                            return Err(
                                "its rows belong to several partitions: write a file for each".to_owned()
                            );
                        }
                    }
                }
            }
        }
        Ok(found)
    });
    found.unwrap_or_else(|_| Err("it makes no sense".to_owned()))
}

const NOT_COMPARED: &str =
    "stored values of its type are not compared: state it by a folder, and leave the column out";

/// Returns values in the type of Arrow in which they are compared.
fn comparable(array: &ArrayRef, data_type: &DataType) -> Result<ArrayRef, String> {
    let (wanted, is_alike) = match (data_type, array.data_type()) {
        (DataType::Integer { .. }, found) => (ArrowType::Int64, found.is_signed_integer()),
        (DataType::Boolean, found) => (ArrowType::Boolean, *found == ArrowType::Boolean),
        (DataType::Date, found) => (ArrowType::Date32, *found == ArrowType::Date32),
        (DataType::String, found) => (ArrowType::Utf8, *found == ArrowType::Utf8),
        _ => return Err(NOT_COMPARED.to_owned()),
    };
    if !is_alike {
        return Err(format!("it is stored with another type than {data_type}"));
    }
    cast(array, &wanted).map_err(|error| error.to_string())
}

fn value(array: &ArrayRef, row: usize, data_type: &DataType) -> Result<Value, String> {
    if array.is_null(row) {
        return Ok(Value::Null);
    }
    Ok(match data_type {
        DataType::Integer { .. } => Value::Integer(array.as_primitive::<Int64Type>().value(row).into()),
        DataType::Boolean => Value::Boolean(array.as_boolean().value(row)),
        DataType::Date => Value::Date(array.as_primitive::<Date32Type>().value(row)),
        DataType::String => Value::String(array.as_string::<i32>().value(row).to_owned()),
        _ => return Err(NOT_COMPARED.to_owned()),
    })
}

//! Looks for nulls in columns of a table that allow none.

use std::fs::File;

use arrow::array::{Array, ArrayRef, AsArray as _};
use arrow::buffer::NullBuffer;
use arrow::datatypes::DataType as ArrowType;
use delta_kernel::schema::{DataType as KernelType, StructField};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};

use crate::data::caught;
use crate::source::SourceError;
use crate::source::local_file::LocalFile;

/// Returns the first column or field of a file that holds a null where the table allows none. Only columns are read of which
/// the footer does not say that they hold none.
pub(super) fn null_where_none_may_be(
    fields: &[StructField],
    file: &LocalFile,
) -> Result<Option<String>, SourceError> {
    let demanding: Vec<&StructField> =
        fields.iter().filter(|field| !field.is_nullable() || demands(field.data_type())).collect();
    if demanding.is_empty() {
        return Ok(None);
    }
    // The reader is third-party code that meets hostile bytes.
    let found = caught(|| {
        let Some(rows) = columns(file, |name, stored| {
            let field = demanding.iter().find(|field| field.name() == name);
            field.is_some_and(|field| stored.is_nullable() || demands(field.data_type()))
        })?
        else {
            return Ok(None);
        };
        for batch in rows {
            let batch = batch.map_err(|error| error.to_string())?;
            for field in &demanding {
                let Some(array) = batch.column_by_name(field.name()) else { continue };
                let found = null_in(array, field.data_type(), field.is_nullable(), None, field.name());
                if found.is_some() {
                    return Ok(found);
                }
            }
        }
        Ok(None)
    });
    found
        .unwrap_or_else(|_| Err("it makes no sense".to_owned()))
        .map_err(|reason: String| SourceError::Corrupt { path: file.shown.clone(), reason })
}

/// Reads some of the columns of a file, by their names; `None` if it has none of them.
pub(super) fn columns(
    file: &LocalFile,
    wanted: impl Fn(&str, &arrow::datatypes::Field) -> bool,
) -> Result<Option<ParquetRecordBatchReader>, String> {
    let bytes = File::open(&file.path).map_err(|error| error.to_string())?;
    // Writers store one and the same type of Parquet as different types of Arrow.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let reader = ParquetRecordBatchReaderBuilder::try_new_with_options(bytes, options)
        .map_err(|error| error.to_string())?;
    let stored = reader.schema().fields().iter().enumerate();
    let places: Vec<usize> =
        stored.filter(|(_, field)| wanted(field.name(), field)).map(|(place, _)| place).collect();
    if places.is_empty() {
        return Ok(None);
    }
    let mask = ProjectionMask::roots(reader.parquet_schema(), places);
    reader.with_projection(mask).build().map(Some).map_err(|error| error.to_string())
}

/// Returns whether a part of a type allows no null.
fn demands(of: &KernelType) -> bool {
    match of {
        KernelType::Struct(fields) => {
            fields.fields().any(|field| !field.is_nullable() || demands(field.data_type()))
        }
        KernelType::Array(array) => !array.contains_null() || demands(array.element_type()),
        KernelType::Map(map) => {
            !map.value_contains_null() || demands(map.key_type()) || demands(map.value_type())
        }
        KernelType::Primitive(_) | KernelType::Variant(_) => false,
    }
}

/// Returns the path of the first part of a column that is null where it may not be. `there` tells the rows in which there is
/// what holds the column.
fn null_in(
    array: &ArrayRef,
    of: &KernelType,
    nullable: bool,
    there: Option<&NullBuffer>,
    path: &str,
) -> Option<String> {
    let own = array.logical_nulls();
    let is_there = |row: usize| there.is_none_or(|there| there.is_valid(row));
    let holds_null = || {
        own.as_ref().is_some_and(|own| {
            own.null_count() > 0 && (0..array.len()).any(|row| own.is_null(row) && is_there(row))
        })
    };
    if !nullable && holds_null() {
        return Some(path.to_owned());
    }
    match (of, array.data_type()) {
        (KernelType::Struct(fields), ArrowType::Struct(_)) => {
            let there = NullBuffer::union(own.as_ref(), there);
            fields.fields().find_map(|field| {
                let part = array.as_struct().column_by_name(field.name())?;
                let path = format!("{path}.{}", field.name());
                null_in(part, field.data_type(), field.is_nullable(), there.as_ref(), &path)
            })
        }
        (KernelType::Array(elements), ArrowType::List(_)) => {
            let list = array.as_list::<i32>();
            let offsets = list.offsets();
            let (first, last) = (offsets.first().copied()?, offsets.last().copied()?);
            let (first, last) = (usize::try_from(first).ok()?, usize::try_from(last).ok()?);
            let values = list.values().slice(first, last.checked_sub(first)?);
            let path = format!("{path}.element");
            null_in(&values, elements.element_type(), elements.contains_null(), None, &path)
        }
        (KernelType::Map(entries), ArrowType::Map(..)) => {
            let map = array.as_map();
            let (keys, values) = (map.keys(), map.values());
            null_in(keys, entries.key_type(), false, None, &format!("{path}.key")).or_else(|| {
                let path = format!("{path}.value");
                null_in(values, entries.value_type(), entries.value_contains_null(), None, &path)
            })
        }
        _ => None,
    }
}

//! The details of a dataset that are known before any of its rows is read.

use std::collections::BTreeSet;
use std::fs::File;

use polars::prelude::{ArrowDataType, ArrowField, PolarsError};
use polars_parquet::read::{RowGroupMetadata, infer_schema, read_metadata};

use crate::data::{DataType, Field, caught};
use crate::engine::polars::{Rows, Snapshot};
use crate::source::files::DataFile;
use crate::source::{ColumnDetails, Details, Format, ParquetDetails, SourceError};

/// Returns the details of a snapshot, for which the footers of its files are read.
///
/// # Errors
/// A file cannot be read.
pub(super) fn details(snapshot: &Snapshot) -> Result<Details, SourceError> {
    let identity = snapshot.identity.clone();
    let files: &[DataFile] = match &snapshot.rows {
        Rows::Files(set) => &set.files,
        Rows::Frame(_) => &[],
    };
    let partition_columns = match &snapshot.rows {
        Rows::Files(set) => set.partition_columns().map(str::to_owned).collect(),
        Rows::Frame(_) => Vec::new(),
    };
    let is_parquet = matches!(identity.format, Format::Delta | Format::Parquet);
    let parquet = is_parquet.then(|| ParquetDetails::of(files)).transpose()?;
    let table = identity.table.as_deref();
    let required = table.map(|table| &table.required).or(parquet.as_ref().map(|files| &files.required));
    let nothing = BTreeSet::new();
    let columns = columns(&snapshot.schema.fields, &[], required.unwrap_or(&nothing));
    let files_with_statistics = table
        .map(|table| table.files_with_statistics)
        .or(parquet.as_ref().map(|files| files.files_with_statistics));
    let vectors = files.iter().filter_map(DataFile::rows_deleted);
    Ok(Details {
        columns,
        partition_columns,
        files_with_vectors: count(vectors.clone().count()),
        rows_deleted: vectors.sum(),
        files_with_statistics,
        parquet,
        identity,
    })
}
fn columns(fields: &[Field], below: &[String], required: &BTreeSet<Vec<String>>) -> Vec<ColumnDetails> {
    let of = |field: &Field| {
        let path = [below, std::slice::from_ref(&field.name)].concat();
        ColumnDetails {
            name: field.name.clone(),
            data_type: field.data_type.clone(),
            nullable: !required.contains(&path),
            fields: columns(&parts(&field.data_type), &path, required),
        }
    };
    fields.iter().map(of).collect()
}

/// Returns the fields of a struct, or the element of a list whose elements have fields.
fn parts(data_type: &DataType) -> Vec<Field> {
    match data_type {
        DataType::Struct(fields) => fields.clone(),
        DataType::List(element) if !parts(element).is_empty() => {
            vec![Field::new("element", element.as_ref().clone())]
        }
        _ => Vec::new(),
    }
}

impl ParquetDetails {
    fn of(files: &[DataFile]) -> Result<Self, SourceError> {
        let mut whole = Self::default();
        for (index, file) in files.iter().enumerate() {
            let found = whole.add(file);
            let required =
                found.map_err(|reason| SourceError::Corrupt { path: file.name.clone(), reason })?;
            whole.required = match index {
                0 => required,
                _ => whole.required.intersection(&required).cloned().collect(),
            };
        }
        Ok(whole)
    }

    /// Adds the contents of a file's footer, and returns the paths of the fields that may not be null.
    fn add(&mut self, file: &DataFile) -> Result<BTreeSet<Vec<String>>, String> {
        let read = || {
            let metadata = read_metadata(&mut File::open(&file.local.path)?)?;
            let schema = infer_schema(&metadata)?;
            Ok::<_, PolarsError>((metadata, schema))
        };
        // The reader is third-party code that parses untrusted bytes.
        let (metadata, schema) = caught(read)
            .map_err(|_| "its footer makes no sense".to_owned())?
            .map_err(|error| error.to_string())?;
        self.row_groups += count(metadata.row_groups.len());
        let writer = metadata.created_by.clone().unwrap_or_else(|| "unknown".to_owned());
        *self.writers.entry(writer).or_default() += 1;
        let mut has_statistics = true;
        for chunk in metadata.row_groups.iter().flat_map(RowGroupMetadata::parquet_columns) {
            let codec = format!("{:?}", chunk.compression()).to_lowercase();
            *self.codecs.entry(codec).or_default() += 1;
            has_statistics &= chunk.statistics(&metadata.footer_buf).is_some();
        }
        self.files_with_statistics += u64::from(has_statistics);
        let mut required = BTreeSet::new();
        for field in schema.iter_values() {
            add_required(field, &[], &mut required);
        }
        Ok(required)
    }
}

fn add_required(field: &ArrowField, below: &[String], required: &mut BTreeSet<Vec<String>>) {
    let path = [below, &[field.name.to_string()]].concat();
    if !field.is_nullable {
        required.insert(path.clone());
    }
    let element = |field: &ArrowField| ArrowField { name: "element".into(), ..field.clone() };
    match &field.dtype {
        ArrowDataType::Struct(fields) => {
            for field in fields {
                add_required(field, &path, required);
            }
        }
        ArrowDataType::List(of) | ArrowDataType::LargeList(of) | ArrowDataType::Map(of, _) => {
            add_required(&element(of), &path, required);
        }
        _ => {}
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

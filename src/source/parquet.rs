//! Parquet: a file, a folder, a glob; hive partitions.

use std::path::{Path, PathBuf};

use polars::prelude::{Schema as PlSchema, SchemaExt as _};
use sha2::{Digest as _, Sha256};

use super::columns::{schema_of, type_of};
use super::footer::{self, ColumnBytes, Footer};
use super::{DataFile, FileSet, Format, Identity, Rows, Snapshot, SourceError};
use crate::data::{DataType, Field, Literal, Schema, Value, hex};

/// The folder name that stands for a null in a hive partition.
const HIVE_NULL: &str = "__HIVE_DEFAULT_PARTITION__";

/// A snapshot of Parquet files below a folder (or of one file, in its own folder).
pub(super) fn open(uri: &str, root: &Path, mut paths: Vec<PathBuf>) -> Result<Snapshot, SourceError> {
    paths.sort();
    let names: Vec<String> = paths.iter().map(|path| name_below(root, path)).collect();
    let (partitioned, partitions) = hive(&names)?;
    let mut files = Vec::with_capacity(paths.len());
    let mut stored = PlSchema::default();
    let mut int96 = Vec::new();
    let mut column_bytes = ColumnBytes::new();
    let mut digest = Sha256::new();
    for ((path, name), partition) in paths.into_iter().zip(names).zip(partitions) {
        let footer = footer::read(&path)?;
        merge(&mut stored, &footer, &name)?;
        digest.update(format!("{name}\0{}\0", footer.bytes));
        digest.update(&footer.raw);
        int96.extend(footer.int96);
        footer::add(&mut column_bytes, footer.column_bytes);
        files.push(DataFile { path, name, bytes: footer.bytes, rows: footer.rows, partition });
    }
    for (name, _) in &partitioned {
        // A folder's value stands for every row of its files, whatever they hold themselves.
        stored.shift_remove(name.as_str());
    }
    let mut schema = schema_of(&stored);
    refuse_int96(&mut schema, &int96);
    schema
        .fields
        .extend(partitioned.iter().map(|(name, data_type)| Field::new(name.as_str(), data_type.clone())));
    let identity = Identity::of_files(uri, Format::Parquet, &files, hex(digest));
    let order = schema.names().map(str::to_owned).collect();
    Ok(Snapshot {
        identity,
        schema,
        rows: Rows::Files(FileSet { files, stored, partitioned, order, column_bytes, transcript: None }),
    })
}

/// Timestamps of 96 bits lie outside the range of 64-bit nanoseconds, to which the engine brings
/// them unchecked: no check gets a verdict from them.
pub(super) fn refuse_int96(schema: &mut Schema, columns: &[String]) {
    for field in schema.fields.iter_mut().filter(|field| columns.contains(&field.name)) {
        field.data_type = DataType::Other("a timestamp stored as INT96, which is not read yet".to_owned());
    }
}

/// Adds a file's columns to those of the files before it: a column that some lack is null there,
/// and a narrower number is widened.
fn merge(stored: &mut PlSchema, footer: &Footer, name: &str) -> Result<(), SourceError> {
    let columns = PlSchema::from_arrow_schema(&footer.schema);
    for (column, found) in columns.iter() {
        match stored.get(column) {
            None => {
                stored.insert(column.clone(), found.clone());
            }
            Some(known) if known == found => {}
            Some(known) => match widest(&type_of(known), &type_of(found)) {
                Some(true) => {}
                Some(false) => {
                    stored.insert(column.clone(), found.clone());
                }
                None => {
                    return Err(SourceError::Mismatch {
                        path: name.to_owned(),
                        reason: format!(
                            "its column \"{column}\" is {}, and {} in the files before it",
                            type_of(found),
                            type_of(known)
                        ),
                    });
                }
            },
        }
    }
    Ok(())
}

/// Whether the first of two types holds all values of the second (`false`: the other way round).
fn widest(known: &DataType, found: &DataType) -> Option<bool> {
    match (known, found) {
        (DataType::Integer { bits: left, signed: true }, DataType::Integer { bits: right, signed: true })
        | (
            DataType::Integer { bits: left, signed: false },
            DataType::Integer { bits: right, signed: false },
        )
        | (DataType::Float { bits: left }, DataType::Float { bits: right }) => Some(left >= right),
        (_, DataType::Null) => Some(true),
        (DataType::Null, _) => Some(false),
        _ => None,
    }
}

/// The path of a file below the dataset's folder, with `/` between its parts.
pub(super) fn name_below(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    below.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

type HiveColumns = Vec<(String, DataType)>;

/// The partition columns that all files' folders name, and each file's values.
pub(super) fn hive(names: &[String]) -> Result<(HiveColumns, Vec<Vec<Value>>), SourceError> {
    let pairs: Vec<Vec<(String, String)>> = names.iter().map(|name| pairs_of(name)).collect();
    let Some(first) = pairs.first() else { return Ok((Vec::new(), Vec::new())) };
    let keys = |pairs: &[(String, String)]| pairs.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>();
    let columns = keys(first);
    for (name, pairs) in names.iter().zip(&pairs) {
        if keys(pairs) != columns {
            return Err(SourceError::Mismatch {
                path: name.clone(),
                reason: format!(
                    "its folders name the partitions {:?}, those of others {columns:?}",
                    keys(pairs)
                ),
            });
        }
    }
    let mut partitioned = Vec::with_capacity(columns.len());
    for (index, column) in columns.into_iter().enumerate() {
        let texts: Vec<&str> = pairs.iter().map(|pairs| pairs[index].1.as_str()).collect();
        partitioned.push((column, inferred(&texts)));
    }
    let values = pairs
        .iter()
        .map(|pairs| {
            pairs.iter().zip(&partitioned).map(|((_, text), (_, data_type))| value(text, data_type)).collect()
        })
        .collect();
    Ok((partitioned, values))
}

fn pairs_of(name: &str) -> Vec<(String, String)> {
    let folders = name.rsplit_once('/').map_or("", |(folders, _)| folders);
    folders
        .split('/')
        .filter_map(|folder| folder.split_once('='))
        .map(|(key, value)| (decoded(key), decoded(value)))
        .collect()
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Whole numbers, dates, else text: what every value can be read as, and written back the same.
fn inferred(texts: &[&str]) -> DataType {
    let all = |data_type: &DataType| {
        texts
            .iter()
            .filter(|text| **text != HIVE_NULL)
            .all(|text| value(text, data_type).to_string() == **text)
    };
    let known = texts.iter().any(|text| *text != HIVE_NULL);
    [DataType::INT64, DataType::Date]
        .into_iter()
        .find(|data_type| known && all(data_type))
        .unwrap_or(DataType::String)
}

fn value(text: &str, data_type: &DataType) -> Value {
    if text == HIVE_NULL {
        return Value::Null;
    }
    Literal::Plain(text.to_owned()).bind(data_type).unwrap_or(Value::Null)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hive_values_are_typed_only_when_that_loses_nothing() {
        let names = ["year=2020/d=2020-01-01/code=01/a.parquet", "year=2021/d=2021-02-03/code=2/b.parquet"];
        let (columns, values) = hive(&names.map(str::to_owned)).unwrap();
        let types: Vec<_> = columns.iter().map(|(name, data_type)| format!("{name} {data_type}")).collect();
        assert_eq!(types, ["year int64", "d date", "code string"]);
        assert_eq!(values[0][2], Value::String("01".into()));
        assert!(hive(&["a=1/x.parquet".to_owned(), "y.parquet".to_owned()]).is_err());
    }
}

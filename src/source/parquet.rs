//! Parquet: a file, a folder, a glob; hive partitions.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::layout::layout_of;
use super::mended::Copies;
use super::merged::Merged;
use super::odd::StandIns;
use super::store::Placed;
use super::verify::Verified;
use super::{DataFile, FileSet, Format, Identity, Rows, Snapshot, SourceError};
use crate::data::{DataType, Field, Literal, Value, hex};

/// The folder name that stands for a null in a hive partition.
const HIVE_NULL: &str = "__HIVE_DEFAULT_PARTITION__";

/// A snapshot of Parquet files, with their names below the dataset's folder, in the order of these.
pub(super) fn open(uri: &str, names: Vec<String>, placed: Placed) -> Result<Snapshot, SourceError> {
    let (partitioned, partitions) = hive(&names)?;
    let mut found = Vec::with_capacity(names.len());
    let mut merged = Merged::default();
    let mut digest = Sha256::new();
    let mut copies = Copies::default();
    for ((file, name), partition) in placed.files.into_iter().zip(names).zip(partitions) {
        let (file, footer) = copies.open(file)?;
        merged.add(&footer, &name);
        digest.update(format!("{name}\0{}\0", footer.bytes));
        digest.update(&footer.raw);
        found.push((file, name, partition, footer));
    }
    for (name, _) in &partitioned {
        // A folder's value stands for every row of its files, whatever they hold themselves.
        merged.stored.shift_remove(name.as_str());
    }
    let columns = merged.columns();
    let mut layouts = Vec::new();
    let mut files = Vec::with_capacity(found.len());
    for (file, name, partition, footer) in found {
        let layout = layout_of(&mut layouts, &columns, &footer, &name)?;
        files.push(DataFile { partition, ..DataFile::new(file, name, &footer, layout) });
    }
    files.sort_by_key(|file| file.layout);
    let mut schema = merged.schema();
    schema
        .fields
        .extend(partitioned.iter().map(|(name, data_type)| Field::new(name.as_str(), data_type.clone())));
    let identity = Identity::of_files(uri, Format::Parquet, &files, hex(digest));
    let columns = schema.fields.clone();
    Ok(Snapshot {
        identity,
        schema,
        traffic: None,
        rows: Rows::Files(FileSet {
            files,
            layouts,
            partitioned,
            logged_names: BTreeMap::new(),
            columns,
            is_changes: false,
            spool: placed.spool,
            stand_ins: StandIns::default(),
            _copies: Arc::new(copies),
            verified: Verified::default(),
            transcript: None,
        }),
    })
}

/// The path of a file below the dataset's folder, with `/` between its parts.
pub(super) fn name_below(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    below.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

type HiveColumns = Vec<(String, DataType)>;

/// The partition columns that all files' folders name, and each file's values.
fn hive(names: &[String]) -> Result<(HiveColumns, Vec<Vec<Value>>), SourceError> {
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

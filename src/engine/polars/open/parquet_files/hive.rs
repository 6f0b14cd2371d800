//! Reads hive partitions: columns whose values are in the names of folders, as in `year=2024/a.parquet`.

use crate::data::{DataType, Field, Literal, Value};
use crate::source::SourceError;

/// The folder name that stands for a null in a hive partition.
const HIVE_NULL: &str = "__HIVE_DEFAULT_PARTITION__";

/// The partitions of files, from the names of their folders.
#[derive(Default)]
pub(super) struct Partitions {
    /// The partition columns, which the folders of all files name.
    pub(super) columns: Vec<Field>,
    /// The values of each file, in the order of the columns.
    pub(super) values: Vec<Vec<Value>>,
}

/// Returns the partitions of files with these names.
///
/// # Errors
/// The folders of files name different columns.
pub(super) fn partitions(names: &[String]) -> Result<Partitions, SourceError> {
    let pairs: Vec<Vec<(String, String)>> = names.iter().map(|name| pairs_of(name)).collect();
    let Some(first) = pairs.first() else { return Ok(Partitions::default()) };
    let keys = |pairs: &[(String, String)]| pairs.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>();
    let wanted = keys(first);
    for (name, pairs) in names.iter().zip(&pairs) {
        if keys(pairs) != wanted {
            return Err(SourceError::Mismatch {
                path: name.clone(),
                reason: format!(
                    "its folders name the partitions {:?}, those of others {wanted:?}",
                    keys(pairs)
                ),
            });
        }
    }
    let mut columns = Vec::with_capacity(wanted.len());
    for (index, name) in wanted.into_iter().enumerate() {
        let texts: Vec<&str> = pairs.iter().map(|pairs| pairs[index].1.as_str()).collect();
        columns.push(Field::new(name, inferred(&texts)));
    }
    let values = pairs.iter().map(|pairs| {
        let columns = pairs.iter().zip(&columns);
        columns.map(|((_, text), column)| value(text, &column.data_type)).collect()
    });
    let values = values.collect();
    Ok(Partitions { columns, values })
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

/// Infers the type of a partition column: integer, date, else text. Every value must be readable as the type,
/// and be written back the same.
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
        let Partitions { columns, values } = partitions(&names.map(str::to_owned)).unwrap();
        let types: Vec<_> =
            columns.iter().map(|column| format!("{} {}", column.name, column.data_type)).collect();
        assert_eq!(types, ["year int64", "d date", "code string"]);
        assert_eq!(values[0][2], Value::String("01".into()));
        assert!(partitions(&["a=1/x.parquet".to_owned(), "y.parquet".to_owned()]).is_err());
    }
}

//! Reads hive partitions: columns whose values are in the names of folders, as in `year=2024/a.parquet`.

use crate::data::{DataType, Field, Literal, Value};
use crate::source::SourceError;
use crate::source::find::{FolderValue, folder_values};

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
    let stated: Vec<Vec<FolderValue>> = names.iter().map(|name| folder_values(name)).collect();
    let Some(first) = stated.first() else { return Ok(Partitions::default()) };
    let keys = |values: &[FolderValue]| values.iter().map(|value| value.column.clone()).collect::<Vec<_>>();
    let wanted = keys(first);
    for (name, values) in names.iter().zip(&stated) {
        if keys(values) != wanted {
            return Err(SourceError::Mismatch {
                path: name.clone(),
                reason: format!(
                    "its folders name the partitions {:?}, those of others {wanted:?}",
                    keys(values)
                ),
            });
        }
    }
    let mut columns = Vec::with_capacity(wanted.len());
    for (index, name) in wanted.into_iter().enumerate() {
        let texts: Vec<Option<&str>> = stated.iter().map(|values| values[index].text.as_deref()).collect();
        columns.push(Field::new(name, inferred(&texts)));
    }
    let values = stated.iter().map(|values| {
        let columns = values.iter().zip(&columns);
        columns.map(|(stated, column)| value(stated.text.as_deref(), &column.data_type)).collect()
    });
    let values = values.collect();
    Ok(Partitions { columns, values })
}

/// Infers the type of a partition column: integer, date, else text. Every value must be readable as the type,
/// and be written back the same.
fn inferred(texts: &[Option<&str>]) -> DataType {
    let all = |data_type: &DataType| {
        texts.iter().flatten().all(|text| value(Some(text), data_type).to_string() == **text)
    };
    let known = texts.iter().any(Option::is_some);
    [DataType::INT64, DataType::Date]
        .into_iter()
        .find(|data_type| known && all(data_type))
        .unwrap_or(DataType::String)
}

fn value(text: Option<&str>, data_type: &DataType) -> Value {
    let bound = text.map(|text| Literal::Plain(text.to_owned()).bind(data_type));
    bound.and_then(Result::ok).unwrap_or(Value::Null)
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

//! The columns of a table of Spark, as karat knows types.

use crate::data::{DataType, Field, TimeUnit};
use crate::engine::sql::columns::Column;
use crate::engine::sql::{Dialect as _, Spark};

/// Returns a column by its name and its type, as Spark writes it.
pub(super) fn column(name: &str, data_type: &str) -> Column {
    let own = Spark::APACHE.quoted(name);
    let integer = |bits| (DataType::Integer { bits, signed: true }, None);
    let time = |zone: Option<&str>| DataType::Timestamp {
        unit: TimeUnit::Microseconds,
        zone: zone.map(str::to_owned),
    };
    let (data_type, converted) = match data_type {
        "boolean" => (DataType::Boolean, None),
        "tinyint" | "byte" => integer(8),
        "smallint" | "short" => integer(16),
        "int" | "integer" => integer(32),
        "bigint" | "long" => integer(64),
        "float" => (DataType::Float { bits: 32 }, None),
        "double" => (DataType::FLOAT64, None),
        "string" => (DataType::String, None),
        // Without its collation, it is compared by its bytes.
        collated if collated.starts_with("string collate ") => {
            (DataType::String, Some(format!("({own} COLLATE UTF8_BINARY)")))
        }
        padded if padded.starts_with("char(") || padded.starts_with("varchar(") => {
            (DataType::String, Some(format!("CAST({own} AS STRING)")))
        }
        "binary" => (DataType::Binary, None),
        "date" => (DataType::Date, None),
        "timestamp_ntz" => (time(None), None),
        "timestamp" => (time(Some("UTC")), converted(name, &time(Some("UTC")))),
        other => (decimal(other).unwrap_or_else(|| DataType::Other(other.to_lowercase())), None),
    };
    Column { field: Field::new(name, data_type), converted, guard: None }
}

/// Returns the expression that gives the value of a type, if it is another one than the column itself.
pub(super) fn converted(name: &str, data_type: &DataType) -> Option<String> {
    // An instant is on the wall clock of the session, which is that of UTC.
    let is_instant = matches!(data_type, DataType::Timestamp { zone: Some(_), .. });
    is_instant.then(|| format!("CAST({} AS TIMESTAMP_NTZ)", Spark::APACHE.quoted(name)))
}

/// Returns the type that is called `decimal(18,3)`.
fn decimal(name: &str) -> Option<DataType> {
    let (precision, scale) = name.strip_prefix("decimal(")?.strip_suffix(')')?.split_once(',')?;
    Some(DataType::Decimal { precision: precision.trim().parse().ok()?, scale: scale.trim().parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_known_as_spark_writes_them() {
        for (written, known, converted) in [
            ("bigint", "int64", None),
            ("decimal(12,2)", "decimal(12,2)", None),
            ("timestamp_ntz", "timestamp_ntz", None),
            ("timestamp", "timestamp", Some("CAST(`c` AS TIMESTAMP_NTZ)")),
            ("string collate UTF8_LCASE", "string", Some("(`c` COLLATE UTF8_BINARY)")),
            ("char(5)", "string", Some("CAST(`c` AS STRING)")),
            ("array<int>", "array<int>", None),
        ] {
            let column = column("c", written);
            assert_eq!(
                (column.field.data_type.to_string().as_str(), column.converted.as_deref()),
                (known, converted)
            );
        }
    }
}

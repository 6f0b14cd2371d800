//! The columns of a table of Databricks, as karat knows types.

use crate::data::{DataType, Field, TimeUnit};

/// A column, and how it is read as a value of its type.
pub(super) struct Column {
    pub(super) field: Field,
    /// The expression that gives the value, if it is another one than the column itself.
    pub(super) converted: Option<String>,
}

/// Returns a column by its name and its whole type, as results name it.
pub(super) fn column(name: &str, type_text: &str) -> Column {
    let own = quoted(name);
    let integer = |bits| (DataType::Integer { bits, signed: true }, None);
    let time = |zone: Option<&str>| DataType::Timestamp {
        unit: TimeUnit::Microseconds,
        zone: zone.map(str::to_owned),
    };
    let upper = type_text.trim().to_ascii_uppercase();
    let bare = upper.split(['(', '<', ' ']).next().unwrap_or_default();
    let (data_type, converted) = match bare {
        "BOOLEAN" => (DataType::Boolean, None),
        "TINYINT" | "BYTE" => integer(8),
        "SMALLINT" | "SHORT" => integer(16),
        "INT" | "INTEGER" => integer(32),
        "BIGINT" | "LONG" => integer(64),
        "FLOAT" | "REAL" => (DataType::Float { bits: 32 }, None),
        "DOUBLE" => (DataType::FLOAT64, None),
        // Texts of another collation are compared by it, in groups and joins too.
        "STRING" | "CHAR" | "VARCHAR" if upper.contains("COLLATE") => {
            (DataType::String, Some(format!("CAST({own} AS STRING COLLATE UTF8_BINARY)")))
        }
        "STRING" | "CHAR" | "VARCHAR" => (DataType::String, None),
        "BINARY" => (DataType::Binary, None),
        "DATE" => (DataType::Date, None),
        "TIMESTAMP_NTZ" => (time(None), None),
        // An instant is on the wall clock of UTC. Statements have no session whose zone could be set.
        "TIMESTAMP" => {
            let since = "TIMESTAMP_NTZ '1970-01-01 00:00:00'";
            (time(Some("UTC")), Some(format!("timestampadd(MICROSECOND, unix_micros({own}), {since})")))
        }
        _ => (decimal(&upper).unwrap_or_else(|| DataType::Other(type_text.trim().to_lowercase())), None),
    };
    Column { field: Field::new(name, data_type), converted }
}

/// Returns the type that is called `DECIMAL(18,2)`.
fn decimal(name: &str) -> Option<DataType> {
    let digits = name.strip_prefix("DECIMAL(")?.strip_suffix(')')?;
    let (precision, scale) = digits.split_once(',').unwrap_or((digits, "0"));
    Some(DataType::Decimal { precision: precision.trim().parse().ok()?, scale: scale.trim().parse().ok()? })
}

/// Returns what follows `FROM` for a table with these columns.
pub(super) fn relation(table: &str, columns: &[Column]) -> String {
    if columns.iter().all(|column| column.converted.is_none()) {
        return table.to_owned();
    }
    let shown = columns.iter().map(|column| {
        let name = quoted(&column.field.name);
        column.converted.as_ref().map_or_else(|| name.clone(), |converted| format!("{converted} AS {name}"))
    });
    format!("(SELECT {} FROM {table}) AS t", shown.collect::<Vec<_>>().join(", "))
}

fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_known_as_results_name_them() {
        let of = |type_text: &str| column("a`b", type_text).field.data_type.to_string();
        for (written, known) in [
            ("INT", "int32"),
            ("bigint", "int64"),
            ("DECIMAL(18,2)", "decimal(18,2)"),
            ("DECIMAL(10)", "decimal(10,0)"),
            ("TIMESTAMP", "timestamp"),
            ("TIMESTAMP_NTZ", "timestamp_ntz"),
            ("STRING COLLATE UTF8_LCASE", "string"),
            ("VARCHAR(10)", "string"),
            ("ARRAY<INT>", "array<int>"),
            ("STRUCT<a: INT>", "struct<a: int>"),
            ("INTERVAL DAY TO SECOND", "interval day to second"),
        ] {
            assert_eq!(of(written), known, "{written}");
        }
    }

    #[test]
    fn what_is_compared_otherwise_is_converted() {
        let columns = [column("a", "INT"), column("b`c", "STRING COLLATE UNICODE_CI")];
        assert_eq!(
            relation("`t`", &columns),
            "(SELECT `a`, CAST(`b``c` AS STRING COLLATE UTF8_BINARY) AS `b``c` FROM `t`) AS t"
        );
        assert_eq!(relation("`t`", &columns[..1]), "`t`");
    }
}

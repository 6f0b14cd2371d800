//! The columns of a table of DuckDB, as karat knows types.

use crate::data::{DataType, Field, TimeUnit};
use crate::engine::sql::columns::Column;
use crate::engine::sql::{Dialect as _, DuckDb};

/// Returns a column by its name and the name of its type.
pub(super) fn column(name: &str, data_type: &str, has_collations: bool) -> Column {
    let own = DuckDb.quoted(name);
    let integer = |bits, signed| (DataType::Integer { bits, signed }, None);
    let time = |unit| (DataType::Timestamp { unit, zone: None }, None);
    let (data_type, converted) = match data_type {
        "BOOLEAN" => (DataType::Boolean, None),
        "TINYINT" => integer(8, true),
        "SMALLINT" => integer(16, true),
        "INTEGER" => integer(32, true),
        "BIGINT" => integer(64, true),
        "UTINYINT" => integer(8, false),
        "USMALLINT" => integer(16, false),
        "UINTEGER" => integer(32, false),
        "UBIGINT" => integer(64, false),
        "HUGEINT" => integer(128, true),
        "FLOAT" => (DataType::Float { bits: 32 }, None),
        "DOUBLE" => (DataType::FLOAT64, None),
        // The bytes of a text have no collation.
        "VARCHAR" if has_collations => (DataType::String, Some(format!("decode(encode({own}))"))),
        "VARCHAR" => (DataType::String, None),
        "BLOB" => (DataType::Binary, None),
        "DATE" => (DataType::Date, None),
        "TIME" => (DataType::Time, None),
        "TIMESTAMP" => time(TimeUnit::Microseconds),
        "TIMESTAMP_MS" => time(TimeUnit::Milliseconds),
        "TIMESTAMP_NS" => time(TimeUnit::Nanoseconds),
        "TIMESTAMP_S" => {
            let micro = DataType::Timestamp { unit: TimeUnit::Microseconds, zone: None };
            (micro, Some(format!("CAST({own} AS TIMESTAMP)")))
        }
        // An instant is on the wall clock of UTC, which needs no calendar of zones.
        "TIMESTAMP WITH TIME ZONE" => {
            let instant = DataType::Timestamp { unit: TimeUnit::Microseconds, zone: Some("UTC".to_owned()) };
            (instant, Some(format!("make_timestamp(epoch_us({own}))")))
        }
        other if other.starts_with("ENUM(") && !other.ends_with(']') => {
            (DataType::String, Some(format!("CAST({own} AS VARCHAR)")))
        }
        other => (decimal(other).unwrap_or_else(|| DataType::Other(other.to_lowercase())), None),
    };
    Column { field: Field::new(name, data_type), converted, guard: None }
}

/// Returns the type that is called `DECIMAL(18,3)`.
fn decimal(name: &str) -> Option<DataType> {
    let (precision, scale) = name.strip_prefix("DECIMAL(")?.strip_suffix(')')?.split_once(',')?;
    Some(DataType::Decimal { precision: precision.trim().parse().ok()?, scale: scale.trim().parse().ok()? })
}

//! The columns of a table of PostgreSQL, as karat knows types.

use crate::data::{DataType, Field, TimeUnit};
use crate::engine::sql::columns::Column;
use crate::engine::sql::{Dialect as _, Postgres};

/// Returns a column by its name and its type, as `format_type` writes it.
pub(super) fn column(name: &str, data_type: &str) -> Column {
    let own = Postgres.quoted(name);
    let integer = |bits| (DataType::Integer { bits, signed: true }, None);
    let time = |zone: Option<&str>| DataType::Timestamp {
        unit: TimeUnit::Microseconds,
        zone: zone.map(str::to_owned),
    };
    let bare = data_type.split(['(', ' ']).next().unwrap_or_default();
    let (kind, converted) = match data_type {
        "boolean" => (DataType::Boolean, None),
        "smallint" => integer(16),
        "integer" => integer(32),
        "bigint" => integer(64),
        "real" => (DataType::Float { bits: 32 }, None),
        "double precision" => (DataType::FLOAT64, None),
        "text" => (DataType::String, None),
        "bytea" => (DataType::Binary, None),
        "date" => (DataType::Date, None),
        _ if bare == "character" && !data_type.ends_with(']') => {
            (DataType::String, Some(format!("CAST({own} AS text)")))
        }
        _ if bare == "time" && data_type.ends_with("without time zone") => (DataType::Time, None),
        _ if bare == "timestamp" && data_type.ends_with("without time zone") => (time(None), None),
        // An instant is on the wall clock of UTC.
        _ if bare == "timestamp" && data_type.ends_with("with time zone") => {
            (time(Some("UTC")), Some(format!("({own} AT TIME ZONE 'UTC')")))
        }
        other => (decimal(other).unwrap_or_else(|| DataType::Other(other.to_lowercase())), None),
    };
    let guard = match &kind {
        DataType::Decimal { .. } => {
            Some((format!("({own} = 'NaN'::numeric)"), "a numeric is NaN, which no decimal of karat is"))
        }
        DataType::Time => {
            Some((format!("({own} = TIME '24:00:00')"), "a time is 24:00:00, which no time of karat is"))
        }
        _ => None,
    };
    Column { field: Field::new(name, kind), converted, guard }
}

/// Returns the type that is called `numeric(18,3)`. One without digits may hold any number.
fn decimal(name: &str) -> Option<DataType> {
    let (precision, scale) = name.strip_prefix("numeric(")?.strip_suffix(')')?.split_once(',')?;
    let (precision, scale) = (precision.trim().parse().ok()?, scale.trim().parse().ok()?);
    (precision <= 38 && scale <= precision).then_some(DataType::Decimal { precision, scale })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_known_as_the_server_writes_them() {
        let of = |data_type: &str| column("c", data_type).field.data_type.to_string();
        for (written, known) in [
            ("timestamp without time zone", "timestamp_ntz"),
            ("timestamp(3) with time zone", "timestamp"),
            ("time without time zone", "time"),
            ("character varying(10)", "string"),
            ("numeric(12,2)", "decimal(12,2)"),
            ("numeric", "numeric"),
            ("character varying(10)[]", "character varying(10)[]"),
        ] {
            assert_eq!(of(written), known);
        }
    }
}

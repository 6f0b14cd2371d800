//! The columns of a table of Redshift, as karat knows types.

use super::catalog;
use crate::data::{DataType, Field};
use crate::engine::sql::columns::Column;
use crate::engine::sql::{Dialect as _, Redshift};

/// Returns a column by its name and its type, as `format_type` writes it.
pub(super) fn column(name: &str, data_type: &str) -> Column {
    let own = Redshift.quoted(name);
    let Column { field, converted, .. } = catalog::column(name, data_type);
    match field.data_type {
        DataType::String => {
            let text = Redshift.type_name(&DataType::String).unwrap_or_default();
            let guard = format!("(ascii(right({own}, 1)) = 32)");
            Column {
                field,
                // A column or its database may compare without case.
                converted: Some(format!("COLLATE(CAST({own} AS {text}), 'case_sensitive')")),
                // The blanks that fill up a `char` are no part of it.
                guard: data_type
                    .starts_with("character varying")
                    .then_some((guard, "a text ends with a blank, which is not compared")),
            }
        }
        DataType::Float { .. } => Column {
            field,
            converted,
            guard: Some((
                format!("(CAST({own} AS varchar(64)) = 'NaN')"),
                "a float is NaN, and no document says how that compares",
            )),
        },
        DataType::Decimal { .. } | DataType::Boolean | DataType::Integer { .. } | DataType::Date => {
            Column { field, converted, guard: None }
        }
        DataType::Timestamp { .. } => Column { field, converted, guard: None },
        _ => Column {
            field: Field::new(name, DataType::Other(data_type.to_lowercase())),
            converted: None,
            guard: None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_documents_say_nothing_of_is_no_known_type() {
        let of = |data_type: &str| column("c", data_type).field.data_type.to_string();
        for (written, known) in [
            ("character varying(10)", "string"),
            ("character(10)", "string"),
            ("numeric(38,4)", "decimal(38,4)"),
            ("timestamp with time zone", "timestamp"),
            ("time without time zone", "time without time zone"),
            ("super", "super"),
        ] {
            assert_eq!(of(written), known);
        }
        assert!(
            column("c", "character(10)").guard.is_none()
                && column("c", "character varying(9)").guard.is_some()
        );
    }
}

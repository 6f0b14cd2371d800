//! The columns of a table as a system lists them, and the relation that gives their values.

use super::{Dialect, Guarded};
use crate::data::{Field, Schema};

/// A column, how it is read as a value of its type, and what no row may be.
pub(super) struct Column {
    pub(super) field: Field,
    /// The expression that gives the value, if it is another one than the column itself.
    pub(super) converted: Option<String>,
    /// A condition that no row may meet, with the reason.
    pub(super) guard: Option<(String, &'static str)>,
}

/// Returns the schema of columns.
pub(super) fn schema_of(columns: &[Column]) -> Schema {
    Schema { fields: columns.iter().map(|column| column.field.clone()).collect() }
}

/// Returns what no row of a table with these columns may be.
pub(super) fn guards(columns: &[Column]) -> Vec<Guarded> {
    let guard = |column: &Column| {
        let (condition, why) = column.guard.as_ref()?;
        Some((column.field.name.clone(), condition.clone(), (*why).to_owned()))
    };
    columns.iter().filter_map(guard).collect()
}

/// Returns what follows `FROM` for a table with these columns.
pub(super) fn relation(dialect: &dyn Dialect, table: &str, columns: &[Column]) -> String {
    if columns.iter().all(|column| column.converted.is_none()) {
        return table.to_owned();
    }
    let shown = columns.iter().map(|column| {
        let name = dialect.quoted(&column.field.name);
        column.converted.as_ref().map_or_else(|| name.clone(), |converted| format!("{converted} AS {name}"))
    });
    format!("(SELECT {} FROM {table}) AS t", shown.collect::<Vec<_>>().join(", "))
}

/// Writes a name of a schema or a table as a literal, as catalogues are asked for it.
#[cfg(any(feature = "duckdb", feature = "postgres"))]
pub(super) fn literal(name: &str) -> String {
    format!("'{}'", name.replace('\'', "''"))
}

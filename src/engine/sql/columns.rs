//! The columns of a table as a system lists them, and the table with the relation that gives their values.

use std::sync::{Arc, Mutex};

use super::{Cell, Dialect, Guarded, Session, Table};
use crate::data::{Field, Schema};

/// A column, how it is read as a value of its type, and what no row may be.
pub(super) struct Column {
    pub(super) field: Field,
    /// The expression that gives the value, if it is another one than the column itself.
    pub(super) converted: Option<String>,
    /// A condition that no row may meet, with the reason.
    pub(super) guard: Option<(String, &'static str)>,
}

/// A table as a system lists it.
pub(super) struct Listed {
    /// The URI for reports, without credentials.
    pub(super) uri: String,
    /// What follows `FROM` for the columns as they are there.
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    /// What is the same for all tables that one statement can read together.
    pub(super) place: String,
    pub(super) version: Option<u64>,
}

impl Listed {
    /// Returns the table, which a session reads.
    pub(super) fn table(self, dialect: &dyn Dialect, session: Arc<Mutex<dyn Session>>) -> Table {
        let Self { uri, name, columns, place, version } = self;
        Table {
            uri,
            schema: schema_of(&columns),
            relation: relation(dialect, &name, &columns),
            guards: guards(&columns),
            place,
            version,
            session,
        }
    }
}

/// Returns the columns that rows list by their names and types.
pub(super) fn columns_of(rows: &[Vec<Cell>], column: impl Fn(&str, &str) -> Column) -> Vec<Column> {
    let text = |row: &[Cell], place: usize| row.get(place).cloned().flatten().unwrap_or_default();
    rows.iter().map(|row| column(&text(row, 0), &text(row, 1))).collect()
}

/// Returns the schema of columns.
fn schema_of(columns: &[Column]) -> Schema {
    Schema { fields: columns.iter().map(|column| column.field.clone()).collect() }
}

/// Returns what no row of a table with these columns may be.
fn guards(columns: &[Column]) -> Vec<Guarded> {
    let guard = |column: &Column| {
        let (condition, why) = column.guard.as_ref()?;
        Some((column.field.name.clone(), condition.clone(), (*why).to_owned()))
    };
    columns.iter().filter_map(guard).collect()
}

/// Returns what follows `FROM` for a table with these columns.
fn relation(dialect: &dyn Dialect, table: &str, columns: &[Column]) -> String {
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

//! The columns of a table, as karat knows types, and the relation that has them.

use super::Dialect;
use crate::data::Field;

/// A column, how it is read as a value of its type, and what no row may be.
pub(super) struct Column {
    pub(super) field: Field,
    /// The expression that gives the value, if it is another one than the column itself.
    pub(super) converted: Option<String>,
    /// A condition that is true where the value is none of its type, and the reason.
    pub(super) guard: Option<(String, &'static str)>,
}

/// Returns what no row may be for columns to be what they are called, with the reasons; by the column.
pub(super) fn guards(columns: &[Column]) -> Vec<(String, String, String)> {
    let of = |column: &Column| {
        let (condition, why) = column.guard.as_ref()?;
        Some((column.field.name.clone(), condition.clone(), (*why).to_owned()))
    };
    columns.iter().filter_map(of).collect()
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

//! Lists failing values as Great Expectations does.

use std::cmp::{Ordering, Reverse};

use serde_json::{Value as Json, json};

use super::config::column_name;
use super::json::json as written;
use crate::data::{ColumnPath, Value};
use crate::evaluate::Outcome;
use crate::privacy::SampleRow;
use crate::suite::Check;

/// The columns whose values represent a failing row.
pub(super) enum Domain {
    /// One column, as its value.
    One(ColumnPath),
    /// Two columns, as `[a, b]`.
    Pair([ColumnPath; 2]),
    /// Several columns, as `{a: …, b: …}`.
    Several(Vec<ColumnPath>),
}

impl Domain {
    /// Returns the columns that represent failing rows of a check.
    pub(super) fn of(check: &Check, outcome: &Outcome) -> Self {
        let argument = |name: &str| check.arguments.get(name);
        let path = |json: &Json| ColumnPath::parse(json.as_str()?).ok();
        if let Some(column) = &check.column {
            return Self::One(column.clone());
        }
        if let (Some(left), Some(right)) = (argument("left").and_then(path), argument("right").and_then(path))
        {
            // Great Expectations has only the reverse comparison, so the columns are swapped.
            let turned = argument("is").and_then(Json::as_str).is_some_and(|is| is.starts_with('<'));
            return Self::Pair(if turned { [right, left] } else { [left, right] });
        }
        let several: Option<Vec<ColumnPath>> =
            argument("columns").and_then(Json::as_array).and_then(|names| names.iter().map(path).collect());
        Self::Several(several.unwrap_or_else(|| outcome.columns.clone()))
    }

    /// Returns the columns.
    pub(super) fn columns(&self) -> &[ColumnPath] {
        match self {
            Self::One(column) => std::slice::from_ref(column),
            Self::Pair(columns) => columns,
            Self::Several(columns) => columns,
        }
    }

    /// Returns the value that represents a row.
    pub(super) fn value(&self, row: &SampleRow) -> Json {
        match self {
            Self::Several(columns) => {
                let columns = columns.iter();
                let named = columns.map(|path| (column_name(path), written(get(row, path))));
                Json::Object(named.collect())
            }
            Self::One(_) | Self::Pair(_) => written(&self.flat(row)),
        }
    }

    /// Returns the value without the names of columns, which is how Great Expectations counts.
    fn flat(&self, row: &SampleRow) -> Value {
        match self {
            Self::One(path) => get(row, path).clone(),
            Self::Pair(_) | Self::Several(_) => {
                Value::List(self.columns().iter().map(|path| get(row, path).clone()).collect())
            }
        }
    }
}

/// Returns the value of a column in a sampled row, if the row holds it.
pub(super) fn find<'a>(row: &'a SampleRow, path: &ColumnPath) -> Option<&'a Value> {
    let name = path.to_string();
    row.values.iter().find(|(other, _)| *other == name).map(|(_, value)| value)
}

fn get<'a>(row: &'a SampleRow, path: &ColumnPath) -> &'a Value {
    find(row, path).unwrap_or(&Value::Null)
}

/// Counts the values of some rows. Keeps the most frequent ones, ties in the order of the rows, and sorts
/// them by count, then by value.
pub(super) fn counted(domain: &Domain, rows: &[SampleRow], most: usize) -> Json {
    let mut counts: Vec<(Value, u64)> = Vec::new();
    for value in rows.iter().map(|row| domain.flat(row)) {
        match counts.iter_mut().find(|(other, _)| *other == value) {
            Some((_, count)) => *count += 1,
            None => counts.push((value, 1)),
        }
    }
    counts.sort_by_key(|(_, count)| Reverse(*count));
    counts.truncate(most);
    counts.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| order(&left.0, &right.0)));
    let entries = counts.iter().map(|(value, count)| json!({ "value": written(value), "count": count }));
    entries.collect()
}

/// Compares two values; nulls come last.
fn order(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::List(left), Value::List(right)) => {
            let parts = left.iter().zip(right).map(|(left, right)| order(left, right));
            parts.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        }
        _ => left.compare(right).unwrap_or_else(|| left.is_null().cmp(&right.is_null())),
    }
}

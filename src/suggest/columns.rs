//! What is suggested of each column: its type, its nulls, and what its values are.

use super::suggestion::Suggestion;
use super::{numbers, texts, times, yaml};
use crate::data::DataType;
use crate::profile::{ColumnProfile, Values};

/// What the rules know of a column.
pub(super) struct Column<'a> {
    pub(super) profile: &'a ColumnProfile,
    /// What quotes its values; nothing if they are personal.
    pub(super) values: Option<&'a Values>,
    /// The rows of the table.
    pub(super) rows: u64,
    /// How long a list of allowed values may be.
    pub(super) longest_list: usize,
}

impl Column<'_> {
    /// How many rows have a value.
    pub(super) fn present(&self) -> u64 {
        self.profile.present.unwrap_or_default()
    }
}

/// Of so many rows in a hundred, all but one may be missing where a value is demanded of most.
const MOSTLY_NULLS: u64 = 10;

/// What is suggested of a column by itself.
pub(super) fn of_column(column: &Column<'_>, now: i128) -> Vec<Suggestion> {
    let profile = column.profile;
    let path = &profile.path;
    if profile.present.is_none() {
        return Vec::new();
    }
    let data_type = yaml::literal(&crate::data::Value::String(profile.data_type.to_string()));
    let mut found = vec![Suggestion::on(path, "type", "").with(data_type)];
    let nulls = column.rows - column.present().min(column.rows);
    if column.present() == 0 {
        return found;
    }
    if nulls * 100 <= column.rows * MOSTLY_NULLS {
        found.push(Suggestion::on(path, "not_null", "").mostly());
    }
    match &profile.data_type {
        DataType::String => found.extend(texts::of_texts(column)),
        DataType::Integer { .. } | DataType::Float { .. } | DataType::Decimal { .. } => {
            found.extend(numbers::of_numbers(column));
        }
        DataType::Date | DataType::Timestamp { .. } => found.extend(times::of_times(column, now)),
        _ => {}
    }
    found
}

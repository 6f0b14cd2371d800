//! Values of the data that stay masked until the columns that they come from are checked.

use std::fmt;

use super::{Mask, Privacy};
use crate::data::{ColumnPath, Value};

/// Values of the data, with the columns that they come from. [`Privacy::show`] shows them, unless one of the
/// columns is personal.
#[derive(Clone, PartialEq, Eq)]
pub struct Masked<T> {
    contents: T,
    columns: Columns,
}

#[derive(Clone, PartialEq, Eq)]
enum Columns {
    These(Vec<ColumnPath>),
    Any,
}

impl<T> Masked<T> {
    /// Wraps values that come from these columns and no others.
    pub fn of<'a>(columns: impl IntoIterator<Item = &'a ColumnPath>, contents: T) -> Self {
        Self { contents, columns: Columns::These(columns.into_iter().cloned().collect()) }
    }

    /// Wraps values that may come from any column.
    pub const fn of_any(contents: T) -> Self {
        Self { contents, columns: Columns::Any }
    }

    /// Wraps contents that come from no column, such as parts of the schema.
    pub const fn of_none(contents: T) -> Self {
        Self { contents, columns: Columns::These(Vec::new()) }
    }

    /// Returns the contents, unless one of the columns is personal.
    pub(super) fn open(self, privacy: &Privacy) -> Option<T> {
        (!self.is_hidden(privacy)).then_some(self.contents)
    }

    fn is_hidden(&self, privacy: &Privacy) -> bool {
        match &self.columns {
            Columns::These(columns) => columns.iter().any(|column| privacy.hides(column)),
            Columns::Any => privacy.hides_any(),
        }
    }
}

impl Masked<Value> {
    /// Returns the value, or what stands for it if it is personal.
    pub(super) fn open_or_hash(self, privacy: &Privacy) -> Option<Value> {
        match (self.is_hidden(privacy), &self.columns, privacy.mask()) {
            (false, ..) => Some(self.contents),
            (true, Columns::These(_), Mask::Hash(key)) => Some(key.hash(&self.contents)),
            // What may come from any column may be more than one value.
            (true, Columns::Any, _) | (true, _, Mask::Withhold) => None,
        }
    }
}

impl Masked<Vec<(Value, u64)>> {
    /// Returns values with their counts, or what stands for those that are personal. Each is of the one column that they come
    /// from; of several, it is a struct with a field for each.
    pub(super) fn open_or_hash(self, privacy: &Privacy) -> Option<Vec<(Value, u64)>> {
        if !self.is_hidden(privacy) {
            return Some(self.contents);
        }
        let (Columns::These(columns), Mask::Hash(key)) = (&self.columns, privacy.mask()) else { return None };
        let hashed = |value: Value| match (columns.as_slice(), value) {
            ([_], value) => Some(key.hash(&value)),
            (several, Value::Struct(fields)) if fields.len() == several.len() => {
                let fields = several.iter().zip(fields).map(|(column, (name, value))| {
                    (name, if privacy.hides(column) { key.hash(&value) } else { value })
                });
                Some(Value::Struct(fields.collect()))
            }
            _ => None,
        };
        self.contents.into_iter().map(|(value, count)| Some((hashed(value)?, count))).collect()
    }
}

impl<T: Default> Default for Masked<T> {
    fn default() -> Self {
        Self::of_none(T::default())
    }
}

impl<T> fmt::Debug for Masked<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Masked")
    }
}

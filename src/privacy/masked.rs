//! Values of the data that stay masked until the columns that they come from are checked.

use std::fmt;

use super::Privacy;
use crate::data::ColumnPath;

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
        let hidden = match &self.columns {
            Columns::These(columns) => columns.iter().any(|column| privacy.hides(column)),
            Columns::Any => privacy.hides_any(),
        };
        (!hidden).then_some(self.contents)
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

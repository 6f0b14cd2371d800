//! Values of the data that are not shown before it is known where they come from.

use std::fmt;

use super::Privacy;
use crate::data::ColumnPath;

/// Values of the data, with the columns that they come from. [`Privacy::show`] shows them, unless one of
/// those is personal.
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
    /// Values that come from these columns and no others.
    pub fn of<'a>(columns: impl IntoIterator<Item = &'a ColumnPath>, contents: T) -> Self {
        Self { contents, columns: Columns::These(columns.into_iter().cloned().collect()) }
    }

    /// Values that may come from any column.
    pub const fn of_any(contents: T) -> Self {
        Self { contents, columns: Columns::Any }
    }

    /// What comes from no column: of the schema, say.
    pub const fn of_none(contents: T) -> Self {
        Self { contents, columns: Columns::These(Vec::new()) }
    }

    /// The contents, unless one of the columns is personal.
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

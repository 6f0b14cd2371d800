//! Which rows a check of several columns leaves out because of nulls.

use crate::predicate::Typed;

/// Rows that are not considered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ignore {
    /// Those where all columns are null.
    AllMissing,
    /// Those where any column is null.
    AnyMissing,
    /// None.
    Never,
}

impl Ignore {
    /// The condition that a row is considered, if there is one.
    pub(super) fn considered(self, columns: &[Typed]) -> Option<Typed> {
        let present = columns.iter().cloned().map(Typed::is_not_null);
        match self {
            Self::AllMissing => Some(Typed::any(present.collect())),
            Self::AnyMissing => Some(Typed::all(present)),
            Self::Never => None,
        }
    }
}

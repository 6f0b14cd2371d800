//! What is known of rows that were not read: what statistics and logs tell.

use std::collections::BTreeMap;

use super::{ColumnPath, Value};

/// What is known of some rows: those of a file, or of a part of one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KnownRows {
    /// How many there are; deleted ones do not count.
    pub rows: u64,
    /// What is known of columns. Of a column that is not here, nothing is.
    pub columns: BTreeMap<ColumnPath, KnownColumn>,
}

/// What is known of a column on these rows. All of it is true of the values as a scan would give
/// them, in the table's type; whatever is doubtful is left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KnownColumn {
    /// On how many of the rows it is null, exactly.
    pub nulls: Option<u64>,
    /// No value is below this one.
    pub least: Option<Extreme>,
    /// No value is above this one, NaN included.
    pub greatest: Option<Extreme>,
}

/// A value that no value of a column is beyond.
#[derive(Clone, Debug, PartialEq)]
pub struct Extreme {
    /// In the table's type.
    pub value: Value,
    /// Whether one of the rows has this very value; else it may only be near.
    pub attained: bool,
}

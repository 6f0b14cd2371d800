//! Statistics of rows that are not read, from the files' footers and the tables' logs.

use std::collections::BTreeMap;

use super::{ColumnPath, Value};

/// The statistics of some rows: those of a file, or of a part of one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KnownRows {
    /// Number of rows; deleted rows do not count.
    pub rows: u64,
    /// The statistics of columns. A column that is missing has none.
    pub columns: BTreeMap<ColumnPath, KnownColumn>,
}

/// The statistics of a column on these rows. All of them hold for the values as a scan would return them, in
/// the table's type; doubtful statistics are left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KnownColumn {
    /// Exact number of rows on which the column is null.
    pub nulls: Option<u64>,
    /// A lower bound of all values.
    pub lower: Option<ColumnBound>,
    /// An upper bound of all values, NaN included.
    pub upper: Option<ColumnBound>,
}

/// A lower or an upper bound of a column's values.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnBound {
    /// The bound, in the table's type.
    pub value: Value,
    /// True if one of the rows has exactly this value; else the bound may be loose.
    pub is_exact: bool,
}

//! Data files that are written, and belong to no version of the table so far.

use std::collections::BTreeMap;

/// A data file that a commit adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AddedFile {
    /// Its path below the table.
    pub(crate) path: String,
    /// The value of each partition column, as the log writes it.
    pub(crate) partition_values: BTreeMap<String, Option<String>>,
    pub(crate) bytes: u64,
    pub(crate) rows: u64,
    /// Its statistics, as JSON.
    pub(crate) statistics: String,
}

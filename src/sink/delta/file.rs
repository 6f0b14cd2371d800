//! Data files that are written, and belong to no version of the table so far.

use std::collections::BTreeMap;

/// A data file that a commit adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sink) struct AddedFile {
    /// Its path below the table.
    pub(in crate::sink) path: String,
    /// The value of each partition column, as the log writes it.
    pub(in crate::sink) partition_values: BTreeMap<String, Option<String>>,
    pub(in crate::sink) bytes: u64,
    pub(in crate::sink) rows: u64,
    /// Its statistics, as JSON.
    pub(in crate::sink) statistics: String,
}

//! What a commit has brought.

/// What a commit has brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    /// The version of the table; `None` for a Parquet file.
    pub version: Option<u64>,
    /// The rows that were written.
    pub rows: u64,
    /// The data files.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
}

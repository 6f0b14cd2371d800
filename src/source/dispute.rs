//! Statistics that contradict each other.

use crate::privacy::Untrusted;

/// A column of a file for which two sources of statistics contradict each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispute {
    /// The name of the file in the dataset.
    pub file: Untrusted,
    /// The column.
    pub column: String,
    /// What the two sources state. Values of the column are left out: they may be personal.
    pub what: String,
}

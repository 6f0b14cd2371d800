//! The options of a split.

use crate::run::CheckOptions;

/// The options of a split.
#[derive(Clone, Debug, Default)]
pub struct SplitOptions {
    /// The options of the check that finds the failing rows.
    pub check: CheckOptions,
    /// True if valid rows carry the column [`WARNINGS`](super::WARNINGS), as those in the quarantine do.
    pub warnings: bool,
}

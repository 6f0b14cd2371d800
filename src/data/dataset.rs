//! References to other datasets.

use std::fmt;

use serde::Serialize;

/// A dataset other than the one that is checked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Dataset {
    /// The dataset at this path, relative to the project, or the one that the caller knows by this name.
    Named(String),
    /// This version of the same table.
    Version(u64),
    /// The version before the one that is checked.
    Previous,
}

impl fmt::Display for Dataset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => f.write_str(name),
            Self::Version(version) => write!(f, "version {version}"),
            Self::Previous => f.write_str("the version before"),
        }
    }
}

//! The names of other datasets.

use std::fmt;

use serde::Serialize;

/// Another dataset than the one that a check is asked of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Dataset {
    /// The one that lies there, relative to the project, or that the caller knows by this name.
    Named(String),
    /// This version of the same table.
    Version(u64),
    /// The version before the one that is judged.
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

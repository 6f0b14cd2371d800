//! Where a history is kept.

use std::fmt;
use std::path::PathBuf;

use crate::data::redacted;

/// Where a history is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A folder with a file for each run.
    Folder(PathBuf),
    /// A Delta table with a row for each check and run, by its path or URI.
    Delta(String),
}

/// What a Delta table is told by, where a folder could be meant.
const DELTA: &str = "delta:";

impl Place {
    /// Reads `delta:URI`, or the path of a folder.
    ///
    /// # Errors
    /// The URI is missing.
    pub fn parse(text: PathBuf) -> Result<Self, String> {
        match text.to_str().and_then(|text| text.strip_prefix(DELTA)) {
            Some("") => Err("a Delta table is named delta:URI".to_owned()),
            Some(uri) => Ok(Self::Delta(uri.to_owned())),
            None => Ok(Self::Folder(text)),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => write!(f, "{}", folder.display()),
            Self::Delta(uri) => write!(f, "{}", redacted(uri)),
        }
    }
}

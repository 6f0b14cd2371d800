//! Where rows are written to.

use std::fmt;

use crate::data::redacted;
use crate::source::StorageOptions;

/// A place for rows: one Parquet file if its name ends in `.parquet`, else a Delta table. A path of this machine, or a URI of
/// an object store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// The path or the URI.
    pub uri: String,
    /// The options of its store.
    pub storage: StorageOptions,
}

impl Destination {
    /// Names a place.
    pub fn new(uri: impl Into<String>, storage: StorageOptions) -> Self {
        Self { uri: uri.into(), storage }
    }

    /// Returns the URI without what may be a credential.
    pub fn shown(&self) -> String {
        redacted(&self.uri)
    }

    /// Returns whether one Parquet file is written.
    pub(in crate::sink) fn is_file(&self) -> bool {
        let (path, _) = crate::data::split_query(&self.uri);
        path.to_ascii_lowercase().ends_with(".parquet")
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}

//! The cost of reading other datasets, in the report.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::data::redacted;
use crate::engine::OtherRead;

/// What reading another dataset took.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct OtherReport {
    /// What the suite calls it.
    pub dataset: String,
    /// Where it lies.
    pub uri: String,
    /// The version of its table.
    pub version: Option<u64>,
    /// How many times its data files were read.
    pub scans: u64,
    /// Rows that came out.
    pub rows_read: u64,
    /// Requests to the object store in which it lies, those among them that were repeated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<u64>,
    /// Bytes of all that it answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes_fetched: Option<u64>,
}

impl OtherReport {
    pub(super) fn of(read: &OtherRead) -> Self {
        Self {
            dataset: redacted(&read.dataset),
            uri: read.uri.clone(),
            version: read.version,
            scans: read.scans,
            rows_read: read.rows_read,
            requests: read.network.map(|network| network.requests),
            bytes_fetched: read.network.map(|network| network.bytes),
        }
    }
}

//! The cost of reading other datasets, in the report.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::data::redacted;
use crate::engine::OtherRead;

/// The cost of reading another dataset.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct OtherReport {
    /// The name of the dataset in the suite.
    pub dataset: String,
    /// The location of the dataset.
    pub uri: String,
    /// The version of the table.
    pub version: Option<u64>,
    /// Number of scans of the data files.
    pub scans: u64,
    /// Number of rows that the scans returned.
    pub rows_read: u64,
    /// Number of requests to the object store of the dataset, retries included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<u64>,
    /// Number of bytes in the answers of the object store.
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

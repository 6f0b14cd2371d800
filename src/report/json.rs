//! Reads and writes reports as JSON.

use serde::Deserialize;
use serde_json::Value;

use super::Report;
use super::inert::inert_json;
use super::model::VERSION;
use crate::document::identified;

/// The reason why a text cannot be read as a report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The report has another version of the format.
    #[error("the report is of version {found} of the format, and this karat reads version {VERSION}")]
    Version {
        /// The version of the report.
        found: u64,
    },
    /// The text is no JSON, or not the JSON of a report.
    #[error("the text is no report of karat")]
    Json(#[from] serde_json::Error),
}

impl Report {
    /// Reads a report from the JSON that [`json`] writes. Fields that a later karat added to this version of
    /// the format are ignored.
    ///
    /// # Errors
    /// The text is no report, or one of another version of the format.
    pub fn read(text: &str) -> Result<Self, ReadError> {
        /// The field that reports of all versions have.
        #[derive(Deserialize)]
        struct Versioned {
            schema_version: u64,
        }
        match serde_json::from_str(text)? {
            Versioned { schema_version } if schema_version == u64::from(VERSION) => {
                Ok(serde_json::from_str(text)?)
            }
            Versioned { schema_version: found } => Err(ReadError::Version { found }),
        }
    }
}

/// Returns the report as indented JSON.
#[must_use]
pub fn json(report: &Report) -> String {
    inert_json(report)
}

/// Returns the JSON Schema of version 1 of the report.
#[must_use]
pub fn report_schema() -> Value {
    identified("urn:karat:report:v1", schemars::schema_for!(Report).to_value())
}

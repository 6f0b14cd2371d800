//! The JSON Schema of a site's files.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Contract, DatasetHistory, ExpectationUses, RunLine, SiteIndex};
use crate::document::identified;

/// Any file of JSON of a site, but for the reports of runs in `r/`.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
enum SiteFile {
    /// `index.json`
    Index(SiteIndex),
    /// `d/NAME.json`
    Dataset(DatasetHistory),
    /// `s/NAME.json`
    Suite(Contract),
    /// `e/NAME.json`
    Expectation(ExpectationUses),
    /// `runs/NUMBER.json`
    Runs(Vec<RunLine>),
}

/// The JSON Schema of version 1 of a site's files.
#[must_use]
pub fn site_schema() -> serde_json::Value {
    identified("urn:karat:site:v1", schemars::schema_for!(SiteFile).to_value())
}

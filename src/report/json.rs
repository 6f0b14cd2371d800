//! JSON.

use super::Report;

/// The report as JSON, indented.
#[must_use]
pub fn json(report: &Report) -> String {
    // Maps of strings and plain numbers: serialising them cannot fail.
    let mut text = serde_json::to_string_pretty(report).unwrap_or_default();
    text.push('\n');
    text
}

/// The JSON Schema of version 1 of the report.
#[must_use]
pub fn report_schema() -> serde_json::Value {
    schemars::schema_for!(Report).to_value()
}

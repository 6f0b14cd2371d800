//! What a report says of the parts that a split has written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::gate::GateReport;
use crate::run::{SplitPart, SplitParts};

/// The parts of the data, as a split has written them.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct SplitReport {
    /// The rows that are valid; null if they stay where they are.
    pub valid: Option<SplitPartReport>,
    /// The rows that were put aside.
    pub quarantine: SplitPartReport,
    /// The rows of the quarantine as they were deleted from the table; null if they stay there.
    pub deleted: Option<SplitPartReport>,
    /// What the gate decides of the valid rows: checks whose failing rows were put aside are taken to pass.
    pub gate: GateReport,
    /// All of this in one sentence.
    pub summary: String,
}

/// One of the parts.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct SplitPartReport {
    /// The location of the table or file.
    pub to: String,
    /// Number of rows; null if an earlier run wrote them and did not say how many.
    pub rows: Option<u64>,
    /// The version of the Delta table that has them first; null for a file.
    pub version: Option<u64>,
    /// False if an earlier run had written them.
    pub written: bool,
    /// The id of the earlier run that wrote them, if the table says so.
    pub earlier_run: Option<String>,
}

impl From<&SplitParts> for SplitReport {
    fn from(parts: &SplitParts) -> Self {
        let each: Vec<_> = parts
            .each()
            .map(|(name, part)| format!("{name}: {}, {}", part.place(), part.content()))
            .collect();
        Self {
            valid: parts.valid.as_ref().map(SplitPartReport::from),
            quarantine: (&parts.quarantine).into(),
            deleted: parts.deleted.as_ref().map(SplitPartReport::from),
            gate: (&parts.gate).into(),
            summary: format!("{}; {}", each.join("; "), parts.sentence()),
        }
    }
}

impl From<&SplitPart> for SplitPartReport {
    fn from(part: &SplitPart) -> Self {
        Self {
            to: part.to.clone(),
            rows: part.rows,
            version: part.version,
            written: part.earlier.is_none(),
            earlier_run: part.earlier.as_ref().and_then(|run| run.id.clone()),
        }
    }
}

//! The evidence for a verdict: what was read, and the rows on which statistics were enough.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::numbers::hundredths;
use crate::data::redacted;
use crate::engine::Proved;
use crate::evaluate::{Outcome, Read};
use crate::suite::Check;

/// What a verdict stands on.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct EvidenceReport {
    /// What was read: none, schema, statistics, scan, second scan, query or text.
    pub read: String,
    /// The other datasets that were read for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub datasets: Vec<String>,
    /// On how many rows statistics proved what it stands on, where they may.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proved: Option<ProvedReport>,
    /// The rows on which nothing was proved, and which were read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scanned_rows: Option<u64>,
    /// What evaluated its conditions, where there is more than one that may.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub judged_by: Option<String>,
}

/// On how many rows statistics proved what a verdict stands on.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct ProvedReport {
    /// The rows.
    pub rows: u64,
    /// The same in a hundred of all rows, to 12 significant digits.
    pub percent: f64,
    /// Rows on which the statistics of the log proved it.
    pub by_log: u64,
    /// Rows on which those of footers did.
    pub by_footers: u64,
    /// Rows on which dictionaries did.
    pub by_dictionaries: u64,
}

/// Returns what was read for a check, from which other datasets, and what evaluated its conditions.
pub(super) fn evidence(check: &Check, outcome: &Outcome) -> EvidenceReport {
    let read = outcome.read.name().to_owned();
    if outcome.read == Read::Nothing {
        return EvidenceReport {
            read,
            datasets: Vec::new(),
            proved: None,
            scanned_rows: None,
            judged_by: None,
        };
    }
    let datasets = check.expectation.datasets();
    let proved = Some(outcome.proved)
        .filter(|proved| proved.of > 0 && matches!(outcome.read, Read::Statistics | Read::Scan));
    EvidenceReport {
        read,
        datasets: datasets.iter().map(|name| redacted(&name.to_string())).collect(),
        proved: proved.as_ref().map(ProvedReport::from),
        scanned_rows: proved.map(|proved| proved.of - proved.rows()),
        judged_by: check.expectation.judged_by().map(str::to_owned),
    }
}

impl From<&Proved> for ProvedReport {
    fn from(proved: &Proved) -> Self {
        Self {
            rows: proved.rows(),
            percent: percent(proved.rows(), proved.of),
            by_log: proved.by_log,
            by_footers: proved.by_footers,
            by_dictionaries: proved.by_dictionaries,
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a percent for people")]
fn percent(some: u64, all: u64) -> f64 {
    hundredths(if all == 0 { 0.0 } else { some as f64 * 100.0 / all as f64 })
}

//! The evidence for a verdict: what was read, and the rows on which statistics were enough.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::numbers::hundredths;
use crate::data::redacted;
use crate::engine::Proved;
use crate::evaluate::{Evidence, Outcome};
use crate::suite::Check;

/// The evidence for a verdict.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct EvidenceReport {
    /// What was read: none, schema, statistics, scan, second scan, query or text.
    pub read: String,
    /// The other datasets that were read for the verdict.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub datasets: Vec<String>,
    /// The rows for which statistics were enough, where statistics may replace reading rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proved: Option<ProvedReport>,
    /// Number of rows that statistics did not prove, and that were read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scanned_rows: Option<u64>,
    /// The engine that computed the values, where a system was asked for some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// The places in the statements of the suite's execution, from 0, of those that were answered for the verdict.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statements: Vec<u64>,
    /// The evaluator of the conditions, where there is more than one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub judged_by: Option<String>,
}

/// The rows for which statistics were enough.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct ProvedReport {
    /// Number of rows that statistics proved.
    pub rows: u64,
    /// Percentage of all rows that statistics proved, to 12 significant digits.
    pub percent: f64,
    /// Number of rows that the statistics of the log proved.
    pub by_log: u64,
    /// Number of rows that the statistics of footers proved.
    pub by_footers: u64,
    /// Number of rows that dictionaries proved.
    pub by_dictionaries: u64,
}

/// Returns what was read for a check, from which other datasets, and what evaluated its conditions.
pub(super) fn evidence(check: &Check, outcome: &Outcome) -> EvidenceReport {
    let read = outcome.read.name().to_owned();
    if outcome.read == Evidence::Nothing {
        return EvidenceReport {
            read,
            datasets: Vec::new(),
            proved: None,
            scanned_rows: None,
            engine: None,
            statements: Vec::new(),
            judged_by: None,
        };
    }
    let datasets = check.expectation.datasets();
    let proved = Some(outcome.proved)
        .filter(|proved| proved.of > 0 && matches!(outcome.read, Evidence::Statistics | Evidence::Scan));
    EvidenceReport {
        read,
        datasets: datasets.iter().map(|name| redacted(&name.to_string())).collect(),
        proved: proved.as_ref().map(ProvedReport::from),
        scanned_rows: proved.map(|proved| proved.of - proved.rows()),
        engine: outcome.origin.as_ref().map(|origin| origin.engine.clone()),
        statements: outcome
            .origin
            .iter()
            .flat_map(|origin| &origin.statements)
            .map(|number| *number as u64)
            .collect(),
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

//! The counts of the rows of a check, and the limits on those that fail.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::numbers::hundredths;
use crate::evaluate::Counts;
use crate::suite::{Limit, Thresholds};

/// The counts of the rows of a check.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct CountsReport {
    /// Number of rows that `where` selects.
    pub rows: u64,
    /// Number of these rows that the check considers.
    pub considered: u64,
    /// Number of considered rows that fail.
    pub failing: u64,
    /// Percentage of considered rows that fail, to 12 significant digits.
    pub failing_percent: f64,
    /// Percentage of considered rows beyond which the check warns; left out if it is not to warn, or of any failing row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warns_beyond_percent: Option<f64>,
    /// Percentage of considered rows beyond which the check fails; left out if it is not to fail, or of any failing row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fails_beyond_percent: Option<f64>,
}

impl CountsReport {
    pub(super) fn of(counts: Counts, thresholds: Thresholds) -> Self {
        let beyond = |limit: Option<Limit>| {
            limit.map(|limit| hundredths(limit.percent(counts.considered))).filter(|percent| *percent > 0.0)
        };
        Self {
            rows: counts.rows,
            considered: counts.considered,
            failing: counts.failing,
            failing_percent: hundredths(counts.failing_percent()),
            warns_beyond_percent: beyond(thresholds.warn),
            fails_beyond_percent: beyond(thresholds.fail),
        }
    }
}

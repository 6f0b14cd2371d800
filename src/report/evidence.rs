//! What a verdict stands on.

use serde_json::Value as Json;

use super::numbers::hundredths;
use crate::data::redacted;
use crate::evaluate::{Outcome, Read};
use crate::suite::Check;

/// What was read for a check, of which other datasets, and by what its conditions were evaluated.
pub(super) fn evidence(check: &Check, outcome: &Outcome) -> Json {
    let mut evidence = serde_json::json!({ "read": outcome.read.name() });
    if outcome.read == Read::Nothing {
        return evidence;
    }
    let datasets: Vec<String> =
        check.expectation.datasets().iter().map(|name| redacted(&name.to_string())).collect();
    if !datasets.is_empty() {
        evidence["datasets"] = datasets.into();
    }
    let proved = outcome.proved;
    if proved.of > 0 && matches!(outcome.read, Read::Statistics | Read::Scan) {
        evidence["proved"] = serde_json::json!({
            "rows": proved.rows(),
            "percent": percent(proved.rows(), proved.of),
            "by_log": proved.by_log,
            "by_footers": proved.by_footers,
            "by_dictionaries": proved.by_dictionaries,
        });
        evidence["scanned_rows"] = (proved.of - proved.rows()).into();
    }
    if let Some(judged_by) = check.expectation.judged_by() {
        evidence["judged_by"] = judged_by.into();
    }
    evidence
}

#[expect(clippy::cast_precision_loss, reason = "a percent for people")]
fn percent(some: u64, all: u64) -> Json {
    hundredths(if all == 0 { 0.0 } else { some as f64 * 100.0 / all as f64 })
}

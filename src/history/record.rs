//! What a history knows of a run without its report.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::demand::written;
use crate::document::identified;
use crate::evaluate::Verdict;
use crate::report::{CheckReport, Report, SinceReport, SuiteReport};
use crate::run::{Run, SuiteRun};
use crate::suite::Check;

/// The version of the format.
pub(super) const VERSION: u32 = 1;

/// What a history knows of a run without its report: in a folder, the first line of a run's file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct RunRecord {
    /// The version of this format: 1.
    pub history_version: u32,
    /// The id of the run, which sorts by time.
    pub id: String,
    /// Start of the run, RFC 3339.
    #[schemars(with = "String")]
    pub started_at: DateTime<Utc>,
    /// Duration of the run in milliseconds.
    pub elapsed_ms: u64,
    /// The version of karat.
    pub karat_version: String,
    /// The worst verdict.
    pub verdict: Verdict,
    /// The worst decision among the gates: pass, fail, error or skip.
    pub gate: Verdict,
    /// The suites, in the order of the run.
    pub suites: Vec<SuiteRecord>,
    /// Number of bytes of the report, the second line of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report_bytes: Option<u64>,
}

/// What a suite came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct SuiteRecord {
    /// The name of the suite.
    pub name: String,
    /// Its layer.
    pub layer: Option<String>,
    /// The SHA-256 of its text.
    pub digest: String,
    /// The worst verdict of its checks.
    pub verdict: Verdict,
    /// The decision of its gate: pass, fail, error or skip.
    pub gate: Verdict,
    /// The counts behind the decision.
    pub reason: String,
    /// Why no rows could be judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The location of the dataset, if it could be opened.
    pub uri: Option<String>,
    /// The version of the table.
    pub version: Option<u64>,
    /// Number of rows by the metadata.
    pub rows: Option<u64>,
    /// The checks, in the order of the suite.
    pub checks: Vec<CheckRecord>,
}

/// What a check came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct CheckRecord {
    /// The check's name within the suite.
    pub id: String,
    /// The SHA-256 of the check's canonical form.
    pub fingerprint: String,
    /// What it demands: a suite of this check alone. It is left out where that is long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demand: Option<Json>,
    /// The verdict.
    pub verdict: Verdict,
    /// Number of rows that the check considered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub considered: Option<u64>,
    /// Number of these rows that fail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing: Option<u64>,
    /// The measured value, of a check that judges a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed: Option<f64>,
    /// The first of the runs in an unbroken row, up to this one, that the check did not pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<SinceReport>,
    /// The last verdicts, the oldest first, this run's among them: p, w, f, e (error) or s (skip).
    pub verdicts: String,
}

impl RunRecord {
    /// Returns the record of a run.
    pub(super) fn of(run: &Run, report: &Report) -> Self {
        Self {
            history_version: VERSION,
            id: report.run.id.clone(),
            started_at: run.started_at,
            elapsed_ms: report.run.elapsed_ms,
            karat_version: report.run.karat_version.clone(),
            verdict: report.verdict,
            gate: report.gate.verdict,
            suites: run
                .suites
                .iter()
                .zip(&report.suites)
                .map(|(run, suite)| SuiteRecord::of(run, suite))
                .collect(),
            report_bytes: None,
        }
    }

    /// Returns the record of a suite.
    #[must_use]
    pub fn suite(&self, name: &str) -> Option<&SuiteRecord> {
        self.suites.iter().find(|suite| suite.name == name)
    }
}

impl SuiteRecord {
    fn of(run: &SuiteRun, suite: &SuiteReport) -> Self {
        let snapshot = suite.snapshot.as_ref();
        Self {
            name: suite.name.clone(),
            layer: suite.layer.clone(),
            digest: suite.digest.clone(),
            verdict: suite.verdict,
            gate: suite.gate.verdict,
            reason: suite.gate.reason.clone(),
            error: suite.error.clone(),
            uri: snapshot.map(|snapshot| snapshot.uri.clone()),
            version: snapshot.and_then(|snapshot| snapshot.version),
            rows: snapshot.and_then(|snapshot| snapshot.rows),
            checks: run
                .suite
                .checks
                .iter()
                .zip(&suite.checks)
                .map(|(check, report)| CheckRecord::of(check, report))
                .collect(),
        }
    }

    /// Returns the record of a check.
    #[must_use]
    pub fn check(&self, id: &str) -> Option<&CheckRecord> {
        self.checks.iter().find(|check| check.id == id)
    }
}

impl CheckRecord {
    fn of(of: &Check, check: &CheckReport) -> Self {
        let past = check.past.as_ref();
        Self {
            demand: written(of),
            id: check.id.clone(),
            fingerprint: check.fingerprint.clone(),
            verdict: check.verdict,
            considered: check.counts.as_ref().map(|counts| counts.considered),
            failing: check.counts.as_ref().map(|counts| counts.failing),
            observed: check.observed.as_f64(),
            since: past.and_then(|past| past.since.clone()),
            verdicts: past.map(|past| past.verdicts.clone()).unwrap_or_default(),
        }
    }
}

/// The JSON Schema of version 1 of a run's record.
#[must_use]
pub fn history_schema() -> serde_json::Value {
    identified("urn:karat:history:v1", schemars::schema_for!(RunRecord).to_value())
}

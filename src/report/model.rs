//! Version 1 of the report. The format has types of its own, so that karat's can change without it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::counts::CountsReport;
use super::evidence::{EvidenceReport, evidence};
use super::excerpt::excerpt;
use super::failing::{FrequentValue, SampleReport};
use super::gate::{GateReport, gate, gate_of_all};
use super::numbers::timestamp;
use super::others::OtherReport;
use super::past::{CheckPastReport, SuitePastReport, check_past, suite_past};
use super::phrases::finding;
use super::split_parts::SplitReport;
use super::staged::{PublicationReport, StagedReport};
use crate::document::Lines;
use crate::engine::Execution;
use crate::evaluate::{Outcome, Verdict};
use crate::privacy::Privacy;
use crate::run::{Run, SuiteRun};
use crate::source::{Dispute, Identity};
use crate::suite::{Check, Severity, Thresholds};

/// The version of the format.
pub(super) const VERSION: u32 = 1;

/// The report of a run.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Report {
    /// The version of this format: 1.
    pub schema_version: u32,
    /// The worst verdict: pass, warn, error, fail or skip.
    pub verdict: Verdict,
    /// The execution of the run.
    pub run: RunReport,
    /// Counts of checks by verdict.
    pub statistics: Statistics,
    /// The worst decision among the gates of the suites.
    pub gate: GateReport,
    /// What became of staged files, if the run was to publish any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publication: Option<PublicationReport>,
    /// The parts into which the rows were split, if they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split: Option<SplitReport>,
    /// The suites, in the order of the run.
    pub suites: Vec<SuiteReport>,
}

/// The execution of a run.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct RunReport {
    /// The unique id of the run, which sorts by time.
    pub id: String,
    /// Start of the run, RFC 3339.
    pub started_at: String,
    /// Duration of the run in milliseconds.
    pub elapsed_ms: u64,
    /// The version of karat.
    pub karat_version: String,
}

/// Counts of checks by verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Statistics {
    /// Number of all checks.
    pub checks: u64,
    /// Number of checks that passed.
    pub passed: u64,
    /// Number of checks that warned.
    pub warned: u64,
    /// Number of checks that failed.
    pub failed: u64,
    /// Number of checks that could not be evaluated.
    pub errored: u64,
    /// Number of checks that were not selected.
    pub skipped: u64,
}

/// The report of a suite.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct SuiteReport {
    /// The name of the suite.
    pub name: String,
    /// The layer: bronze, silver or gold, or one of the project's own.
    pub layer: Option<String>,
    /// The path of the suite's file.
    pub path: String,
    /// Where the web shows that file as it was, its lines at `#L1` and so on, if a build server says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub web: Option<String>,
    /// The SHA-256 of the suite's text.
    pub digest: String,
    /// The author's description.
    pub description: Option<String>,
    /// The owner of the dataset.
    pub owner: Option<String>,
    /// The worst verdict of the suite's checks.
    pub verdict: Verdict,
    /// The decision of the suite's gate.
    pub gate: GateReport,
    /// The snapshot that was judged.
    pub snapshot: Option<SnapshotReport>,
    /// The reason why no rows could be judged.
    pub error: Option<String>,
    /// The cost of reading the data.
    pub execution: Option<ExecutionReport>,
    /// Counts of the suite's checks by verdict.
    pub statistics: Statistics,
    /// What has changed since the previous run, where a history has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub past: Option<SuitePastReport>,
    /// The checks, in the order of the suite.
    pub checks: Vec<CheckReport>,
}

/// The exact snapshot of the data that was judged.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct SnapshotReport {
    /// The location of the dataset.
    pub uri: String,
    /// The format: delta, parquet, csv, ndjson, arrow or memory.
    pub format: String,
    /// The version of the table.
    pub version: Option<u64>,
    /// The version since which only changed rows are judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes_from: Option<u64>,
    /// Time of the version's commit, RFC 3339.
    pub timestamp: Option<String>,
    /// Number of data files.
    pub files: Option<u64>,
    /// Size of the data files in bytes.
    pub bytes: Option<u64>,
    /// Number of rows by the metadata.
    pub rows: Option<u64>,
    /// The digest of the names, sizes and footers of the files, or of all their bytes.
    pub digest: Option<String>,
    /// The files with which the version was judged, and which are no part of it; `files`, `bytes` and `rows` count them too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staged: Option<StagedReport>,
    /// The names of the columns, in their order.
    #[serde(default)]
    pub columns: Vec<String>,
}

/// The cost of reading the data.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct ExecutionReport {
    /// The engine and its version.
    pub engine: String,
    /// Number of scans of the data files.
    pub scans: u64,
    /// Number of suites that these reads served; the report of each of them counts the same reads.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub shared_by: u64,
    /// Number of these scans that were needed because one scan for all would have exceeded the memory.
    pub scans_for_memory: u64,
    /// The columns that the judging pass read.
    pub columns_read: Vec<String>,
    /// Number of rows that all scans returned.
    pub rows_read: u64,
    /// Number of bytes that the scans read.
    pub bytes_read: Option<u64>,
    /// Number of bytes of the data files that were not read; 0 if more was read, some of it twice.
    pub bytes_not_read: Option<u64>,
    /// Number of requests to the object store of the data, retries included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<u64>,
    /// Number of bytes in the answers of the object store: listings, the log, footers and columns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes_fetched: Option<u64>,
    /// The trusted statistics: log, footer or none; null in memory.
    pub trust: Option<String>,
    /// Columns that were read because log, footer and dictionary of a file contradict each other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disputes: Option<Vec<DisputeReport>>,
    /// The other datasets that were read.
    pub others: Vec<OtherReport>,
    /// The statements that a system answered for the verdicts, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statements: Vec<String>,
    /// Duration in milliseconds.
    pub elapsed_ms: u64,
}

const fn one() -> u64 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
const fn is_one(number: &u64) -> bool {
    *number == 1
}

/// A column of a file whose statistics contradict each other.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct DisputeReport {
    /// The file.
    pub file: String,
    /// The column.
    pub column: String,
    /// The statistics that contradict each other, with their sources.
    pub what: String,
}

/// The report of a check.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct CheckReport {
    /// The check's name within the suite.
    pub id: String,
    /// The id of the expectation.
    pub expectation: String,
    /// The columns that the check refers to.
    pub columns: Vec<String>,
    /// The arguments by name.
    pub arguments: Json,
    /// The predicate that selects the rows to judge, as canonical SQL.
    #[serde(rename = "where")]
    pub filter: Option<String>,
    /// The columns whose values form the groups to judge.
    pub group_by: Vec<String>,
    /// The severity: critical, warning or info.
    pub severity: Severity,
    /// The verdict: pass, warn, fail, error or skip.
    pub verdict: Verdict,
    /// True if the check passed because there was nothing to judge.
    pub vacuous: bool,
    /// Words to select the check by.
    pub tags: Vec<String>,
    /// The author's description.
    pub description: Option<String>,
    /// The statement that holds when the check passes.
    pub sentence: String,
    /// The finding in one line; may be empty.
    pub summary: String,
    /// The reason for the verdict, if the counts do not show it.
    pub reason: Option<String>,
    /// The measured value.
    pub observed: Json,
    /// The demand of the check.
    pub expected: String,
    /// The limits on failing rows; null for the default ones, or if no single rows are judged.
    pub thresholds: Option<String>,
    /// The counts of rows.
    pub counts: Option<CountsReport>,
    /// The most frequent failing values.
    pub values: Vec<FrequentValue>,
    /// True if all failing rows were counted for the frequent values, and not only the first ones.
    pub values_exact: bool,
    /// The first failing rows, in the order of the snapshot.
    pub samples: Vec<SampleReport>,
    /// True if values were withheld because they are personal data.
    pub masked: bool,
    /// The evidence for the verdict.
    pub evidence: EvidenceReport,
    /// The SHA-256 of the check's canonical form.
    pub fingerprint: String,
    /// The check's line in the suite's file.
    pub line: u64,
    /// The check's own lines in the suite's file, of a check that did not pass; without possible credentials.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<String>,
    /// How the check fared in the runs before, where a history is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub past: Option<CheckPastReport>,
}

impl From<&Run> for Report {
    fn from(run: &Run) -> Self {
        let suites: Vec<SuiteReport> = run.suites.iter().map(SuiteReport::from).collect();
        Self {
            schema_version: VERSION,
            verdict: run.verdict(),
            run: RunReport {
                id: run.id.clone(),
                started_at: timestamp(run.started_at),
                elapsed_ms: milliseconds(run.elapsed),
                karat_version: env!("CARGO_PKG_VERSION").to_owned(),
            },
            statistics: Statistics::of(run.suites.iter().flat_map(|suite| &suite.outcomes)),
            publication: run.publication.as_ref().map(PublicationReport::from),
            split: run.split.as_ref().map(SplitReport::from),
            gate: gate_of_all(run),
            suites,
        }
    }
}

impl From<&SuiteRun> for SuiteReport {
    fn from(run: &SuiteRun) -> Self {
        let suite = &run.suite;
        let lines = Lines::of(&suite.text);
        Self {
            name: suite.name.clone(),
            layer: suite.layer.as_ref().map(ToString::to_string),
            path: suite.path.clone(),
            web: None,
            digest: suite.digest.clone(),
            description: suite.description.clone(),
            owner: suite.owner.clone(),
            verdict: run.verdict(),
            gate: gate(run),
            snapshot: run.snapshot.as_ref().map(|identity| snapshot(identity, run)),
            error: run.error.as_deref().map(str::to_owned),
            execution: run
                .execution
                .as_ref()
                .map(|(engine, execution)| execution_report(run, engine, execution)),
            statistics: Statistics::of(&run.outcomes),
            checks: suite
                .checks
                .iter()
                .zip(&run.outcomes)
                .enumerate()
                .map(|(position, (check, outcome))| CheckReport {
                    past: check_past(run, position),
                    ..check_report(check, outcome, &suite.text, &lines)
                })
                .collect(),
            past: suite_past(run),
        }
    }
}

impl Statistics {
    fn of<'a>(outcomes: impl IntoIterator<Item = &'a Outcome>) -> Self {
        let mut statistics = Self::default();
        for outcome in outcomes {
            statistics.checks += 1;
            match outcome.verdict {
                Verdict::Pass => statistics.passed += 1,
                Verdict::Warn => statistics.warned += 1,
                Verdict::Fail => statistics.failed += 1,
                Verdict::Error => statistics.errored += 1,
                Verdict::Skip => statistics.skipped += 1,
            }
        }
        statistics
    }
}

fn snapshot(identity: &Identity, run: &SuiteRun) -> SnapshotReport {
    SnapshotReport {
        uri: identity.uri.clone(),
        format: identity.format.name().to_owned(),
        version: identity.version,
        changes_from: identity.changes_from,
        timestamp: identity.committed.map(timestamp),
        files: identity.files,
        bytes: identity.bytes,
        rows: identity.rows,
        digest: identity.digest.clone(),
        staged: identity.staged.as_ref().map(|staged| StagedReport::of(staged, &run.suite.privacy())),
        columns: run.columns.clone(),
    }
}

/// Returns the cost of reading the data of a suite: scans, rows, bytes, requests and time.
fn execution_report(run: &SuiteRun, engine: &str, execution: &Execution) -> ExecutionReport {
    let bytes = run.snapshot.as_ref().and_then(|identity| identity.bytes);
    let privacy = run.suite.privacy();
    let disputes = || execution.disputes.iter().map(|of| dispute(of, &privacy)).collect();
    ExecutionReport {
        engine: engine.to_owned(),
        scans: execution.scans,
        shared_by: run.shared_by as u64,
        scans_for_memory: execution.scans_for_memory,
        columns_read: execution.columns_read.clone(),
        rows_read: execution.rows_read,
        bytes_read: execution.bytes_read,
        requests: execution.network.map(|network| network.requests),
        bytes_fetched: execution.network.map(|network| network.bytes),
        bytes_not_read: bytes.zip(execution.bytes_read).map(|(bytes, read)| bytes.saturating_sub(read)),
        trust: execution.trust.map(|trust| trust.name().to_owned()),
        disputes: (!execution.disputes.is_empty()).then(disputes),
        others: execution.others.iter().map(OtherReport::of).collect(),
        statements: execution.statements.iter().map(|text| privacy.text(text).to_string()).collect(),
        elapsed_ms: milliseconds(run.elapsed),
    }
}

fn dispute(of: &Dispute, privacy: &Privacy) -> DisputeReport {
    DisputeReport {
        file: privacy.text(&of.file).to_string(),
        column: of.column.clone(),
        what: of.what.clone(),
    }
}

fn check_report(check: &Check, outcome: &Outcome, text: &str, lines: &Lines) -> CheckReport {
    let by_rows = check.definition.nature.counts_rows();
    let exact = outcome.counts.is_none_or(|counts| counts.failing == outcome.samples.counted);
    CheckReport {
        id: check.id.clone(),
        expectation: check.name.clone(),
        columns: outcome.columns.iter().map(ToString::to_string).collect(),
        arguments: check.given().clone(),
        filter: check.condition().map(|condition| condition.to_string()),
        group_by: check.group_by.iter().map(ToString::to_string).collect(),
        severity: check.severity,
        verdict: outcome.verdict,
        vacuous: outcome.vacuous,
        tags: check.tags.clone(),
        description: check.description.clone(),
        sentence: check.summary.clone(),
        summary: finding(check, outcome),
        reason: reason(outcome),
        observed: outcome.observed.to_json(),
        expected: check.demand(),
        thresholds: (by_rows && check.thresholds != Thresholds::default())
            .then(|| check.thresholds.to_string()),
        counts: outcome.counts.map(|counts| CountsReport::of(counts, check.thresholds)),
        values: outcome
            .samples
            .frequent
            .iter()
            .map(|(value, count)| FrequentValue::new(value, *count))
            .collect(),
        values_exact: exact,
        samples: outcome.samples.rows.iter().map(SampleReport::from).collect(),
        masked: outcome.masked,
        evidence: evidence(check, outcome),
        fingerprint: check.fingerprint(),
        line: u64::try_from(lines.line(check.span)).unwrap_or(u64::MAX),
        lines: (outcome.verdict > Verdict::Pass)
            .then(|| excerpt(text, check.span.start))
            .filter(|lines| !lines.is_empty()),
        past: None,
    }
}

fn reason(outcome: &Outcome) -> Option<String> {
    match (&outcome.reason, &outcome.help) {
        (Some(reason), Some(help)) => Some(format!("{reason}; {help}")),
        (reason, _) => reason.as_deref().map(str::to_owned),
    }
}

pub(super) fn milliseconds(elapsed: std::time::Duration) -> u64 {
    u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
}

//! What has changed from one run to another.

use serde::Serialize;

use super::demand::change_of_records;
use super::record::{RunRecord, SuiteRecord};
use crate::evaluate::Verdict;
use crate::run::{Change, Turn};

/// What has changed from one run to another, suite by suite.
#[derive(Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[non_exhaustive]
pub struct RunDiff {
    /// The id of the earlier run.
    pub old: String,
    /// The id of the later run.
    pub new: String,
    /// The suites of either run, in the order of the later one.
    pub suites: Vec<SuiteRunDiff>,
}

/// What has changed of a suite.
#[derive(Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[non_exhaustive]
pub struct SuiteRunDiff {
    /// The name of the suite.
    pub suite: String,
    /// The decision of its gate in the earlier run; null if it was not run.
    pub old_gate: Option<Verdict>,
    /// The decision of its gate in the later run; null if it was not run.
    pub gate: Option<Verdict>,
    /// The version of the table in the earlier run.
    pub old_version: Option<u64>,
    /// The version of the table in the later run.
    pub version: Option<u64>,
    /// Number of rows in the earlier run.
    pub old_rows: Option<u64>,
    /// Number of rows in the later run.
    pub rows: Option<u64>,
    /// The checks that passed and do not any more.
    pub newly_failing: Vec<String>,
    /// The checks that did not pass and do now.
    pub fixed: Vec<String>,
    /// The checks that pass in neither run.
    pub still_failing: Vec<String>,
    /// The checks that only the later run has.
    pub new: Vec<String>,
    /// The checks that let less through than they did.
    pub stronger: Vec<String>,
    /// The checks that let more through than they did.
    pub weaker: Vec<String>,
    /// The checks that demand something else.
    pub changed: Vec<String>,
    /// The checks that only the earlier run has.
    pub gone: Vec<String>,
}

/// Compares two runs.
#[must_use]
pub fn compare(old: &RunRecord, new: &RunRecord) -> RunDiff {
    let mut suites: Vec<SuiteRunDiff> =
        new.suites.iter().map(|suite| of_suite(old.suite(&suite.name), Some(suite))).collect();
    let gone = old.suites.iter().filter(|suite| new.suite(&suite.name).is_none());
    suites.extend(gone.map(|suite| of_suite(Some(suite), None)));
    RunDiff { old: old.id.clone(), new: new.id.clone(), suites }
}

fn of_suite(old: Option<&SuiteRecord>, new: Option<&SuiteRecord>) -> SuiteRunDiff {
    let name = new.or(old).map(|suite| suite.name.clone()).unwrap_or_default();
    let mut diff = SuiteRunDiff {
        suite: name,
        old_gate: old.map(|suite| suite.gate),
        gate: new.map(|suite| suite.gate),
        old_version: old.and_then(|suite| suite.version),
        version: new.and_then(|suite| suite.version),
        old_rows: old.and_then(|suite| suite.rows),
        rows: new.and_then(|suite| suite.rows),
        newly_failing: Vec::new(),
        fixed: Vec::new(),
        still_failing: Vec::new(),
        new: Vec::new(),
        stronger: Vec::new(),
        weaker: Vec::new(),
        changed: Vec::new(),
        gone: Vec::new(),
    };
    let (Some(old), Some(new)) = (old, new) else { return diff };
    for check in &new.checks {
        let Some(before) = old.check(&check.id) else {
            diff.new.push(check.id.clone());
            continue;
        };
        if before.fingerprint != check.fingerprint {
            let list = match change_of_records(before, check) {
                Change::Stronger => &mut diff.stronger,
                Change::Weaker => &mut diff.weaker,
                Change::Other => &mut diff.changed,
            };
            list.push(check.id.clone());
        }
        let list = match Turn::of(before.verdict, check.verdict) {
            Some(Turn::NewlyFailing) => &mut diff.newly_failing,
            Some(Turn::Fixed) => &mut diff.fixed,
            Some(Turn::StillFailing) => &mut diff.still_failing,
            None => continue,
        };
        list.push(check.id.clone());
    }
    let gone = old.checks.iter().filter(|check| new.check(&check.id).is_none());
    diff.gone = gone.map(|check| check.id.clone()).collect();
    diff
}

//! What a site knows of a dataset: its last runs, and what each check came to in them.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::VERSION;
use super::slug::slug;
use crate::evaluate::Verdict;
use crate::report::{CheckReport, Home, Report, Statistics, SuiteReport, letter};
use crate::suite::Severity;

/// How many runs of a dataset its page knows. All runs have pages of their own.
pub(super) const MOST_RUNS: usize = 200;

/// The letter of a run that does not have the check.
pub(super) const ABSENT: char = '-';

/// A dataset as its suite judges it, over its last runs: `d/NAME.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct DatasetHistory {
    /// The version of this format: 1.
    pub site_version: u32,
    /// The name of the suite.
    pub suite: String,
    /// The name of its files, without their endings.
    pub slug: String,
    /// The layer.
    pub layer: Option<String>,
    /// The owner.
    pub owner: Option<String>,
    /// The author's description.
    pub description: Option<String>,
    /// The path of the suite's file.
    pub path: String,
    /// The location of the dataset, if the last run could open it.
    pub uri: Option<String>,
    /// Its format.
    pub format: Option<String>,
    /// Number of its data files.
    pub files: Option<u64>,
    /// Their size in bytes.
    pub bytes: Option<u64>,
    /// The names of its columns, where the last run could open it.
    pub columns: Vec<String>,
    /// The locations of the datasets that it is compared with.
    pub others: Vec<String>,
    /// The last runs, at most 200, the oldest first.
    pub runs: Vec<DatasetRun>,
    /// The checks of these runs: those of the last one in its order, then others.
    pub checks: Vec<CheckHistory>,
}

/// A run of a dataset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct DatasetRun {
    /// The id of the run.
    pub id: String,
    /// Start of the run, RFC 3339.
    pub started_at: String,
    /// The version of the table.
    pub version: Option<u64>,
    /// Time of the version's commit, RFC 3339.
    pub committed: Option<String>,
    /// Number of rows by the metadata.
    pub rows: Option<u64>,
    /// The decision of the gate: pass, fail, error or skip.
    pub gate: Verdict,
    /// The worst verdict of the checks.
    pub verdict: Verdict,
    /// The counts behind the decision.
    pub reason: String,
    /// The policy that applied.
    pub policy: String,
    /// Why no rows could be judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What has changed since the run before, in one line; empty if nothing has.
    pub changes: String,
    /// Counts of checks by verdict.
    pub statistics: Statistics,
}

/// What a check came to in the runs of a dataset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct CheckHistory {
    /// The check's name within the suite.
    pub id: String,
    /// The id of the expectation.
    pub expectation: String,
    /// The columns that the check refers to.
    pub columns: Vec<String>,
    /// The demand in words.
    pub demand: String,
    /// The statement that holds when the check passes.
    pub sentence: String,
    /// The predicate that selects the rows to judge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// The limits on failing rows in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thresholds: Option<String>,
    /// The severity.
    pub severity: Severity,
    /// Words to select the check by.
    pub tags: Vec<String>,
    /// The author's description: the reason of the demand.
    pub description: Option<String>,
    /// The SHA-256 of the check's canonical form.
    pub fingerprint: String,
    /// Start of the first run that had it as it is, RFC 3339.
    pub since: String,
    /// What the last run found, in one line.
    pub finding: String,
    /// Since when it does not pass, in words; empty if it does.
    pub failing_since: String,
    /// The least value that is allowed, of a check that judges a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least: Option<f64>,
    /// The greatest value that is allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<f64>,
    /// A letter for each run: p, w, f, e (error) or s (skip); - where the run did not have the check.
    pub verdicts: String,
    /// Number of failing rows in each run.
    pub failing: Vec<Option<u64>>,
    /// Number of considered rows in each run.
    pub considered: Vec<Option<u64>>,
    /// The measured value in each run, of a check that judges a number.
    pub observed: Vec<Option<f64>>,
}

impl DatasetHistory {
    /// Returns a dataset of which no run is known.
    pub(super) fn of(suite: &SuiteReport) -> Self {
        Self {
            site_version: VERSION,
            suite: suite.name.clone(),
            slug: slug(&suite.name),
            layer: None,
            owner: None,
            description: None,
            path: String::new(),
            uri: None,
            format: None,
            files: None,
            bytes: None,
            columns: Vec::new(),
            others: Vec::new(),
            runs: Vec::new(),
            checks: Vec::new(),
        }
    }

    /// Adds what a run says. A run that is there already is replaced; one that is older than all 200 is left out.
    pub(super) fn add(&mut self, report: &Report, suite: &SuiteReport, home: &Home) {
        let id = report.run.id.as_str();
        let place = match self.runs.binary_search_by(|run| run.id.as_str().cmp(id)) {
            Ok(place) => {
                self.forget(place);
                place
            }
            Err(0) if self.runs.len() >= MOST_RUNS => return,
            Err(place) => place,
        };
        let is_last = place == self.runs.len();
        self.runs.insert(place, DatasetRun::of(report, suite, home));
        for check in &mut self.checks {
            check.insert(place, None);
        }
        for check in &suite.checks {
            let known = self.known(check, suite).unwrap_or_else(|| {
                self.checks.push(CheckHistory::of(check, &report.run.started_at, self.runs.len(), home));
                self.checks.len() - 1
            });
            if let Some(known) = self.checks.get_mut(known) {
                known.forget(place);
                known.insert(place, Some(check));
                if is_last {
                    known.become_as(check, &report.run.started_at, home);
                }
            }
        }
        if is_last {
            self.become_as(suite, home);
        }
        if self.runs.len() > MOST_RUNS {
            self.forget(0);
        }
        // A check that none of the runs has any more is forgotten.
        self.checks.retain(|check| check.verdicts.chars().any(|letter| letter != ABSENT));
    }

    /// Returns the position of a check: the one of its id, or one that has left the suite and demanded the same.
    fn known(&self, check: &CheckReport, suite: &SuiteReport) -> Option<usize> {
        let left = |known: &CheckHistory| !suite.checks.iter().any(|check| check.id == known.id);
        let same = self.checks.iter().position(|known| known.id == check.id);
        same.or_else(|| {
            self.checks.iter().position(|known| known.fingerprint == check.fingerprint && left(known))
        })
    }

    fn forget(&mut self, place: usize) {
        if place < self.runs.len() {
            self.runs.remove(place);
            self.checks.iter_mut().for_each(|check| check.forget(place));
        }
    }

    /// Takes from the last run what it says of the dataset itself.
    fn become_as(&mut self, suite: &SuiteReport, home: &Home) {
        self.layer.clone_from(&suite.layer);
        self.owner.clone_from(&suite.owner);
        self.description.clone_from(&suite.description);
        self.path = home.path(&suite.path);
        if let Some(snapshot) = &suite.snapshot {
            self.uri = Some(home.path(&snapshot.uri));
            self.format = Some(snapshot.format.clone());
            self.files = snapshot.files;
            self.bytes = snapshot.bytes;
            self.columns.clone_from(&snapshot.columns);
        }
        if let Some(execution) = &suite.execution {
            let mut others: Vec<String> =
                execution.others.iter().map(|other| home.path(&other.uri)).collect();
            others.retain(|other| Some(other) != self.uri.as_ref());
            others.sort_unstable();
            others.dedup();
            self.others = others;
        }
        // An error of the whole suite says nothing of its checks.
        let place = |check: &CheckHistory| {
            suite.checks.iter().position(|now| now.id == check.id).unwrap_or(usize::MAX)
        };
        self.checks.sort_by_key(place);
    }

    /// Returns the last run.
    pub(super) fn last(&self) -> Option<&DatasetRun> {
        self.runs.last()
    }

    /// Returns the checks of the last run.
    pub(super) fn current(&self) -> impl Iterator<Item = &CheckHistory> {
        self.checks.iter().filter(|check| check.is_current())
    }
}

impl DatasetRun {
    fn of(report: &Report, suite: &SuiteReport, home: &Home) -> Self {
        let snapshot = suite.snapshot.as_ref();
        Self {
            id: report.run.id.clone(),
            started_at: report.run.started_at.clone(),
            version: snapshot.and_then(|snapshot| snapshot.version),
            committed: snapshot.and_then(|snapshot| snapshot.timestamp.clone()),
            rows: snapshot.and_then(|snapshot| snapshot.rows),
            gate: suite.gate.verdict,
            verdict: suite.verdict,
            reason: suite.gate.reason.clone(),
            policy: suite.gate.policy.clone(),
            error: suite.error.as_deref().map(|error| home.text(error)),
            changes: suite.past.as_ref().map(|past| past.summary.clone()).unwrap_or_default(),
            statistics: suite.statistics,
        }
    }

    /// Returns the age of the commit when the run started, in hours.
    #[expect(clippy::cast_precision_loss, reason = "hours, shown with one decimal")]
    pub(super) fn age(&self) -> Option<f64> {
        let time = |text: &str| text.parse::<DateTime<Utc>>().ok();
        let age = time(&self.started_at)? - time(self.committed.as_deref()?)?;
        Some(age.num_seconds() as f64 / 3600.0)
    }

    /// Returns whether the gate keeps the data back.
    pub(super) const fn is_blocked(&self) -> bool {
        matches!(self.gate, Verdict::Fail | Verdict::Error)
    }
}

impl CheckHistory {
    /// Returns a check that none of so many runs had.
    fn of(check: &CheckReport, started_at: &str, runs: usize, home: &Home) -> Self {
        let mut history = Self {
            id: String::new(),
            expectation: String::new(),
            columns: Vec::new(),
            demand: String::new(),
            sentence: String::new(),
            filter: None,
            thresholds: None,
            severity: check.severity,
            tags: Vec::new(),
            description: None,
            fingerprint: String::new(),
            since: String::new(),
            finding: String::new(),
            failing_since: String::new(),
            least: None,
            most: None,
            verdicts: ABSENT.to_string().repeat(runs),
            failing: vec![None; runs],
            considered: vec![None; runs],
            observed: vec![None; runs],
        };
        history.become_as(check, started_at, home);
        history
    }

    /// Takes from the last run what it says of the check itself.
    fn become_as(&mut self, check: &CheckReport, started_at: &str, home: &Home) {
        if self.fingerprint != check.fingerprint {
            started_at.clone_into(&mut self.since);
        }
        let said =
            if check.summary.is_empty() { check.reason.as_deref() } else { Some(check.summary.as_str()) };
        self.id.clone_from(&check.id);
        self.expectation.clone_from(&check.expectation);
        self.columns.clone_from(&check.columns);
        self.demand.clone_from(&check.expected);
        self.sentence.clone_from(&check.sentence);
        self.filter.clone_from(&check.filter);
        self.thresholds.clone_from(&check.thresholds);
        self.severity = check.severity;
        self.tags.clone_from(&check.tags);
        self.description.clone_from(&check.description);
        self.fingerprint.clone_from(&check.fingerprint);
        self.finding = home.text(said.unwrap_or_default());
        self.failing_since = check.past.as_ref().map(|past| past.summary.clone()).unwrap_or_default();
        (self.least, self.most) =
            if check.observed.is_number() { bounds(&check.arguments) } else { (None, None) };
    }

    /// Inserts what a run says at its place: nothing, if it does not have the check.
    fn insert(&mut self, place: usize, check: Option<&CheckReport>) {
        let counts = check.and_then(|check| check.counts.as_ref());
        // Letters are of one byte each.
        self.verdicts.insert(place, check.map_or(ABSENT, |check| letter(check.verdict)));
        self.failing.insert(place, counts.map(|counts| counts.failing));
        self.considered.insert(place, counts.map(|counts| counts.considered));
        self.observed.insert(place, check.and_then(|check| check.observed.as_f64()));
    }

    fn forget(&mut self, place: usize) {
        if place < self.failing.len() {
            self.verdicts.remove(place);
            self.failing.remove(place);
            self.considered.remove(place);
            self.observed.remove(place);
        }
    }

    /// Returns whether the last run has the check.
    pub(super) fn is_current(&self) -> bool {
        !self.verdicts.ends_with(ABSENT)
    }

    /// Returns the percentage of rows that fail in each run.
    #[expect(clippy::cast_precision_loss, reason = "a chart shows three digits")]
    pub(super) fn failing_percent(&self) -> Vec<Option<f64>> {
        let percent = |(failing, considered): (&Option<u64>, &Option<u64>)| match (failing, considered) {
            (Some(failing), Some(considered)) if *considered > 0 => {
                Some(*failing as f64 * 100.0 / *considered as f64)
            }
            (Some(_), _) => Some(0.0),
            _ => None,
        };
        self.failing.iter().zip(&self.considered).map(percent).collect()
    }
}

/// Returns the bounds among the arguments of a check, of which the observed number is one that they bound.
fn bounds(arguments: &Json) -> (Option<f64>, Option<f64>) {
    let number = |names: &[&str]| names.iter().find_map(|name| arguments.get(name)?.as_f64());
    (number(&["equal", "min"]), number(&["equal", "max"]))
}

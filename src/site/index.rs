//! What the start page of a site knows: each dataset in a line, and the newest runs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::VERSION;
use super::dataset::{CheckHistory, DatasetHistory, DatasetRun};
use super::incidents::Place;
use crate::evaluate::Verdict;
use crate::report::{Report, Statistics, letter};
use crate::suite::Layers;

/// How many of the last gates a line shows.
const STRIP: usize = 30;

/// How many runs a sealed part of the list holds.
pub(super) const SEALED: usize = 200;

/// The start page's data: `index.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct SiteIndex {
    /// The version of this format: 1.
    pub site_version: u32,
    /// The version of karat that wrote the pages.
    pub karat_version: String,
    /// Number of all runs.
    pub runs: u64,
    /// Number of parts of the list of runs that are full: `runs/1.json` and so on, the oldest first, each of 200 runs.
    pub sealed: u64,
    /// The datasets: by layer, and the blocked ones of each first.
    pub datasets: Vec<DatasetLine>,
    /// The newest runs, which are in no full part, the oldest first.
    pub newest: Vec<RunLine>,
    /// The ids of all expectations that a run has used, in their order.
    pub expectations: Vec<String>,
    /// The files of the history that are no runs, as they were when the site was built.
    pub skipped: Vec<String>,
}

/// A dataset in a line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct DatasetLine {
    /// The name of the suite.
    pub suite: String,
    /// The name of its files, without their endings.
    pub slug: String,
    /// The path of the suite's file.
    pub path: String,
    /// The layer.
    pub layer: Option<String>,
    /// The owner.
    pub owner: Option<String>,
    /// The location of the dataset.
    pub uri: Option<String>,
    /// The names of the suites of the datasets that it is compared with.
    pub others: Vec<String>,
    /// The last run.
    pub last: DatasetRun,
    /// Number of rows in the run before.
    pub rows_before: Option<u64>,
    /// The gates of the last 30 runs, the oldest first: p, f, e (could not tell) or s (skip).
    pub gates: String,
    /// The first run in an unbroken row, up to the last one, that the gate kept the data back.
    pub blocked_since: Option<Place>,
    /// The worst check, if any does not pass.
    pub worst: Option<Worst>,
    /// The checks, with how they fared.
    pub checks: Vec<CheckLine>,
}

/// The check that is worst.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Worst {
    /// The check's name within the suite.
    pub check: String,
    /// Its verdict.
    pub verdict: Verdict,
    /// What was found, in one line.
    pub finding: String,
    /// Since when it does not pass, in words; may be empty.
    pub since: String,
}

/// How a check fared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct CheckLine {
    /// The check's name within the suite.
    pub id: String,
    /// The id of the expectation.
    pub expectation: String,
    /// The last 30 verdicts, the oldest first: p, w, f, e (error), s (skip), or - where it was not there.
    pub verdicts: String,
    /// Start of the last run that it failed, of those that the dataset's page knows.
    pub broken: Option<String>,
}

/// A run in a line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct RunLine {
    /// The id of the run.
    pub id: String,
    /// Start of the run, RFC 3339.
    pub started_at: String,
    /// Duration of the run in milliseconds.
    pub elapsed_ms: u64,
    /// The worst decision among its gates.
    pub gate: Verdict,
    /// The worst verdict.
    pub verdict: Verdict,
    /// The counts of its checks by verdict.
    pub statistics: Statistics,
    /// The suites with their gates.
    pub suites: Vec<SuiteLine>,
}

/// A suite of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct SuiteLine {
    /// The name of the suite.
    pub suite: String,
    /// The layer.
    pub layer: Option<String>,
    /// The decision of its gate.
    pub gate: Verdict,
}

impl SiteIndex {
    /// Returns the index of a site without runs.
    pub(super) fn empty() -> Self {
        Self {
            site_version: VERSION,
            karat_version: env!("CARGO_PKG_VERSION").to_owned(),
            runs: 0,
            sealed: 0,
            datasets: Vec::new(),
            newest: Vec::new(),
            expectations: Vec::new(),
            skipped: Vec::new(),
        }
    }

    /// Adds a run, after the line of each of its datasets. Returns the part of the list that is full now.
    pub(super) fn add(&mut self, report: &Report) -> Option<Vec<RunLine>> {
        let line = RunLine::from(report);
        match self.newest.binary_search_by(|run| run.id.cmp(&line.id)) {
            Ok(place) => self.newest[place] = line,
            Err(place) => {
                self.newest.insert(place, line);
                self.runs += 1;
            }
        }
        if self.newest.len() < 2 * SEALED {
            return None;
        }
        // As many stay as the list shows at once.
        self.sealed += 1;
        Some(self.newest.drain(..SEALED).collect())
    }

    /// Sets the line of a dataset. One of the same file under another name is left out from now on: the suite has a new name.
    pub(super) fn set(&mut self, dataset: &DatasetHistory) {
        let Some(line) = DatasetLine::of(dataset) else { return };
        // Of a file outside of the project, only the end of its path is known.
        let is_known = !line.path.is_empty() && !line.path.starts_with('…');
        let is_renamed = |other: &DatasetLine| is_known && other.path == line.path;
        self.datasets.retain(|other| other.suite != line.suite && !is_renamed(other));
        for check in &line.checks {
            if let Err(place) = self.expectations.binary_search(&check.expectation) {
                self.expectations.insert(place, check.expectation.clone());
            }
        }
        self.datasets.push(line);
    }

    /// Brings the datasets into their order.
    pub(super) fn settle(&mut self) {
        self.datasets.sort_by(|one, other| one.order().cmp(&other.order()));
    }

    /// Returns the names of the suites whose data lies at a location.
    pub(super) fn at<'a>(&'a self, uri: &'a str) -> impl Iterator<Item = &'a DatasetLine> {
        self.datasets.iter().filter(move |line| line.uri.as_deref() == Some(uri))
    }

    /// Returns the start of the newest run.
    pub(super) fn newest_run(&self) -> Option<&RunLine> {
        self.newest.last()
    }
}

impl DatasetLine {
    fn of(dataset: &DatasetHistory) -> Option<Self> {
        let last = dataset.last()?;
        let runs = &dataset.runs;
        let blocked = runs.iter().rev().take_while(|run| run.is_blocked() || run.gate == Verdict::Skip);
        let blocked_since = blocked.filter(|run| run.is_blocked()).last().map(Place::from);
        Some(Self {
            suite: dataset.suite.clone(),
            slug: dataset.slug.clone(),
            path: dataset.path.clone(),
            layer: dataset.layer.clone(),
            owner: dataset.owner.clone(),
            uri: dataset.uri.clone(),
            others: dataset.others.clone(),
            last: last.clone(),
            rows_before: runs.iter().rev().nth(1).and_then(|run| run.rows),
            gates: runs.iter().skip(runs.len().saturating_sub(STRIP)).map(|run| letter(run.gate)).collect(),
            blocked_since,
            worst: Worst::of(dataset),
            checks: dataset.current().map(|check| CheckLine::of(check, dataset)).collect(),
        })
    }

    /// Returns the key of the order: the layers from raw to refined, the blocked datasets of each first, then by name.
    fn order(&self) -> (usize, &str, std::cmp::Reverse<Verdict>, &str) {
        let layer = self.layer.as_deref().unwrap_or_default();
        let rank = Layers::standard().names().position(|known| known == layer);
        // Layers of the project's own stand behind those, and what has none stands last.
        let rank = rank.unwrap_or(if layer.is_empty() { usize::MAX } else { usize::MAX - 1 });
        (rank, layer, std::cmp::Reverse(self.last.gate), &self.suite)
    }
}

impl Worst {
    fn of(dataset: &DatasetHistory) -> Option<Self> {
        let is = |check: &&CheckHistory, verdict| check.verdicts.ends_with(letter(verdict));
        [Verdict::Fail, Verdict::Error, Verdict::Warn].into_iter().find_map(|verdict| {
            let check = dataset.current().find(|check| is(check, verdict))?;
            Some(Self {
                check: check.id.clone(),
                verdict,
                finding: check.finding.clone(),
                since: check.failing_since.clone(),
            })
        })
    }
}

impl CheckLine {
    fn of(check: &CheckHistory, dataset: &DatasetHistory) -> Self {
        let bad = |of: char| of == letter(Verdict::Fail) || of == letter(Verdict::Error);
        let broken = check.verdicts.chars().zip(&dataset.runs).filter(|(of, _)| bad(*of)).last();
        let most = check.verdicts.len().saturating_sub(STRIP);
        Self {
            id: check.id.clone(),
            expectation: check.expectation.clone(),
            verdicts: check.verdicts.chars().skip(most).collect(),
            broken: broken.map(|(_, run)| run.started_at.clone()),
        }
    }
}

impl From<&Report> for RunLine {
    fn from(report: &Report) -> Self {
        let suites = report.suites.iter().map(|suite| SuiteLine {
            suite: suite.name.clone(),
            layer: suite.layer.clone(),
            gate: suite.gate.verdict,
        });
        Self {
            id: report.run.id.clone(),
            started_at: report.run.started_at.clone(),
            elapsed_ms: report.run.elapsed_ms,
            gate: report.gate.verdict,
            verdict: report.verdict,
            statistics: report.statistics,
            suites: suites.collect(),
        }
    }
}

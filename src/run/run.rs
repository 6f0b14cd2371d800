//! The results of one execution.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Past, Publication, SplitParts};
use crate::engine::Execution;
use crate::evaluate::{Outcome, Verdict};
use crate::gate::{Decision, Gate, verdict};
use crate::privacy::Shown;
use crate::source::Identity;
use crate::suite::{Suite, digest};

/// One execution: its suites, the data that was judged, the outcomes, and the gates.
#[derive(Debug)]
#[non_exhaustive]
pub struct Run {
    /// A unique name, which sorts by time.
    pub id: String,
    /// The time at which the run started.
    pub started_at: DateTime<Utc>,
    /// The duration of the run.
    pub elapsed: Duration,
    /// The suites, in the order in which they ran.
    pub suites: Vec<SuiteRun>,
    /// What became of files that were to be published, if the run was to publish any.
    pub publication: Option<Publication>,
    /// The parts into which the rows were split, once they are written.
    pub split: Option<SplitParts>,
}

/// The results of a suite.
#[derive(Debug)]
#[non_exhaustive]
pub struct SuiteRun {
    /// The suite.
    pub suite: Suite,
    /// The URI of its data, without credentials; `None` if the suite names none.
    pub uri: Option<String>,
    /// The identity of the judged data; `None` if it could not be opened.
    pub snapshot: Option<Identity>,
    /// The names of the columns of the judged data; none if it could not be opened.
    pub columns: Vec<String>,
    /// The reason why no rows could be judged.
    pub error: Option<Shown<str>>,
    /// The name of the engine, and the cost of its reads; `None` if nothing was read.
    pub execution: Option<(String, Execution)>,
    /// Number of suites that the same reads of the data served; their execution and duration are the same.
    pub shared_by: usize,
    /// The duration of the suite's run.
    pub elapsed: Duration,
    /// The outcome of each check, in the suite's order.
    pub outcomes: Vec<Outcome>,
    /// The decision of the gate.
    pub gate: Gate,
    /// What earlier runs say of the suite, where a history was looked at and had one.
    pub past: Option<Past>,
}

impl SuiteRun {
    /// Returns the worst verdict of the checks.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        verdict(self.outcomes.iter().map(|outcome| outcome.verdict))
    }

    /// Returns whether the gate let the data through.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.gate.decision == Decision::Passed
    }

    /// Keeps at most `most` failing rows, or groups of rows, of each check that does not set its own number; 0 leaves none of
    /// any check, and no frequent value.
    pub fn keep_samples(&mut self, most: usize) {
        if most == 0 {
            self.outcomes.iter_mut().for_each(|outcome| outcome.samples.clear());
            return;
        }
        for (check, outcome) in self.suite.checks.iter().zip(&mut self.outcomes) {
            // The rows of a query are examples, of which there is a number of their own.
            if outcome.counts.is_some() || !check.group_by.is_empty() {
                outcome.samples.keep(check.samples.unwrap_or(most));
            }
        }
    }

    /// Returns the outcome of a check, by its id.
    #[must_use]
    pub fn outcome(&self, check_id: &str) -> Option<&Outcome> {
        let position = self.suite.checks.iter().position(|check| check.id == check_id)?;
        self.outcomes.get(position)
    }
}

impl Run {
    /// Returns a run of suites that have been run.
    #[must_use]
    pub fn new(started_at: DateTime<Utc>, elapsed: Duration, suites: Vec<SuiteRun>) -> Self {
        let seed = suites.iter().fold(started_at.to_rfc3339(), |seed, run| seed + &run.suite.digest);
        let hash = digest(seed.as_bytes());
        let short = hash.get(7..15).unwrap_or_default();
        let id = format!("{}-{short}", started_at.format("%Y%m%dT%H%M%S%3fZ"));
        Self { id, started_at, elapsed, suites, publication: None, split: None }
    }

    /// Returns the worst verdict of the suites.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        verdict(self.suites.iter().map(SuiteRun::verdict))
    }

    /// Returns the outcome of a check, from the first suite that has one of this id.
    #[must_use]
    pub fn outcome(&self, check_id: &str) -> Option<&Outcome> {
        self.suites.iter().find_map(|suite| suite.outcome(check_id))
    }

    /// Returns the worst decision of the gates.
    #[must_use]
    pub fn decision(&self) -> Decision {
        self.suites.iter().map(|run| run.gate.decision).max().unwrap_or(Decision::Unknown)
    }

    /// Returns whether every gate let the data through.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.decision() == Decision::Passed
    }
}

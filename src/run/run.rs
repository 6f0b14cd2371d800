//! One execution.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::engine::Execution;
use crate::evaluate::{Outcome, Verdict};
use crate::gate::{Decision, Gate, verdict};
use crate::privacy::Shown;
use crate::source::Identity;
use crate::suite::{Suite, digest};

/// One execution: suites, what was judged, outcomes, the gate.
#[derive(Debug)]
#[non_exhaustive]
pub struct Run {
    /// A name of its own, which sorts by time.
    pub id: String,
    /// When it started.
    pub started_at: DateTime<Utc>,
    /// How long it took.
    pub elapsed: Duration,
    /// The suites, in the order they were run.
    pub suites: Vec<SuiteRun>,
}

/// What a suite came to.
#[derive(Debug)]
#[non_exhaustive]
pub struct SuiteRun {
    /// The suite.
    pub suite: Suite,
    /// The URI of its data, without credentials; nothing, if it names none.
    pub uri: Option<String>,
    /// What was judged; nothing, if it could not be opened.
    pub snapshot: Option<Identity>,
    /// Why no rows of it could be judged.
    pub error: Option<Shown<str>>,
    /// The engine, and what its reads took; none if nothing was read.
    pub execution: Option<(String, Execution)>,
    /// How long it took.
    pub elapsed: Duration,
    /// One for each check, in the suite's order.
    pub outcomes: Vec<Outcome>,
    /// Go or stop.
    pub gate: Gate,
}

impl SuiteRun {
    /// The worst verdict of its checks.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        verdict(self.outcomes.iter().map(|outcome| outcome.verdict))
    }

    /// Returns whether the gate let the data through.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.gate.decision == Decision::Passed
    }

    /// Keeps no more than so many failing rows, or groups of rows, of each check that does not say
    /// how many itself.
    pub fn keep_samples(&mut self, most: usize) {
        for (check, outcome) in self.suite.checks.iter().zip(&mut self.outcomes) {
            // The rows of a query are examples, of which it has its own number.
            if outcome.counts.is_some() || !check.group_by.is_empty() {
                outcome.samples.keep(check.samples.unwrap_or(most));
            }
        }
    }

    /// The outcome of a check.
    #[must_use]
    pub fn outcome(&self, check_id: &str) -> Option<&Outcome> {
        let position = self.suite.checks.iter().position(|check| check.id == check_id)?;
        self.outcomes.get(position)
    }
}

impl Run {
    /// A run of suites that have been run.
    #[must_use]
    pub fn new(started_at: DateTime<Utc>, elapsed: Duration, suites: Vec<SuiteRun>) -> Self {
        let seed = suites.iter().fold(started_at.to_rfc3339(), |seed, run| seed + &run.suite.digest);
        let hash = digest(seed.as_bytes());
        let short = hash.get(7..15).unwrap_or_default();
        let id = format!("{}-{short}", started_at.format("%Y%m%dT%H%M%S%3fZ"));
        Self { id, started_at, elapsed, suites }
    }

    /// The worst verdict of its suites.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        verdict(self.suites.iter().map(SuiteRun::verdict))
    }

    /// The outcome of a check: of the first suite that has one of this id.
    #[must_use]
    pub fn outcome(&self, check_id: &str) -> Option<&Outcome> {
        self.suites.iter().find_map(|suite| suite.outcome(check_id))
    }

    /// The worst decision of its gates.
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

//! What a suite and its checks came to in earlier runs.

use chrono::{DateTime, Utc};

use super::SuiteRun;
use crate::evaluate::Verdict;

/// What the runs before this one say of a suite.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Past {
    /// The last run before this one that judged the suite; `None` if this is the first.
    pub previous: Option<PreviousRun>,
    /// The past of each check, in the suite's order.
    pub checks: Vec<CheckPast>,
    /// The checks of the previous run that this one does not have.
    pub gone: Vec<GoneCheck>,
}

/// An earlier run of a suite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviousRun {
    /// The id of the run.
    pub id: String,
    /// The time at which it started.
    pub started_at: DateTime<Utc>,
    /// The version of the table that it judged.
    pub version: Option<u64>,
    /// Number of rows of the table, by its metadata.
    pub rows: Option<u64>,
}

/// What the runs before this one say of a check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckPast {
    /// The verdict of the previous run; `None` if the check is new.
    pub previous: Option<Verdict>,
    /// How the check stands to what it demanded in the previous run, if it demands something else.
    pub change: Option<Change>,
    /// The first of the runs in an unbroken row, up to this one, that the check did not pass; `None` if it passes.
    pub since: Option<Since>,
    /// The last verdicts, the oldest first, this run's among them.
    pub verdicts: Vec<Verdict>,
}

/// How a check stands to what it demanded before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It lets less through, as far as can be proved.
    Stronger,
    /// It lets more through.
    Weaker,
    /// It demands something else.
    Other,
}

/// What a check came to in one run and in another one, of which one at least it did not pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It passed and does not any more.
    NewlyFailing,
    /// It did not pass and does now.
    Fixed,
    /// It passed in neither.
    StillFailing,
}

impl Turn {
    /// Returns what became of a check; `None` if it passed in both, or was skipped in one.
    #[must_use]
    pub fn of(before: Verdict, now: Verdict) -> Option<Self> {
        match (before, now) {
            (Verdict::Skip, _) | (_, Verdict::Skip) | (Verdict::Pass, Verdict::Pass) => None,
            (Verdict::Pass, _) => Some(Self::NewlyFailing),
            (_, Verdict::Pass) => Some(Self::Fixed),
            _ => Some(Self::StillFailing),
        }
    }
}

/// The first of several runs in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Since {
    /// The time at which the first run started.
    pub started_at: DateTime<Utc>,
    /// The version of the table that it judged.
    pub version: Option<u64>,
    /// Number of runs.
    pub runs: u64,
}

/// A check that an earlier run had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoneCheck {
    /// The check's name within the suite.
    pub id: String,
    /// Its last verdict.
    pub verdict: Verdict,
}

/// How the checks of a suite fare beside the previous run, by their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Changes<'a> {
    /// Checks that passed and do not any more.
    pub newly_failing: Vec<&'a str>,
    /// Checks that did not pass and do now.
    pub fixed: Vec<&'a str>,
    /// Checks that the previous run did not have.
    pub new: Vec<&'a str>,
    /// Checks that let less through than they did.
    pub stronger: Vec<&'a str>,
    /// Checks that let more through than they did.
    pub weaker: Vec<&'a str>,
    /// Checks that demand something else.
    pub changed: Vec<&'a str>,
    /// Checks that only the previous run had.
    pub gone: Vec<&'a GoneCheck>,
}

impl SuiteRun {
    /// Returns how the checks fare beside the previous run, if there is one.
    #[must_use]
    pub fn changes(&self) -> Option<Changes<'_>> {
        let past = self.past.as_ref().filter(|past| past.previous.is_some())?;
        let mut changes = Changes { gone: past.gone.iter().collect(), ..Changes::default() };
        for ((check, outcome), past) in self.suite.checks.iter().zip(&self.outcomes).zip(&past.checks) {
            let id = check.id.as_str();
            match past.previous.map(|previous| Turn::of(previous, outcome.verdict)) {
                None => changes.new.push(id),
                Some(Some(Turn::NewlyFailing)) => changes.newly_failing.push(id),
                Some(Some(Turn::Fixed)) => changes.fixed.push(id),
                Some(Some(Turn::StillFailing) | None) => {}
            }
            match past.change {
                Some(Change::Stronger) => changes.stronger.push(id),
                Some(Change::Weaker) => changes.weaker.push(id),
                Some(Change::Other) => changes.changed.push(id),
                None => {}
            }
        }
        Some(changes)
    }
}

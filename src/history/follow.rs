//! Follows checks from run to run.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::demand::change;
use super::record::{CheckRecord, RunRecord, SuiteRecord};
use crate::evaluate::Verdict;
use crate::report::of_letter;
use crate::run::{CheckPast, GoneCheck, Past, PreviousRun, Run, Since, SuiteRun};

/// The most verdicts of a check that a record keeps.
const MOST_VERDICTS: usize = 30;

/// The last record of each suite of a run, by the suite's name.
pub(super) type Last<'a> = HashMap<&'a str, &'a RunRecord>;

/// Fills in what the last records say of the suites of a run.
pub(super) fn follow(run: &mut Run, last: &Last<'_>) {
    let started_at = run.started_at;
    let mut moved = Moved::of(run, last);
    for suite in &mut run.suites {
        let record = last.get(suite.suite.name.as_str()).copied();
        suite.past = Some(past(suite, record, started_at, &mut moved));
    }
    for suite in &mut run.suites {
        let has_moved = |gone: &GoneCheck| moved.found.contains(&(suite.suite.name.clone(), gone.id.clone()));
        if let Some(past) = &mut suite.past {
            past.gone.retain(|gone| !has_moved(gone));
        }
    }
}

/// Checks that have left their suites, in which other suites may look for theirs.
struct Moved<'a> {
    left: Vec<(&'a str, &'a CheckRecord)>,
    /// The suites and ids of those that were found.
    found: Vec<(String, String)>,
}

impl<'a> Moved<'a> {
    fn of(run: &Run, last: &Last<'a>) -> Self {
        let mut left = Vec::new();
        for suite in &run.suites {
            let Some(record) = last.get(suite.suite.name.as_str()) else { continue };
            let Some(before) = record.suite(&suite.suite.name) else { continue };
            let stays = |check: &&CheckRecord| suite.suite.checks.iter().any(|now| now.id == check.id);
            left.extend(
                before.checks.iter().filter(|check| !stays(check)).map(|check| (before.name.as_str(), check)),
            );
        }
        Self { left, found: Vec::new() }
    }

    /// Takes a check that demands the same, of this suite if it can be.
    fn take(&mut self, suite: &str, fingerprint: &str) -> Option<&'a CheckRecord> {
        let same = |own: bool| {
            let fits = move |(of, check): &(&str, &CheckRecord)| {
                check.fingerprint == fingerprint && (!own || *of == suite)
            };
            self.left.iter().position(fits)
        };
        let place = same(true).or_else(|| same(false))?;
        let (of, check) = self.left.remove(place);
        self.found.push((of.to_owned(), check.id.clone()));
        Some(check)
    }
}

fn past(
    suite: &SuiteRun,
    record: Option<&RunRecord>,
    started_at: DateTime<Utc>,
    moved: &mut Moved<'_>,
) -> Past {
    let before = record.and_then(|record| record.suite(&suite.suite.name));
    // What was judged with staged files is not the version itself.
    let snapshot = suite.snapshot.as_ref().filter(|snapshot| snapshot.staged.is_none());
    let version = snapshot.and_then(|snapshot| snapshot.version);
    let now = Since { started_at, version, runs: 1 };
    let mut past = Past {
        previous: record.zip(before).map(|(record, suite)| previous(record, suite)),
        ..Past::default()
    };
    for (check, outcome) in suite.suite.checks.iter().zip(&suite.outcomes) {
        let fingerprint = check.fingerprint();
        let own = before.and_then(|before| before.check(&check.id));
        let known = own.or_else(|| moved.take(&suite.suite.name, &fingerprint));
        let change = known.filter(|known| known.fingerprint != fingerprint).map(|known| change(known, check));
        past.checks.push(CheckPast { change, ..check_past(known, outcome.verdict, &now) });
    }
    past.gone = before.map(|before| gone(before, suite)).unwrap_or_default();
    past
}

fn previous(record: &RunRecord, suite: &SuiteRecord) -> PreviousRun {
    PreviousRun {
        id: record.id.clone(),
        started_at: record.started_at,
        version: suite.version,
        rows: suite.rows,
    }
}

fn check_past(known: Option<&CheckRecord>, verdict: Verdict, now: &Since) -> CheckPast {
    let before = known.and_then(|known| known.since.as_ref()).map(Since::from);
    let since = match verdict {
        Verdict::Pass => None,
        // What was not looked at is as it was.
        Verdict::Skip => before,
        Verdict::Warn | Verdict::Error | Verdict::Fail => {
            Some(before.map_or_else(|| now.clone(), |since| Since { runs: since.runs + 1, ..since }))
        }
    };
    let mut verdicts: Vec<Verdict> =
        known.map(|known| known.verdicts.chars().filter_map(of_letter).collect()).unwrap_or_default();
    // What was not looked at is no verdict to compare with.
    let judged = verdicts.iter().rev().find(|verdict| **verdict != Verdict::Skip).copied();
    verdicts.push(verdict);
    verdicts.drain(..verdicts.len().saturating_sub(MOST_VERDICTS));
    CheckPast { previous: known.map(|known| judged.unwrap_or(known.verdict)), change: None, since, verdicts }
}

fn gone(before: &SuiteRecord, suite: &SuiteRun) -> Vec<GoneCheck> {
    let stays = |check: &&CheckRecord| suite.suite.checks.iter().any(|now| now.id == check.id);
    let gone = before.checks.iter().filter(|check| !stays(check));
    gone.map(|check| GoneCheck { id: check.id.clone(), verdict: check.verdict }).collect()
}

//! How suites have changed.

use super::aspects::{of_checks, of_suites, told};
use super::compared::{Claimed, at_least};
use super::model::{CheckDiff, Counts, Diff, Kind, SuiteDiff, SuiteIs};
use super::pairing;
use super::strength::compare;
use crate::suite::{Check, Suite};

/// A suite of one side.
#[derive(Clone, Debug)]
pub struct Side<'a> {
    /// The suite.
    pub suite: &'a Suite,
    /// Whether its gate stops on warnings, too.
    pub stops_on_warn: bool,
    /// What its gate stops on, in words.
    pub gate: String,
}

/// Says what has become of each check. `old_name` and `new_name` are what the sides are called.
#[must_use]
pub fn diff(old_name: &str, old: &[Side<'_>], new_name: &str, new: &[Side<'_>]) -> Diff {
    let pairs = pairing::suites(old, new);
    let mut suites: Vec<SuiteDiff> = new
        .iter()
        .zip(&pairs)
        .map(|(side, before)| match before.and_then(|before| old.get(before)) {
            Some(before) => there(before, side),
            None => alone(side.suite, SuiteIs::Added),
        })
        .collect();
    let gone = old.iter().enumerate().filter(|(place, _)| !pairs.contains(&Some(*place)));
    suites.extend(gone.map(|(_, side)| alone(side.suite, SuiteIs::Removed)));
    let sides = Sides { old, new };
    sides.move_checks(&mut suites);
    sides.cover(&mut suites);
    Diff {
        schema_version: 1,
        old: old_name.to_owned(),
        new: new_name.to_owned(),
        counts: Counts::of(&suites),
        suites,
    }
}

/// A suite that is there before and after.
fn there(old: &Side<'_>, new: &Side<'_>) -> SuiteDiff {
    let (before, after) = (old.suite, new.suite);
    let pairs = pairing::checks(&before.checks, &after.checks);
    let mut checks: Vec<CheckDiff> = after
        .checks
        .iter()
        .zip(&pairs)
        .map(|(check, was)| match was.and_then(|was| before.checks.get(was)) {
            Some(was) => changed(before, was, after, check),
            None => added(after, check),
        })
        .collect();
    let gone = before.checks.iter().enumerate().filter(|(place, _)| !pairs.contains(&Some(*place)));
    checks.extend(gone.map(|(_, check)| removed(before, check)));
    SuiteDiff {
        name: after.name.clone(),
        is: SuiteIs::There,
        renamed_from: (before.name != after.name).then(|| before.name.clone()),
        path: after.path.clone(),
        aspects: of_suites(old, new),
        checks,
    }
}

/// A suite that is only there before, or only after.
fn alone(suite: &Suite, is: SuiteIs) -> SuiteDiff {
    let check = if is == SuiteIs::Added { added } else { removed };
    SuiteDiff {
        name: suite.name.clone(),
        is,
        renamed_from: None,
        path: suite.path.clone(),
        aspects: Vec::new(),
        checks: suite.checks.iter().map(|one| check(suite, one)).collect(),
    }
}

fn changed(old_suite: &Suite, old: &Check, new_suite: &Suite, new: &Check) -> CheckDiff {
    CheckDiff {
        id: new.id.clone(),
        change: compare(old, new).into(),
        renamed_from: (old.id != new.id).then(|| old.id.clone()),
        moved_from: None,
        before: Some(told(old)),
        after: Some(told(new)),
        old_line: Some(line(old_suite, old)),
        line: Some(line(new_suite, new)),
        parts: of_checks(old, new),
        covered_by: None,
    }
}

fn added(suite: &Suite, check: &Check) -> CheckDiff {
    let (after, line) = (Some(told(check)), Some(line(suite, check)));
    CheckDiff { change: Kind::Added, after, line, ..nothing(check) }
}

fn removed(suite: &Suite, check: &Check) -> CheckDiff {
    let (before, old_line) = (Some(told(check)), Some(line(suite, check)));
    CheckDiff { change: Kind::Removed, before, old_line, ..nothing(check) }
}

fn nothing(check: &Check) -> CheckDiff {
    CheckDiff {
        id: check.id.clone(),
        change: Kind::Equal,
        renamed_from: None,
        moved_from: None,
        before: None,
        after: None,
        old_line: None,
        line: None,
        parts: Vec::new(),
        covered_by: None,
    }
}

fn line(suite: &Suite, check: &Check) -> usize {
    check.span.position(&suite.text).line
}

/// All suites of both sides.
struct Sides<'a> {
    old: &'a [Side<'a>],
    new: &'a [Side<'a>],
}

impl Sides<'_> {
    /// Joins checks that are gone from one suite with equal new ones of another suite on the same data, whose gate
    /// stops on the same.
    fn move_checks(&self, suites: &mut [SuiteDiff]) {
        let mut gone: Vec<(usize, usize)> = places(suites, Kind::Removed);
        for (suite, place) in places(suites, Kind::Added) {
            let Some((after, check)) = find(self.new, &suites[suite], place) else { continue };
            let found = gone.iter().position(|(from, was)| {
                find(self.old, &suites[*from], *was).is_some_and(|(before, old)| {
                    let data = before.data.is_some() && before.data == after.data;
                    data && self.gates_alike(before, after) && old.fingerprint() == check.fingerprint()
                })
            });
            let Some((from, was)) = found.map(|found| gone.remove(found)) else { continue };
            let Some((before, old)) = find(self.old, &suites[from], was) else { continue };
            let moved_from = Some(before.name.clone());
            let moved = CheckDiff { moved_from, ..changed(before, old, after, check) };
            suites[suite].checks[place] = moved;
            suites[from].checks[was].change = Kind::Equal;
        }
        for suite in suites.iter_mut() {
            // What was moved is told where it is now.
            suite.checks.retain(|check| !(check.change == Kind::Equal && check.line.is_none()));
        }
    }

    /// Returns whether what stops an old suite stops a new one.
    fn gates_alike(&self, old: &Suite, new: &Suite) -> bool {
        let of = |sides: &[Side<'_>], suite: &Suite| {
            sides.iter().find(|side| side.suite.name == suite.name).map(|side| side.stops_on_warn)
        };
        of(self.old, old) <= of(self.new, new)
    }

    /// Finds, for checks that are gone, a new one on the same data that is as strong.
    fn cover(&self, suites: &mut [SuiteDiff]) {
        let removed = places(suites, Kind::Removed);
        if removed.is_empty() {
            return;
        }
        let claims: Vec<Vec<Claimed<'_>>> =
            self.new.iter().map(|side| side.suite.checks.iter().map(Claimed::of).collect()).collect();
        for (suite, place) in removed {
            let Some((before, gone)) = find(self.old, &suites[suite], place) else { continue };
            let gone = Claimed::of(gone);
            let now = self.new.iter().zip(&claims).filter(|(side, _)| {
                let same = if before.data.is_some() {
                    side.suite.data == before.data
                } else {
                    side.suite.name == suites[suite].name
                };
                same && self.gates_alike(before, side.suite)
            });
            let mut now = now.flat_map(|(side, claims)| claims.iter().map(move |check| (side.suite, check)));
            let covering = now.find(|(_, check)| at_least(check, &gone));
            suites[suite].checks[place].covered_by = covering.map(|(of, check)| {
                let id = &check.check.id;
                if of.name == suites[suite].name { id.clone() } else { format!("{id} of {}", of.name) }
            });
        }
    }
}

/// Where checks are that have changed so.
fn places(suites: &[SuiteDiff], kind: Kind) -> Vec<(usize, usize)> {
    let checks = suites.iter().enumerate().flat_map(|(suite, diff)| {
        diff.checks.iter().enumerate().map(move |(place, check)| (suite, place, check.change))
    });
    checks.filter(|(.., change)| *change == kind).map(|(suite, place, _)| (suite, place)).collect()
}

/// The check of a side that is told of at a place.
fn find<'a>(side: &'a [Side<'a>], diff: &SuiteDiff, place: usize) -> Option<(&'a Suite, &'a Check)> {
    let told = diff.checks.get(place)?;
    let is_old = told.change == Kind::Removed;
    let name = if is_old { diff.renamed_from.as_ref().unwrap_or(&diff.name) } else { &diff.name };
    let suite = side.iter().find(|side| side.suite.name == *name)?.suite;
    suite.checks.iter().find(|check| check.id == told.id).map(|check| (suite, check))
}

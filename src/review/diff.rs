//! How suites have changed.

use super::aspects::{described, of_checks, of_suites};
use super::compared::{Claimed, at_least};
use super::model::{CheckDiff, Counts, Diff, Kind, SuiteDiff, SuiteIs};
use super::pairing;
use super::strength::compare;
use crate::document::Lines;
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
    let (old_lines, new_lines) = (Lines::of(&before.text), Lines::of(&after.text));
    let mut checks: Vec<CheckDiff> = after
        .checks
        .iter()
        .zip(&pairs)
        .map(|(check, was)| match was.and_then(|was| before.checks.get(was)) {
            Some(was) => CheckDiff {
                old_line: Some(old_lines.line(was.span)),
                line: Some(new_lines.line(check.span)),
                ..changed(was, check)
            },
            None => added(&new_lines, check),
        })
        .collect();
    let gone = before.checks.iter().enumerate().filter(|(place, _)| !pairs.contains(&Some(*place)));
    checks.extend(gone.map(|(_, check)| removed(&old_lines, check)));
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
    let lines = Lines::of(&suite.text);
    SuiteDiff {
        name: suite.name.clone(),
        is,
        renamed_from: None,
        path: suite.path.clone(),
        aspects: Vec::new(),
        checks: suite.checks.iter().map(|one| check(&lines, one)).collect(),
    }
}

/// What has become of a check, but for its lines.
fn changed(old: &Check, new: &Check) -> CheckDiff {
    CheckDiff {
        change: compare(old, new).into(),
        renamed_from: (old.id != new.id).then(|| old.id.clone()),
        before: Some(described(old)),
        after: Some(described(new)),
        parts: of_checks(old, new),
        ..nothing(new)
    }
}

fn added(lines: &Lines, check: &Check) -> CheckDiff {
    let (after, line) = (Some(described(check)), Some(lines.line(check.span)));
    CheckDiff { change: Kind::Added, after, line, ..nothing(check) }
}

fn removed(lines: &Lines, check: &Check) -> CheckDiff {
    let (before, old_line) = (Some(described(check)), Some(lines.line(check.span)));
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

/// All suites of both sides.
struct Sides<'a> {
    old: &'a [Side<'a>],
    new: &'a [Side<'a>],
}

impl Sides<'_> {
    /// Joins checks that are gone from one suite with equal new ones of another suite on the same data, whose gate
    /// stops on the same.
    fn move_checks(&self, suites: &mut [SuiteDiff]) {
        let removed = places(suites, Kind::Removed).into_iter();
        let mut gone: Vec<Gone<'_>> = removed
            .filter_map(|at| {
                let (side, check) = find(self.old, suites, at)?;
                side.suite.data.is_some().then(|| Gone { at, side, check, fingerprint: check.fingerprint() })
            })
            .collect();
        for at in places(suites, Kind::Added) {
            let Some((side, check)) = find(self.new, suites, at) else { continue };
            let fingerprint = check.fingerprint();
            let same = gone.iter().position(|gone| {
                gone.fingerprint == fingerprint
                    && gone.side.suite.data == side.suite.data
                    && gates_alike(gone.side, side)
            });
            let Some(was) = same.map(|same| gone.remove(same)) else { continue };
            let moved = CheckDiff {
                moved_from: Some(was.side.suite.name.clone()),
                old_line: suites[was.at.suite].checks[was.at.check].old_line,
                line: suites[at.suite].checks[at.check].line,
                ..changed(was.check, check)
            };
            suites[at.suite].checks[at.check] = moved;
            suites[was.at.suite].checks[was.at.check].change = Kind::Equal;
        }
        for suite in suites.iter_mut() {
            // What was moved is told where it is now.
            suite.checks.retain(|check| !(check.change == Kind::Equal && check.line.is_none()));
        }
    }

    /// Finds, for checks that are gone, a new one on the same data that is as strong.
    fn cover(&self, suites: &mut [SuiteDiff]) {
        let removed = places(suites, Kind::Removed);
        if removed.is_empty() {
            return;
        }
        let claims: Vec<Vec<Claimed<'_>>> =
            self.new.iter().map(|side| side.suite.checks.iter().map(Claimed::of).collect()).collect();
        for at in removed {
            let Some((before, gone)) = find(self.old, suites, at) else { continue };
            let gone = Claimed::of(gone);
            let name = &suites[at.suite].name;
            let now = self.new.iter().zip(&claims).filter(|(side, _)| {
                let same = if before.suite.data.is_some() {
                    side.suite.data == before.suite.data
                } else {
                    side.suite.name == *name
                };
                same && gates_alike(before, side)
            });
            let mut now = now.flat_map(|(side, claims)| claims.iter().map(move |check| (side.suite, check)));
            let covering = now.find(|(_, check)| at_least(check, &gone)).map(|(of, check)| {
                let id = &check.check.id;
                if of.name == *name { id.clone() } else { format!("{id} of {}", of.name) }
            });
            suites[at.suite].checks[at.check].covered_by = covering;
        }
    }
}

/// Where a check stands in a diff.
#[derive(Clone, Copy)]
struct At {
    suite: usize,
    check: usize,
}

/// A check that is gone from a suite with data.
struct Gone<'a> {
    at: At,
    side: &'a Side<'a>,
    check: &'a Check,
    fingerprint: String,
}

/// Returns whether what stops an old suite stops a new one.
fn gates_alike(old: &Side<'_>, new: &Side<'_>) -> bool {
    old.stops_on_warn <= new.stops_on_warn
}

/// Where checks are that have changed so.
fn places(suites: &[SuiteDiff], kind: Kind) -> Vec<At> {
    let checks = suites.iter().enumerate().flat_map(|(suite, diff)| {
        diff.checks.iter().enumerate().map(move |(check, is)| (At { suite, check }, is.change))
    });
    checks.filter(|(_, change)| *change == kind).map(|(at, _)| at).collect()
}

/// The check of a side that is told of at a place, and its suite.
fn find<'a>(sides: &'a [Side<'a>], suites: &[SuiteDiff], at: At) -> Option<(&'a Side<'a>, &'a Check)> {
    let diff = suites.get(at.suite)?;
    let check_diff = diff.checks.get(at.check)?;
    let is_old = check_diff.change == Kind::Removed;
    let name = if is_old { diff.renamed_from.as_ref().unwrap_or(&diff.name) } else { &diff.name };
    let side = sides.iter().find(|side| side.suite.name == *name)?;
    side.suite.checks.iter().find(|check| check.id == check_diff.id).map(|check| (side, check))
}

//! The words that both formats share.

use crate::data::thousands;
use crate::review::{AspectDiff, CheckDiff, Counts, Diff, SuiteDiff, SuiteIs};

/// What is there, or that nothing is.
fn or_none(text: Option<&str>) -> &str {
    text.unwrap_or("none")
}

/// `a → b`
pub(super) fn from_to(aspect: &AspectDiff) -> String {
    format!("{} → {}", or_none(aspect.before.as_deref()), or_none(aspect.after.as_deref()))
}

/// The name of a check, with what it was called and where it was.
pub(super) fn name(check: &CheckDiff) -> String {
    let renamed = check.renamed_from.as_ref().map(|was| format!("was {was}"));
    let moved = check.moved_from.as_ref().map(|was| format!("moved from {was}"));
    let notes: Vec<_> = renamed.into_iter().chain(moved).collect();
    if notes.is_empty() { check.id.clone() } else { format!("{} ({})", check.id, notes.join(", ")) }
}

/// What a suite has become as a whole, if that is to be told.
pub(super) fn state(suite: &SuiteDiff) -> Option<String> {
    match (suite.is, &suite.renamed_from) {
        (SuiteIs::Added, _) => Some("added".to_owned()),
        (SuiteIs::Removed, _) => Some("removed".to_owned()),
        (SuiteIs::There, Some(was)) => Some(format!("was {was}")),
        (SuiteIs::There, None) => None,
    }
}

/// What is said of a check in a line of its own, where it has no parts: what it demands or demanded.
pub(super) fn demand(check: &CheckDiff) -> Option<String> {
    let demand = match (&check.before, &check.after) {
        (None, Some(after)) => after.clone(),
        (Some(before), None) => before.clone(),
        _ => return None,
    };
    Some(match &check.covered_by {
        Some(by) => format!("{demand}; {by} fails whatever it failed"),
        None => demand,
    })
}

/// `1 weaker, 2 removed (1 of them covered by others), 12 equal`
pub(super) fn counts(diff: &Diff) -> String {
    let Counts { weaker, removed, covered, incomparable, stronger, added, equal } = diff.counts;
    let gone = match covered {
        0 => "removed".to_owned(),
        all if all == removed => "removed and covered by others".to_owned(),
        some => format!("removed ({} covered by others)", thousands(&some.to_string())),
    };
    let all = [
        (weaker, "weaker"),
        (removed, gone.as_str()),
        (incomparable, "incomparable"),
        (stronger, "stronger"),
        (added, "added"),
        (equal, "equal"),
    ];
    let counted: Vec<_> = all
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{} {what}", thousands(&count.to_string())))
        .collect();
    if counted.is_empty() { "no checks".to_owned() } else { counted.join(", ") }
}

/// The checks of a suite that have changed, the worst first.
pub(super) fn changed(suite: &SuiteDiff) -> Vec<&CheckDiff> {
    let mut changed: Vec<_> = suite.checks.iter().filter(|check| !check.is_untouched()).collect();
    changed.sort_by_key(|check| check.change);
    changed
}

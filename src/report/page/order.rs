//! What a reader has to see first.

use std::cmp::{Ordering, Reverse};

use crate::evaluate::Verdict;
use crate::report::model::CheckReport;

/// The place of a verdict: what fails, what could not be told, what warns, and then what holds.
pub(super) const fn place(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Fail => 0,
        Verdict::Error => 1,
        Verdict::Warn => 2,
        Verdict::Pass => 3,
        Verdict::Skip => 4,
    }
}

/// Whether a check is a problem that the previous run did not have.
pub(super) fn is_new(check: &CheckReport) -> bool {
    place(check.verdict) < place(Verdict::Pass)
        && check
            .past
            .as_ref()
            .is_some_and(|past| matches!(past.previous, Some(Verdict::Pass | Verdict::Skip) | None))
}

/// Compares two checks of a suite: by verdict, then what is new, then by severity, then by the share of failing rows.
pub(in crate::report) fn worst_first(one: &CheckReport, other: &CheckReport) -> Ordering {
    let rank = |check: &CheckReport| (place(check.verdict), !is_new(check), Reverse(check.severity));
    rank(one).cmp(&rank(other)).then_with(|| share(other).total_cmp(&share(one)))
}

/// Compares two problems of a suite for the list at the head of the page: what is new comes first there.
pub(super) fn newest_first(one: &CheckReport, other: &CheckReport) -> Ordering {
    is_new(other).cmp(&is_new(one)).then_with(|| worst_first(one, other))
}

fn share(check: &CheckReport) -> f64 {
    check.counts.as_ref().map_or(0.0, |counts| counts.failing_percent)
}

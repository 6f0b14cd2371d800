//! What is wrong with a check by itself.

use super::super::limits::{Rows, follows, is_never};
use super::super::needs::value_within;
use super::finding::{Finding, Placed};
use crate::expectation::{Claim, Need};
use crate::predicate::logic::{Formula, can_hold};
use crate::suite::Check;

pub(super) fn findings(claimed: &Placed<'_>) -> Vec<Finding> {
    let (check, claim, filter) = (claimed.check, &claimed.claim, &claimed.filter);
    let mut found = limits(check);
    if !can_hold(filter) {
        let span = check.filters.first().map_or(check.span, |filter| filter.node.span);
        found.push(Finding::error(
            check,
            span,
            "where holds on no row, so that nothing is judged",
            "of what it demands of one value, something excludes another part",
        ));
        return found;
    }
    found.extend(match claim {
        Claim::Rows { considered, fails, .. } => of_rows(check, filter, considered, fails),
        Claim::Whole { needs, .. } => of_needs(check, needs),
    });
    found
}

fn of_rows(check: &Check, filter: &Formula, considered: &Formula, fails: &Formula) -> Option<Finding> {
    // The elements of a row are apart from what `where` says of the row.
    let filter = if check.is_elementwise() { Formula::always() } else { filter.clone() };
    let considered = filter.clone().and(considered.clone());
    let place = check.place(crate::expectation::Place::Arguments);
    if !can_hold(&considered) {
        let help = "the check speaks of rows that where leaves out";
        return Some(Finding::error(check, check.span, "it considers no row that where lets through", help));
    }
    if !can_hold(&considered.clone().and(fails.negated())) {
        let help = "look at its bounds, its values and its where: together they let nothing through";
        return Some(Finding::error(check, place, "nothing can meet it", help));
    }
    (!can_hold(&filter.and(fails.clone()))).then(|| {
        let help = "where lets through only rows that meet it anyway, or every row does";
        Finding::note(check, "it can never fail", help)
    })
}

fn of_needs(check: &Check, needs: &[(String, Need)]) -> Option<Finding> {
    let unmet = needs.iter().any(|(_, need)| match need {
        Need::Within(bounds) => !can_hold(&value_within(bounds)),
        Need::Among(values) => values.is_empty(),
        _ => false,
    });
    let place = check.place(crate::expectation::Place::Arguments);
    unmet.then(|| Finding::error(check, place, "nothing can meet it", "is min above max, or the set empty?"))
}

fn limits(check: &Check) -> Vec<Finding> {
    let mut found = Vec::new();
    if let (Some(warn), Some(fail)) = (check.thresholds.warn, check.thresholds.fail)
        && follows(warn, fail, Rows { no_more: true })
    {
        let message = format!("it never warns: it warns {warn}, and fails {fail} already");
        found.push(Finding::error(check, check.span, &message, "warn_if is the lower limit of the two"));
    }
    let never =
        [check.thresholds.warn, check.thresholds.fail].into_iter().flatten().find(|limit| is_never(*limit));
    if let Some(never) = never {
        let message = format!("its limit is never exceeded: {never}");
        found.push(Finding::note(check, &message, "severity: info is for what must not stop anything"));
    }
    found
}

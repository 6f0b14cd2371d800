//! Whether one check fails wherever another one does.

use super::limits::{Rows, as_strict};
use super::needs::all_implied;
use crate::expectation::Claim;
use crate::predicate::logic::{Formula, implies};
use crate::suite::Check;

/// A check, and what it claims.
#[derive(Debug)]
pub(super) struct Claimed<'a> {
    pub(super) check: &'a Check,
    pub(super) claim: Claim,
    pub(super) filter: Formula,
}

impl<'a> Claimed<'a> {
    pub(super) fn of(check: &'a Check) -> Self {
        Self { check, claim: check.claim(), filter: check.filter() }
    }
}

/// Returns whether a check is proved to be as strong as another one: its verdict is never the better one, on any table
/// on which both can be evaluated.
pub(super) fn at_least(check: &Claimed<'_>, other: &Claimed<'_>) -> bool {
    fails_with(check, other).is_some_and(|rows| as_strict(check.check, other.check, rows))
}

/// Whether all rows that fail another check are proved to fail this one, and then what else is known of the rows that
/// both consider. A value that is measured is one row, which fails or does not.
fn fails_with(
    Claimed { check, claim, filter: own }: &Claimed<'_>,
    Claimed { check: other, claim: other_claim, filter: others }: &Claimed<'_>,
) -> Option<Rows> {
    let counts = [check, other].map(|check| check.definition.nature.counts_rows());
    if counts[0] != counts[1] || check.is_elementwise() != other.is_elementwise() {
        return None;
    }
    let both = |left: &Formula, right: &Formula| left.clone().and(right.clone());
    match (claim, other_claim) {
        (
            Claim::Rows { manner, considered, fails },
            Claim::Rows { manner: other_manner, considered: other_considered, fails: other_fails },
        ) if manner == other_manner => {
            if check.is_elementwise() {
                // The elements of a row are apart from the row that `where` is asked of.
                let fail =
                    check.column == other.column && implies(others, own) && implies(other_fails, fails);
                let no_more = implies(own, others) && implies(considered, other_considered);
                return fail.then_some(Rows { no_more });
            }
            let fail = implies(&both(others, other_fails), &both(own, fails));
            fail.then(|| Rows { no_more: implies(&both(own, considered), &both(others, other_considered)) })
        }
        (
            Claim::Whole { subject, needs, considered, grows },
            Claim::Whole { subject: other_subject, needs: other_needs, considered: other_considered, .. },
        ) if subject == other_subject && check.group_by == other.group_by => {
            if !all_implied(other_needs, needs) {
                return None;
            }
            let (own, others) = (both(own, considered), both(others, other_considered));
            let no_more = implies(&own, &others);
            (implies(&others, &own) && (*grows && counts[0] || no_more)).then_some(Rows { no_more })
        }
        _ => None,
    }
}

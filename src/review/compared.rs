//! Whether one check fails wherever another one does.

use super::limits::{Rows, as_strict};
use super::needs::all_implied;
use crate::expectation::Claim;
use crate::predicate::logic::{Formula, implies};
use crate::suite::Check;

/// Returns whether a check is proved to be as strong as another one: its verdict is never the better one, on any table
/// on which both can be evaluated.
pub(super) fn at_least(check: &Check, other: &Check) -> bool {
    fails_with(check, other).is_some_and(|rows| as_strict(check, other, rows))
}

/// Whether all rows that fail another check are proved to fail this one, and then what else is known of the rows that
/// both consider. A value that is measured is one row, which fails or does not.
fn fails_with(check: &Check, other: &Check) -> Option<Rows> {
    let counts = [check, other].map(|check| check.definition.nature.counts_rows());
    if counts[0] != counts[1] || check.is_elementwise() != other.is_elementwise() {
        return None;
    }
    let (own, others) = (check.filter(), other.filter());
    match (check.claim(), other.claim()) {
        (
            Claim::Rows { manner, considered, fails },
            Claim::Rows { manner: other_manner, considered: other_considered, fails: other_fails },
        ) if manner == other_manner => {
            if check.is_elementwise() {
                // The elements of a row are apart from the row that `where` is asked of.
                let fail =
                    check.column == other.column && implies(&others, &own) && implies(&other_fails, &fails);
                let no_more = implies(&own, &others) && implies(&considered, &other_considered);
                return fail.then_some(Rows { no_more });
            }
            let fail = implies(&others.clone().and(other_fails), &own.clone().and(fails));
            fail.then(|| Rows { no_more: implies(&own.and(considered), &others.and(other_considered)) })
        }
        (
            Claim::Whole { subject, needs, considered, grows },
            Claim::Whole { subject: other_subject, needs: other_needs, considered: other_considered, .. },
        ) if subject == other_subject && check.group_by == other.group_by => {
            if !all_implied(&other_needs, &needs) {
                return None;
            }
            let (own, others): (Formula, Formula) = (own.and(considered), others.and(other_considered));
            let no_more = implies(&own, &others);
            (implies(&others, &own) && (grows && counts[0] || no_more)).then_some(Rows { no_more })
        }
        _ => None,
    }
}

//! Members of a set that another check fails.

use super::super::limits::{is_any, noticed};
use super::finding::{Finding, Placed};
use crate::expectation::Claim;
use crate::predicate::logic::{Atom, Condition, Formula, Point, Subject, implies};

/// Of larger sets, most members are data and no mistakes.
const MOST_MEMBERS: usize = 200;
/// How many members are named.
const MOST_NAMED: usize = 3;

/// Finds members of the sets of some checks, held against all.
pub(super) fn findings(sets: &[&Placed<'_>], checks: &[&Placed<'_>]) -> Vec<Finding> {
    sets.iter()
        .filter(|claimed| claimed.check.definition.id == "in_set")
        .filter_map(|set| beside(set, checks))
        .collect()
}

fn beside(set: &Placed<'_>, checks: &[&Placed<'_>]) -> Option<Finding> {
    let Claim::Rows { fails, .. } = &set.claim else { return None };
    let (of, members) = members(fails).filter(|(_, members)| members.len() <= MOST_MEMBERS)?;
    checks.iter().find_map(|other| {
        let same = std::ptr::eq(*other, set) || other.check.column != set.check.column;
        let Claim::Rows { fails, .. } = &other.claim else { return None };
        if same || set.check.is_elementwise() || !noticed(other.check).into_iter().any(is_any) {
            return None;
        }
        let lost = other.filter.clone().and(fails.clone());
        let lost: Vec<&Point> = members
            .iter()
            .filter(|member| {
                let is_it = Formula::value(of, Condition::In(vec![(*member).clone()]));
                implies(&set.filter.clone().and(is_it), &lost)
            })
            .collect();
        // Of none, nothing is to be told; of all, it is a contradiction.
        if lost.is_empty() || lost.len() == members.len() {
            return None;
        }
        let named: Vec<_> = lost.iter().take(MOST_NAMED).map(|member| member.literal().to_string()).collect();
        let more = if lost.len() > MOST_NAMED { ", …" } else { "" };
        let (values, verb) = if lost.len() == 1 { ("value", "fails") } else { ("values", "fail") };
        let message = format!("its {values} {}{more} {verb} {}", named.join(", "), other.check.id);
        let help = format!("line {}: {}", other.line, super::super::aspects::described(other.check));
        Some(Finding::note(set.check, &message, help))
    })
}

/// The members of the set that a value fails to be in.
fn members(fails: &Formula) -> Option<(&Subject, &[Point])> {
    match fails {
        Formula::All(all) | Formula::Any(all) => all.iter().find_map(members),
        Formula::Atom(Atom::Value { of, meets: Condition::NotIn(points), .. }) => Some((of, points)),
        Formula::Atom(_) => None,
    }
}

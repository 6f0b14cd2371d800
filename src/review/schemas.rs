//! What the types of columns alone decide of a check.

use super::findings::Level;
use crate::data::KnownRows;
use crate::expectation::{FailureRule, RowRule};
use crate::predicate::Typed;
use crate::predicate::bounds::{ProvedCount, count};

/// What is wrong with a rule whatever the rows are, or worth knowing.
#[must_use]
pub fn of_rule(filter: &Typed, rule: &RowRule) -> Option<(Level, &'static str)> {
    // One row, of which nothing is known but its types.
    let row = KnownRows { rows: 1, ..KnownRows::default() };
    let never = |condition: &Typed| count(condition, &row) == ProvedCount::Exactly(0);
    if never(filter) {
        return Some((Level::Error, "where holds on no row that columns of these types can have"));
    }
    if never(&rule.considered) {
        return Some((Level::Error, "it considers no row that columns of these types can have"));
    }
    let FailureRule::Condition(fails) = &rule.fails else { return None };
    if never(fails) {
        return Some((Level::Note, "it never fails on columns of these types"));
    }
    let holds = Typed::all([rule.considered.clone(), fails.clone().is_true().negated()]);
    never(&holds).then_some((Level::Error, "no value of a column of this type meets it"))
}

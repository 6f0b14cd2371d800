//! Checks that contradict each other, and checks that others make superfluous.

use std::collections::{BTreeSet, HashMap};

use super::super::aspects::described;
use super::super::compared::at_least;
use super::super::limits::{is_any, noticed};
use super::super::needs::{types_of, value_within};
use super::super::types::DemandedTypes;
use super::finding::{Finding, Placed};
use crate::data::Literal;
use crate::expectation::{Claim, Need};
use crate::predicate::logic::{Atom, Formula, Point, Subject, can_hold, implies};
use crate::suite::Check;

/// Two checks that speak of a common value, by their positions.
#[derive(Clone, Copy)]
pub(super) struct Pair {
    pub(super) earlier: usize,
    pub(super) later: usize,
}

/// The pairs of checks that speak of a common value, at most so many, in the order of the later ones: what speaks of
/// different things says nothing of each other.
pub(super) fn related(checks: &[&Placed<'_>], most: usize) -> Vec<Pair> {
    let mut speaking: HashMap<String, Vec<usize>> = HashMap::new();
    let mut pairs = Vec::new();
    for (later, check) in checks.iter().enumerate() {
        let subjects = subjects(check);
        let known = subjects.iter().filter_map(|subject| speaking.get(subject)).flatten().copied();
        let earlier: BTreeSet<usize> = known.collect();
        pairs.extend(earlier.into_iter().map(|earlier| Pair { earlier, later }));
        if pairs.len() >= most {
            pairs.truncate(most);
            break;
        }
        for subject in subjects {
            speaking.entry(subject).or_default().push(later);
        }
    }
    pairs
}

/// Finds what there is to say of pairs of these checks.
pub(super) fn findings(checks: &[&Placed<'_>], pairs: &[Pair]) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut contradicting = vec![false; checks.len()];
    let mut superfluous = vec![false; checks.len()];
    for Pair { earlier, later } in pairs.iter().copied() {
        let (first, second) = (checks[earlier], checks[later]);
        if contradict(first, second) || contradict(second, first) {
            // One is enough to look at.
            if !contradicting[later] {
                found.push(contradiction(first, second));
            }
            contradicting[later] = true;
            continue;
        }
        // The parts of one use are what they are.
        if first.check.span == second.check.span || superfluous[earlier] || superfluous[later] {
            continue;
        }
        if let Some((is_later, note)) = superfluity(first, second) {
            superfluous[if is_later { later } else { earlier }] = true;
            found.push(note);
        }
    }
    found.extend(misfits(checks));
    found
}

fn contradiction(first: &Placed<'_>, second: &Placed<'_>) -> Finding {
    let rows = [first, second].iter().all(|claimed| matches!(claimed.claim, Claim::Rows { .. }));
    let what = if rows { "value" } else { "table" };
    let message = format!("it contradicts {}: no {what} meets both", first.check.id);
    let help = format!("line {}: {}", first.line, described(first.check));
    Finding::error(second.check, second.check.span, &message, help)
}

/// Says that one of two checks says nothing new, and whether that is the second one.
fn superfluity(first: &Placed<'_>, second: &Placed<'_>) -> Option<(bool, Finding)> {
    let says = |of: &Placed<'_>, by: &Placed<'_>, what: String| {
        Finding::note(of.check, &what, format!("line {}: {}", by.line, described(by.check)))
    };
    match (at_least(first, second), at_least(second, first)) {
        (true, true) => Some((true, says(second, first, format!("it says the same as {}", first.check.id)))),
        (true, false) => {
            Some((true, says(second, first, format!("{} fails whatever it fails", first.check.id))))
        }
        (false, true) => {
            Some((false, says(first, second, format!("{} fails whatever it fails", second.check.id))))
        }
        (false, false) => None,
    }
}

/// Returns whether every row that the first check considers certainly fails one of the two, or no value that is
/// measured meets both; where neither of them spares anything.
fn contradict(first: &Placed<'_>, second: &Placed<'_>) -> bool {
    if ![first, second].iter().all(|claimed| noticed(claimed.check).into_iter().any(is_any)) {
        return false;
    }
    match (&first.claim, &second.claim) {
        (
            Claim::Rows { considered, fails, .. },
            Claim::Rows { considered: others, fails: other_fails, .. },
        ) => {
            let [one, other] = [first, second].map(|claimed| claimed.check);
            if one.is_elementwise() || other.is_elementwise() {
                let alike = one.is_elementwise() && other.is_elementwise() && one.column == other.column;
                return alike
                    && implies(&first.filter, &second.filter)
                    && implies(considered, others)
                    && implies(considered, &Formula::Any(vec![fails.clone(), other_fails.clone()]));
            }
            let considered = first.filter.clone().and(considered.clone());
            implies(&considered, &second.filter.clone().and(others.clone()))
                && implies(&considered, &Formula::Any(vec![fails.clone(), other_fails.clone()]))
        }
        (Claim::Whole { subject, needs, .. }, Claim::Whole { subject: other, needs: other_needs, .. }) => {
            let alike = subject == other
                && first.check.group_by == second.check.group_by
                && implies(&first.filter, &second.filter)
                && implies(&second.filter, &first.filter);
            alike
                && needs.iter().any(|(name, need)| {
                    other_needs.iter().any(|(other, by)| exclude(name == other, need, by))
                })
        }
        (Claim::Whole { needs, .. }, Claim::Rows { fails, .. }) => extreme(first.check).is_some_and(|of| {
            let bounds = needs.iter().filter_map(|(_, need)| match need {
                Need::Within(bounds) => Some(bounds.formula(&of)),
                _ => None,
            });
            let holds = first.filter.clone().and(Formula::present(&of)).and(fails.negated());
            implies(&first.filter, &second.filter) && !can_hold(&holds.and(Formula::All(bounds.collect())))
        }),
        (Claim::Rows { .. }, Claim::Whole { .. }) => false,
    }
}

/// The column whose least or greatest value a check looks at: it is one of its values.
fn extreme(check: &Check) -> Option<Subject> {
    let is_one = matches!(check.definition.id, "min" | "max") && check.group_by.is_empty();
    check.column.as_ref().filter(|_| is_one).map(Subject::column)
}

/// Returns whether nothing meets both of two needs of one subject.
fn exclude(same_name: bool, need: &Need, other: &Need) -> bool {
    match (need, other) {
        (Need::Within(left), Need::Within(right)) if same_name => {
            !can_hold(&value_within(left).and(value_within(right)))
        }
        (Need::Types(left), Need::Types(right)) => {
            let types: Vec<_> = left.iter().map(types_of).collect();
            types.iter().all(|types| {
                !types.is_empty() && types.iter().all(|of| !right.iter().any(|name| name.matches(of)))
            })
        }
        (Need::All(all), Need::Among(only)) | (Need::Among(only), Need::All(all)) => lacks(only, all),
        (Need::AllNames(all), Need::AmongNames(only)) | (Need::AmongNames(only), Need::AllNames(all)) => {
            all.iter().any(|name| !only.contains(name))
        }
        _ => false,
    }
}

/// Returns whether one of some values is certainly none of a set.
fn lacks(set: &[Literal], values: &[Literal]) -> bool {
    let set: Vec<Point> = set.iter().map(Point::new).collect();
    values.iter().map(Point::new).any(|value| set.iter().all(|member| value.beside(member).apart))
}

/// Checks that cannot be asked of a column of the type that another check wants.
fn misfits(checks: &[&Placed<'_>]) -> Vec<Finding> {
    let mut found = Vec::new();
    for wanted in checks {
        let Some(types) = DemandedTypes::by(wanted) else { continue };
        for claimed in checks {
            if let Some(error) = types.misfit(claimed.check) {
                let message = format!("{}, as {} demands", error.message, wanted.check.id);
                let help = error
                    .help
                    .unwrap_or_else(|| format!("line {}: {}", wanted.line, described(wanted.check)));
                found.push(Finding::error(claimed.check, claimed.check.place(error.place), &message, help));
            }
        }
    }
    found
}

/// All that a check speaks of, by its texts.
fn subjects(claimed: &Placed<'_>) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    match &claimed.claim {
        Claim::Rows { considered, fails, .. } => {
            collect(considered, &mut words);
            collect(fails, &mut words);
        }
        Claim::Whole { subject, .. } => {
            words.insert(subject.clone());
            words.extend(extreme(claimed.check).map(|of| of.text));
        }
    }
    words
}

fn collect(formula: &Formula, words: &mut BTreeSet<String>) {
    match formula {
        Formula::All(all) | Formula::Any(all) => all.iter().for_each(|one| collect(one, words)),
        Formula::Atom(Atom::Value { of, .. }) => words.extend([of.text.clone(), of.nulls.clone()]),
        Formula::Atom(Atom::Pair { left, right, .. }) => {
            words.extend([left.text.clone(), right.text.clone()]);
        }
        Formula::Atom(Atom::Opaque { text, .. }) => {
            words.insert(text.clone());
        }
    }
}

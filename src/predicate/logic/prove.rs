//! Looking for a row on which a formula holds.

use std::collections::{BTreeMap, BTreeSet};

use super::values::can_meet;
use super::{Atom, Condition, Formula, Sides};

/// How many ways are tried before a row is taken for possible.
const MOST_WAYS: u32 = 20_000;

/// Returns whether a formula may hold on some row. Where it may not, there is no such row.
#[must_use]
pub fn can_hold(formula: &Formula) -> bool {
    Search { ways: MOST_WAYS }.can_hold(&[formula], &[], &[])
}

/// Returns whether a formula certainly holds wherever another one does.
#[must_use]
pub fn implies(premise: &Formula, conclusion: &Formula) -> bool {
    !Search { ways: MOST_WAYS }.can_hold(&[premise, &conclusion.negated()], &[], &[])
}

struct Search {
    ways: u32,
}

impl Search {
    /// Returns whether all of these may hold, and one formula of each open choice, beside the atoms that are known to.
    fn can_hold<'a>(&mut self, formulas: &[&'a Formula], open: &[&'a [Formula]], known: &[&'a Atom]) -> bool {
        let mut atoms = known.to_vec();
        let mut choices: Vec<&'a [Formula]> = Vec::new();
        let mut pending = formulas.to_vec();
        while let Some(formula) = pending.pop() {
            match formula {
                Formula::Atom(atom) => atoms.push(atom),
                Formula::All(all) => pending.extend(all),
                Formula::Any(any) => match any.as_slice() {
                    [only] => pending.push(only),
                    several => choices.push(several),
                },
            }
        }
        choices.extend(open.iter().rev());
        if choices.iter().any(|several| several.is_empty()) || !are_possible(&atoms) {
            return false;
        }
        // The fewest ways first.
        choices.sort_by_key(|several| std::cmp::Reverse(several.len()));
        let Some(several) = choices.pop() else { return true };
        several.iter().any(|one| {
            if self.ways == 0 {
                return true;
            }
            self.ways -= 1;
            self.can_hold(&[one], &choices, &atoms)
        })
    }
}

/// Returns whether some row may meet all of these conditions, as far as is seen.
fn are_possible(atoms: &[&Atom]) -> bool {
    let mut present = BTreeSet::new();
    for atom in atoms {
        match atom {
            Atom::Value { of, or_null: false, .. } => {
                present.insert(of.nulls.as_str());
            }
            Atom::Pair { left, right, or_null: false, .. } => {
                present.extend([left.nulls.as_str(), right.nulls.as_str()]);
            }
            _ => {}
        }
    }
    let mut values: BTreeMap<&str, Vec<&Condition>> = BTreeMap::new();
    let mut pairs: BTreeMap<(&str, &str), Sides> = BTreeMap::new();
    let mut opaque: BTreeMap<&str, [bool; 3]> = BTreeMap::new();
    for atom in atoms {
        match atom {
            Atom::Value { of, meets, .. } if present.contains(of.nulls.as_str()) => {
                values.entry(&of.text).or_default().push(meets);
            }
            Atom::Pair { left, right, stand, .. }
                if present.contains(left.nulls.as_str()) && present.contains(right.nulls.as_str()) =>
            {
                let all = Sides { less: left != right, equal: true, greater: left != right };
                let sides = pairs.entry((&left.text, &right.text)).or_insert(all);
                *sides = sides.and(*stand);
            }
            // One of the two may be null.
            Atom::Value { .. } | Atom::Pair { .. } => {}
            Atom::Opaque { text, yes, no, null } => {
                let states = opaque.entry(text).or_insert([true; 3]);
                for (state, may) in states.iter_mut().zip([*yes, *no, *null]) {
                    *state &= may;
                }
            }
        }
    }
    pairs.values().all(|sides| sides.is_possible())
        && opaque.values().all(|states| states.contains(&true))
        && values.values().all(|conditions| can_meet(conditions))
}

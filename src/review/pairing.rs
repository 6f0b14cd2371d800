//! Which new check, and which new suite, an old one has become.

use super::Side;
use crate::suite::Check;

/// The position of the old one that each new one has become.
pub(super) type Pairs = Vec<Option<usize>>;

/// Finds the suite that each new one was: that of its name, else the only one with the same data, or at the same
/// place.
pub(super) fn suites(old: &[Side<'_>], new: &[Side<'_>]) -> Pairs {
    let mut pairs = Pairing::new(old.len(), new.len());
    pairs.join(|before, after| old[before].suite.name == new[after].suite.name);
    // Two files are compared with each other, whatever they are called.
    pairs.join(|_, _| old.len() == 1 && new.len() == 1);
    pairs.join_only(|before, after| {
        let (before, after) = (old[before].suite, new[after].suite);
        before.data.is_some() && before.data == after.data
    });
    pairs.join_only(|before, after| {
        let names = |side: &Side<'_>| side.suite.checks.iter().map(Check::fingerprint).collect::<Vec<_>>();
        let (before, after) = (names(&old[before]), names(&new[after]));
        before.iter().filter(|check| after.contains(check)).count() * 2 > before.len()
    });
    pairs.found
}

/// Finds the check that each new one was: the same one under its id, the same one under another id, the one that had
/// its id, the only one of its kind on its column.
pub(super) fn checks(old: &[Check], new: &[Check]) -> Pairs {
    let prints = |checks: &[Check]| checks.iter().map(Check::fingerprint).collect::<Vec<_>>();
    let (before, after) = (prints(old), prints(new));
    let mut pairs = Pairing::new(old.len(), new.len());
    pairs.join(|one, other| before[one] == after[other] && old[one].id == new[other].id);
    pairs.join(|one, other| before[one] == after[other]);
    pairs.join(|one, other| old[one].id == new[other].id);
    pairs.join_only(|one, other| {
        old[one].definition.id == new[other].definition.id && old[one].column == new[other].column
    });
    pairs.found
}

struct Pairing {
    /// Whether each old one has a partner.
    taken: Vec<bool>,
    found: Pairs,
}

impl Pairing {
    fn new(old: usize, new: usize) -> Self {
        Self { taken: vec![false; old], found: vec![None; new] }
    }

    /// Joins each new one that is left with the first old one that is left and fits.
    fn join(&mut self, fits: impl Fn(usize, usize) -> bool) {
        for after in 0..self.found.len() {
            if self.found[after].is_none() {
                let partner = self.left().find(|before| fits(*before, after));
                self.set(partner, after);
            }
        }
    }

    /// Joins those that are left and fit only each other.
    fn join_only(&mut self, fits: impl Fn(usize, usize) -> bool) {
        let (mut fit_old, mut fit_new) = (vec![0_usize; self.taken.len()], vec![0_usize; self.found.len()]);
        let mut fitting = Vec::new();
        for after in (0..self.found.len()).filter(|after| self.found[*after].is_none()) {
            for before in self.left().filter(|before| fits(*before, after)) {
                fit_old[before] += 1;
                fit_new[after] += 1;
                fitting.push((before, after));
            }
        }
        for (before, after) in fitting {
            if fit_old[before] == 1 && fit_new[after] == 1 {
                self.set(Some(before), after);
            }
        }
    }

    fn left(&self) -> impl Iterator<Item = usize> {
        self.taken.iter().enumerate().filter(|(_, taken)| !**taken).map(|(before, _)| before)
    }

    fn set(&mut self, partner: Option<usize>, after: usize) {
        if let Some(before) = partner {
            self.taken[before] = true;
            self.found[after] = Some(before);
        }
    }
}

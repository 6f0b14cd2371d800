//! Which of two checks lets less through.

use super::compared::{Claimed, at_least};
use crate::suite::Check;

/// How a check stands to an earlier one. It is the stronger one if whatever the earlier one fails or warns of, it
/// fails or warns of too, on every table on which both can be evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// Each is as strong as the other.
    Equal,
    /// It lets less through.
    Stronger,
    /// It lets more through.
    Weaker,
    /// Neither is seen to be as strong as the other.
    Incomparable,
}

/// How a check stands to an earlier one, as far as it can be proved by what the suites say.
#[must_use]
pub fn compare(old: &Check, new: &Check) -> Strength {
    if old.fingerprint() == new.fingerprint() {
        return Strength::Equal;
    }
    let (old, new) = (Claimed::of(old), Claimed::of(new));
    match (at_least(&new, &old), at_least(&old, &new)) {
        (true, true) => Strength::Equal,
        (true, false) => Strength::Stronger,
        (false, true) => Strength::Weaker,
        (false, false) => Strength::Incomparable,
    }
}

//! Conditions that are known only once something is measured.

use serde::Serialize;

use super::values::Outlying;
use crate::metric::Measured;
use crate::predicate::Typed;

/// The condition that measured values make, in the order of their metrics; or why they make none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Condition {
    /// That a value lies far from the others.
    Outlying(Box<Outlying>),
    /// This one, whatever is measured: what a test needs that makes an engine fail.
    #[cfg(test)]
    Fixed(Typed),
}

impl Condition {
    /// The condition that these values make, true on the failing rows.
    ///
    /// # Errors
    /// They make none: why.
    pub fn of(&self, measured: &[Measured]) -> Result<Typed, String> {
        match self {
            Self::Outlying(outlying) => outlying.of(measured),
            #[cfg(test)]
            Self::Fixed(condition) => Ok(condition.clone()),
        }
    }
}

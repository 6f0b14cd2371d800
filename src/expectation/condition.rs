//! Conditions on rows that follow from measured values.

use serde::Serialize;

use super::values::Outlier;
use crate::metric::Measured;
use crate::predicate::Typed;

/// A condition on rows that follows from measured values, which come in the order of their metrics.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// The condition that a value lies far from the others.
    Outlier(Box<Outlier>),
    /// The given condition, whatever is measured. Tests use it to make an engine fail.
    #[cfg(test)]
    Fixed(Typed),
}

impl Condition {
    /// Returns the condition that follows from measured values. It is true on the failing rows.
    ///
    /// # Errors
    /// They make none: why.
    pub fn of(&self, measured: &[Measured]) -> Result<Typed, String> {
        match self {
            Self::Outlier(outlying) => outlying.of(measured),
            #[cfg(test)]
            Self::Fixed(condition) => Ok(condition.clone()),
        }
    }
}

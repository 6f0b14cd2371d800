//! The policies of gates: the verdicts that stop a layer.

use std::fmt;

use crate::evaluate::Verdict;
use crate::suite::Layer;

/// The verdicts that stop data. Checks that could not be evaluated always do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Policy {
    /// A failed check.
    StopOnFail,
    /// A failed check or a warning.
    StopOnWarn,
}

impl Policy {
    /// Returns whether a check with this verdict stops the data.
    #[must_use]
    pub const fn stops_on(self, verdict: Verdict) -> bool {
        match verdict {
            Verdict::Fail | Verdict::Error => true,
            Verdict::Warn => matches!(self, Self::StopOnWarn),
            Verdict::Pass | Verdict::Skip => false,
        }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::StopOnFail => "stops on fail and error",
            Self::StopOnWarn => "stops on warn, fail and error",
        })
    }
}

/// A policy for each layer, and one for suites without a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policies {
    bronze: Policy,
    silver: Policy,
    gold: Policy,
    other: Policy,
}

impl Default for Policies {
    fn default() -> Self {
        let lenient = Policy::StopOnFail;
        Self { bronze: lenient, silver: lenient, gold: Policy::StopOnWarn, other: lenient }
    }
}

impl Policies {
    /// Returns one policy for all layers.
    #[must_use]
    pub const fn all(policy: Policy) -> Self {
        Self { bronze: policy, silver: policy, gold: policy, other: policy }
    }

    /// Replaces the policy of a layer.
    #[must_use]
    pub const fn with(mut self, layer: Layer, policy: Policy) -> Self {
        match layer {
            Layer::Bronze => self.bronze = policy,
            Layer::Silver => self.silver = policy,
            Layer::Gold => self.gold = policy,
        }
        self
    }

    /// Returns the policy of a layer.
    #[must_use]
    pub const fn of(&self, layer: Option<Layer>) -> Policy {
        match layer {
            Some(Layer::Bronze) => self.bronze,
            Some(Layer::Silver) => self.silver,
            Some(Layer::Gold) => self.gold,
            None => self.other,
        }
    }
}

//! The policies of gates: the verdicts that stop a layer.

use std::collections::BTreeMap;
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policies {
    /// The policies of single layers, by name.
    layers: BTreeMap<String, Policy>,
    other: Policy,
}

impl Default for Policies {
    /// Gold stops on warnings too.
    fn default() -> Self {
        Self::all(Policy::StopOnFail).with("gold", Policy::StopOnWarn)
    }
}

impl Policies {
    /// Returns one policy for all layers.
    #[must_use]
    pub const fn all(policy: Policy) -> Self {
        Self { layers: BTreeMap::new(), other: policy }
    }

    /// Replaces the policy of a layer, by its name.
    #[must_use]
    pub fn with(mut self, layer: &str, policy: Policy) -> Self {
        self.layers.insert(layer.to_owned(), policy);
        self
    }

    /// Returns the policy of a layer.
    #[must_use]
    pub fn of(&self, layer: Option<&Layer>) -> Policy {
        layer.and_then(|layer| self.layers.get(layer.name())).copied().unwrap_or(self.other)
    }
}

//! What becomes of the rows that fail a check, where a table is split.

use super::Severity;
use crate::document::{Diagnostic, Node, did_you_mean};
use crate::expectation::Nature;

/// What a split does when a check is violated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnFail {
    /// Failing rows stay among the valid ones.
    Keep,
    /// Failing rows go to the quarantine.
    Quarantine,
    /// Nothing is written if the check fails.
    Stop,
}

impl OnFail {
    /// What a check may say, by name.
    pub(super) const NAMES: [(&'static str, Self); 3] =
        [("keep", Self::Keep), ("quarantine", Self::Quarantine), ("stop", Self::Stop)];

    /// Returns the name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Quarantine => "quarantine",
            Self::Stop => "stop",
        }
    }

    /// Returns what applies to a check that says nothing: rows that fail a critical check go to the quarantine. A check that
    /// judges no single rows has none to put there.
    pub(super) const fn by_default(nature: Nature, severity: Severity) -> Self {
        match (nature, severity) {
            (Nature::Rows, Severity::Critical) => Self::Quarantine,
            _ => Self::Keep,
        }
    }

    pub(super) fn read(node: &Node, nature: Nature) -> Result<Self, Diagnostic> {
        let wanted = "keep, quarantine or stop";
        let text = node.text(wanted)?;
        let found = Self::NAMES.into_iter().find(|(name, _)| *name == text).map(|(_, on_fail)| on_fail);
        match found {
            Some(Self::Quarantine) if nature != Nature::Rows => {
                let message = "quarantine: this check judges no single rows, so that none can be put aside";
                Err(Diagnostic::new(node.span, message).help("on_fail: stop writes nothing if it fails"))
            }
            Some(found) => Ok(found),
            None => {
                let known = match text.to_ascii_lowercase().as_str() {
                    "drop" | "reject" | "isolate" | "expect_or_drop" => {
                        Some("that is quarantine here".to_owned())
                    }
                    "fail" | "abort" | "error" | "expect_or_fail" => Some("that is stop here".to_owned()),
                    "warn" | "ignore" | "continue" | "expect" => Some("that is keep here".to_owned()),
                    _ => did_you_mean(text, Self::NAMES.map(|(name, _)| name)),
                };
                Err(node.expected_error(wanted).maybe_help(known))
            }
        }
    }
}

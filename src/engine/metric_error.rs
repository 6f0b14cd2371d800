//! Why a metric has no value.

use std::fmt::Display;

use super::EngineError;
use crate::privacy::Untrusted;

/// How many characters of what was measured a message quotes.
const MOST: usize = 120;

/// Why a metric has no value. What it says of itself leaves out the message of the engine, which may quote
/// data: [`MetricError::untrusted`] has all of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MetricError {
    /// The values that it is made of do not make it.
    #[error("{0}")]
    Undefined(String),
    /// It was not measured.
    #[error("the engine did not measure it")]
    Unmeasured,
    /// The engine cannot measure it: why.
    #[error("{0}")]
    Unsupported(String),
    /// The engine failed at it.
    #[error("{measured} could not be measured")]
    Failed {
        /// What was to be measured.
        measured: String,
        /// What the engine said.
        reason: Untrusted,
    },
}

impl From<MetricError> for Untrusted {
    fn from(error: MetricError) -> Self {
        error.untrusted()
    }
}

impl MetricError {
    /// The engine failed with an error when it measured this.
    pub(super) fn failed(measured: &dyn Display, error: &EngineError) -> Self {
        let mut measured = measured.to_string();
        if let Some((end, _)) = measured.char_indices().nth(MOST) {
            measured.truncate(end);
            measured.push('…');
        }
        Self::Failed { measured, reason: error.untrusted() }
    }

    /// The error in words, which [`Privacy::text`](crate::privacy::Privacy::text) shows.
    #[must_use]
    pub fn untrusted(&self) -> Untrusted {
        match self {
            Self::Failed { reason, .. } => Untrusted::places(format!("{self}: ")).then(reason),
            Self::Undefined(_) | Self::Unmeasured | Self::Unsupported(_) => {
                Untrusted::places(self.to_string())
            }
        }
    }
}

//! The reasons why a metric has no value.

use std::fmt::Display;

use super::EngineError;
use crate::privacy::Untrusted;

/// Maximum number of characters of a metric's description that a message quotes.
const MOST: usize = 120;

/// The reason why a metric has no value. The error's own text leaves out the message of the engine, which may
/// quote data; [`MetricError::untrusted`] has the full text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MetricError {
    /// The measured values do not determine a result, for this reason.
    #[error("{0}")]
    Undefined(String),
    /// The metric was not measured.
    #[error("the engine did not measure it")]
    Unmeasured,
    /// The engine cannot measure the metric, for this reason.
    #[error("{0}")]
    Unsupported(String),
    /// The engine failed at the metric.
    #[error("{measured} could not be measured")]
    Failed {
        /// The description of the metric.
        measured: String,
        /// The message of the engine.
        reason: Untrusted,
    },
}

impl From<MetricError> for Untrusted {
    fn from(error: MetricError) -> Self {
        error.untrusted()
    }
}

impl MetricError {
    /// Returns the error of a metric, described by `measured`, at which the engine failed with `error`.
    pub(super) fn failed(measured: &dyn Display, error: &EngineError) -> Self {
        let mut measured = measured.to_string();
        if let Some((end, _)) = measured.char_indices().nth(MOST) {
            measured.truncate(end);
            measured.push('…');
        }
        Self::Failed { measured, reason: error.untrusted() }
    }

    /// Returns the full text of the error, which [`Privacy::text`](crate::privacy::Privacy::text) shows.
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

//! Why a metric has no value.

use std::fmt::Display;

use super::EngineError;
use crate::data::ColumnPath;

/// How many characters of what was measured a message quotes.
const MOST: usize = 120;

/// Why a metric has no value, in words that quote no personal data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MetricError {
    /// The values that it is made of do not make it.
    #[error("{0}")]
    Undefined(String),
    /// It was not measured.
    #[error("the engine did not measure it")]
    Unmeasured,
    /// The engine failed at it.
    #[error("{measured} could not be measured: {reason}")]
    Failed {
        /// What was to be measured.
        measured: String,
        /// What the engine said.
        reason: String,
    },
}

impl MetricError {
    /// The engine failed with an error when it measured this; `pii` are the columns that are personal data.
    pub(super) fn failed(measured: &dyn Display, error: &EngineError, pii: &[ColumnPath]) -> Self {
        let mut measured = measured.to_string();
        if let Some((end, _)) = measured.char_indices().nth(MOST) {
            measured.truncate(end);
            measured.push('…');
        }
        Self::Failed { measured, reason: error.without_personal(pii) }
    }
}

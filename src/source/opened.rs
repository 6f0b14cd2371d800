//! Data that an engine has opened.

use std::any::Any;

use super::{Details, Identity, SourceError};
use crate::data::{Doubts, Schema};

/// Data that an engine has opened: what it is and which columns it has. Its rows are the engine's affair; only the
/// engine that opened it can measure it.
pub trait Opened: Any + Send + Sync {
    /// What it is, for the report.
    fn identity(&self) -> &Identity;

    /// Its columns.
    fn schema(&self) -> &Schema;

    /// What is known of it before any of its rows is read; metadata may be read for that.
    ///
    /// # Errors
    /// They cannot be read.
    fn details(&self) -> Result<Details, SourceError>;

    /// What is doubtful of how its text was read; nothing, where it is no text.
    fn doubts(&self) -> Option<&Doubts> {
        None
    }
}

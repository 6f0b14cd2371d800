//! A snapshot as all others see it, and back.

use std::any::Any;

use super::details::details;
use super::snapshot::{Rows, Snapshot};
use crate::data::{Doubts, Schema};
use crate::engine::EngineError;
use crate::source::{Details, Identity, Opened, SourceError};

impl Opened for Snapshot {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn schema(&self) -> &Schema {
        &self.schema
    }

    fn details(&self) -> Result<Details, SourceError> {
        details(self)
    }

    fn doubts(&self) -> Option<&Doubts> {
        match &self.rows {
            Rows::Files(set) => Some(&set.files.about().transcript.as_ref()?.doubts),
            Rows::Frame(_) => None,
        }
    }
}

impl Snapshot {
    /// What this engine has opened.
    ///
    /// # Errors
    /// Another engine has.
    pub(super) fn of(opened: &dyn Opened) -> Result<&Self, EngineError> {
        (opened as &dyn Any).downcast_ref().ok_or(EngineError::Foreign)
    }
}

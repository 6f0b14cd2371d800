//! The view that other stages have of a snapshot, and the way back to the snapshot.

use std::any::Any;

use super::details::details;
use super::snapshot::{Rows, Snapshot};
use crate::data::{Doubts, Schema};
use crate::engine::EngineError;
use crate::source::{Appended, DataFiles, Details, Identity, Opened, SourceError};

impl Opened for Snapshot {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn schema(&self) -> &Schema {
        &self.schema
    }

    fn show_as(&mut self, uri: String) {
        self.identity.uri = uri;
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

    fn files(&self) -> Option<&DataFiles> {
        match &self.rows {
            Rows::Files(set) => Some(&set.files),
            Rows::Frame(_) => None,
        }
    }

    fn appended(&self) -> Option<&Appended> {
        self.appended.as_ref()
    }
}

impl Snapshot {
    /// Returns the snapshot that this engine has opened.
    ///
    /// # Errors
    /// Another engine has opened the data.
    pub(super) fn of(opened: &dyn Opened) -> Result<&Self, EngineError> {
        (opened as &dyn Any).downcast_ref().ok_or(EngineError::Foreign)
    }
}

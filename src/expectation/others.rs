//! What checks know of other datasets before a row is read.

use std::collections::BTreeMap;

use super::LowerError;
use crate::data::{Dataset, Schema};

/// The other datasets that a suite's checks speak of, as far as they could be opened.
#[derive(Debug, Default)]
pub struct Others {
    schemas: BTreeMap<Dataset, Result<Schema, String>>,
}

impl Others {
    /// Adds a dataset's schema, or why it could not be opened.
    pub fn insert(&mut self, dataset: Dataset, schema: Result<Schema, String>) {
        self.schemas.insert(dataset, schema);
    }

    /// The schema of a dataset.
    ///
    /// # Errors
    /// It could not be opened.
    pub fn schema(&self, dataset: &Dataset) -> Result<&Schema, LowerError> {
        match self.schemas.get(dataset) {
            Some(Ok(schema)) => Ok(schema),
            Some(Err(reason)) => Err(LowerError::new(reason.clone())),
            None => Err(LowerError::new(format!("{dataset} was not opened"))),
        }
    }
}

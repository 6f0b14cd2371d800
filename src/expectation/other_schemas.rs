//! The schemas of the other datasets that checks compare with, known before a row is read.

use std::collections::BTreeMap;

use super::LowerError;
use crate::data::{Dataset, Schema};

/// The schemas of the other datasets that a suite's checks name, or the reasons why they could not be opened.
#[derive(Debug, Default)]
pub struct OtherSchemas {
    schemas: BTreeMap<Dataset, Result<Schema, String>>,
}

impl OtherSchemas {
    /// Adds the schema of a dataset, or the reason why the dataset could not be opened.
    pub fn insert(&mut self, dataset: Dataset, schema: Result<Schema, String>) {
        self.schemas.insert(dataset, schema);
    }

    /// Returns the schema of a dataset.
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

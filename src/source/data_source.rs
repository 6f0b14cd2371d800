//! Data, with the options that open it.

use super::{Data, StorageOptions};
use crate::data::Dialect;

/// Data, and what opens it.
pub struct DataSource {
    /// The data.
    pub data: Data,
    /// The options of its object store; `None` if they are those of the run.
    pub storage: Option<StorageOptions>,
    /// The format and the dialect of its files.
    pub dialect: Dialect,
}

impl<T: Into<Data>> From<T> for DataSource {
    fn from(data: T) -> Self {
        Self { data: data.into(), storage: None, dialect: Dialect::default() }
    }
}

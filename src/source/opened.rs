//! Data that an engine has opened.

use std::any::Any;

use super::{Appended, DataFiles, Details, Identity, SourceError};
use crate::data::{Doubts, Schema};

/// Data that an engine has opened, with its identity and schema. Only the engine that opened the data can
/// read its rows.
pub trait Opened: Any + Send + Sync {
    /// Returns the location, version and size of the data, for the report.
    fn identity(&self) -> &Identity;

    /// Returns the columns of the data.
    fn schema(&self) -> &Schema;

    /// Calls the data by another URI in reports: that by which a caller knows it, where another was opened.
    fn show_as(&mut self, uri: String);

    /// Returns the metadata of the data, without reading rows; footers may be read.
    ///
    /// # Errors
    /// The metadata cannot be read.
    fn details(&self) -> Result<Details, SourceError>;

    /// Returns what is doubtful about how the text was read; `None` for formats that are not text.
    fn doubts(&self) -> Option<&Doubts> {
        None
    }

    /// Returns the data files, through whose rows the numbers of rows run; `None` for data in memory.
    fn files(&self) -> Option<&DataFiles> {
        None
    }

    /// Returns the files that are no part of the table so far; `None` if the data is all there.
    fn appended(&self) -> Option<&Appended> {
        None
    }
}

//! The data that a suite checks: a location, a table as it would be, or data that a caller holds in memory.

use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use polars::prelude::{DataFrame, IntoLazy as _, LazyFrame};

use super::{At, Staged};
use crate::data::redacted;

/// Data to check: a URI, a table with what is to be appended to it, a frame or record batches.
#[non_exhaustive]
pub enum Data {
    /// A Delta table at a version, or a file, folder or glob.
    Uri {
        /// The URI, path or pattern.
        uri: String,
        /// The version to open.
        at: At,
    },
    /// A Delta table as it would be after Parquet files are appended to it.
    Staged {
        /// The URI or path of the table. It need not be there so far.
        into: String,
        /// The version to which the files are appended.
        at: At,
        /// The files.
        files: Staged,
    },
    /// A lazy frame of Polars, which only the Polars engine accepts.
    Lazy(Box<LazyFrame>),
    /// Record batches of one schema.
    Batches(Vec<RecordBatch>),
}

/// The name that replaces the URI of data in memory.
pub(crate) const IN_MEMORY: &str = "(in memory)";

impl Data {
    /// Returns the record batches of a stream, such as a `RecordBatchReader`. All are held in memory, since some are read twice.
    ///
    /// # Errors
    /// The stream gives an error instead of a batch.
    pub fn of_stream(
        stream: impl IntoIterator<Item = Result<RecordBatch, ArrowError>>,
    ) -> Result<Self, ArrowError> {
        stream.into_iter().collect::<Result<Vec<_>, _>>().map(Self::Batches)
    }

    /// Returns the URI for reports, without credentials.
    pub(crate) fn uri(&self) -> String {
        match self {
            Self::Uri { uri, .. } | Self::Staged { into: uri, .. } => redacted(uri),
            Self::Lazy(_) | Self::Batches(_) => IN_MEMORY.to_owned(),
        }
    }

    /// Returns the URI as given, or `None` for data in memory.
    pub(crate) fn location(&self) -> Option<&str> {
        match self {
            Self::Uri { uri, .. } | Self::Staged { into: uri, .. } => Some(uri),
            Self::Lazy(_) | Self::Batches(_) => None,
        }
    }
}

impl From<&str> for Data {
    fn from(uri: &str) -> Self {
        Self::Uri { uri: uri.to_owned(), at: At::Latest }
    }
}

impl From<String> for Data {
    fn from(uri: String) -> Self {
        Self::Uri { uri, at: At::Latest }
    }
}

impl From<LazyFrame> for Data {
    fn from(frame: LazyFrame) -> Self {
        Self::Lazy(Box::new(frame))
    }
}

impl From<DataFrame> for Data {
    fn from(frame: DataFrame) -> Self {
        frame.lazy().into()
    }
}

impl From<Vec<RecordBatch>> for Data {
    fn from(batches: Vec<RecordBatch>) -> Self {
        Self::Batches(batches)
    }
}

//! Rows on their way to a destination.

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;

use super::committed::Committed;
use super::delta::{Deletion, DeltaSink, DeltaWritten};
use super::destination::Destination;
use super::error::SinkError;
use super::options::WriteOptions;
use super::parquet_file::{FileSink, FileWritten};
use super::provenance::{Earlier, Provenance};

/// Rows on their way to a destination. Dropped before the commit, it leaves nothing there.
pub struct Sink(Kind);

enum Kind {
    Delta(Box<DeltaSink>),
    File(Box<FileSink>),
}

/// Rows that are written, and that nobody sees so far. Dropped, they are deleted.
pub struct Written(WrittenKind);

enum WrittenKind {
    Delta(Box<DeltaWritten>),
    File(Box<FileWritten>),
}

impl Sink {
    /// Opens a destination, and finds out whether columns fit it.
    ///
    /// # Errors
    /// The destination cannot be opened, is none that can be written to right, or does not take a column.
    pub fn open(to: &Destination, schema: SchemaRef, options: &WriteOptions) -> Result<Self, SinkError> {
        Ok(Self(if to.is_file() {
            Kind::File(Box::new(FileSink::open(to, schema, options)?))
        } else {
            Kind::Delta(Box::new(DeltaSink::open(to, schema, options)?))
        }))
    }

    /// Finds the commit that has brought the same part of the same input, by a suite of the same name, perhaps with another
    /// content: [`Earlier::suite_digest`] tells.
    ///
    /// # Errors
    /// The destination cannot be read; or it is a Parquet file with other rows, and is not to be overwritten.
    pub fn already(&self, provenance: &Provenance) -> Result<Option<Earlier>, SinkError> {
        match &self.0 {
            Kind::Delta(sink) => sink.already(provenance),
            Kind::File(sink) => sink.already(provenance),
        }
    }

    /// Returns the newest version of the input that is in the destination, of the same part and suite. Ranges of changes and
    /// whole versions are counted apart.
    ///
    /// # Errors
    /// The destination cannot be read.
    pub fn last_input_version(&self, provenance: &Provenance) -> Result<Option<u64>, SinkError> {
        match &self.0 {
            Kind::Delta(sink) => sink.last_input_version(provenance),
            Kind::File(sink) => Ok(sink.last_input_version(provenance)),
        }
    }

    /// Returns whether it writes to the table from which rows are deleted.
    #[must_use]
    pub fn is_into(&self, deletion: &Deletion) -> bool {
        match &self.0 {
            Kind::Delta(sink) => sink.is_into(deletion),
            Kind::File(_) => false,
        }
    }

    /// Returns the version of the table that was opened; `None` if one is to be made, or for a Parquet file.
    pub fn existing_version(&self) -> Option<u64> {
        match &self.0 {
            Kind::Delta(sink) => sink.version(),
            Kind::File(_) => None,
        }
    }

    /// Takes rows, whose columns are those that the destination was opened with.
    ///
    /// # Errors
    /// A value does not fit its column, or the store or the file system refuses what is sent.
    pub fn write(&mut self, rows: &RecordBatch) -> Result<(), SinkError> {
        match &mut self.0 {
            Kind::Delta(sink) => sink.write(rows),
            Kind::File(sink) => sink.write(rows),
        }
    }

    /// Writes all rows out. Nobody sees them before the commit.
    ///
    /// # Errors
    /// As of [`Sink::write`].
    pub fn finish(self) -> Result<Written, SinkError> {
        Ok(Written(match self.0 {
            Kind::Delta(sink) => WrittenKind::Delta(Box::new(sink.finish()?)),
            Kind::File(sink) => WrittenKind::File(Box::new(sink.finish()?)),
        }))
    }
}

impl Written {
    /// Returns the number of rows.
    pub fn rows(&self) -> u64 {
        match &self.0 {
            WrittenKind::Delta(written) => written.rows(),
            WrittenKind::File(written) => written.rows(),
        }
    }

    /// Returns the number of data files.
    pub fn files(&self) -> usize {
        match &self.0 {
            WrittenKind::Delta(written) => written.files(),
            WrittenKind::File(_) => 1,
        }
    }

    /// Returns the bytes of the data files.
    pub fn bytes(&self) -> u64 {
        match &self.0 {
            WrittenKind::Delta(written) => written.bytes(),
            WrittenKind::File(written) => written.bytes(),
        }
    }

    /// Makes the rows visible, in one commit that says where they come from. No rows are a commit, too.
    ///
    /// # Errors
    /// Somebody else has changed the destination in a way that matters, or the store refuses the commit. Then nothing was
    /// written, unless the error is [`SinkError::Unknown`].
    pub fn commit(self, provenance: &Provenance) -> Result<Committed, SinkError> {
        match self.0 {
            WrittenKind::Delta(written) => written.commit(provenance),
            WrittenKind::File(written) => written.commit(provenance),
        }
    }
}

//! Reads columns of a file with the `parquet` crate.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::Schema as ArrowSchema;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};

use super::arrays::recoded_values;
use super::format;
use super::recoding::Recoding;

/// Number of rows that are decoded at once.
const BATCH: usize = 8192;

/// Parses a footer with the `parquet` crate.
pub(super) fn metadata(footer: &[u8]) -> Result<ParquetMetaData, String> {
    ParquetMetaDataReader::decode_metadata(footer).map_err(|error| error.to_string())
}

/// A decoder for columns of a file.
pub(super) struct Decoder<'a> {
    path: &'a Path,
    metadata: ArrowReaderMetadata,
    columns: Vec<&'a Recoding>,
}

impl<'a> Decoder<'a> {
    /// Creates a decoder for columns of a file, which are in the order of the file.
    pub(super) fn new(path: &'a Path, footer: &[u8], columns: Vec<&'a Recoding>) -> Result<Self, String> {
        let wanted = |name: &str| columns.iter().any(|column| column.read.name() == name);
        let metadata = metadata(&format::without(footer, wanted)?)?;
        let schema = ArrowSchema::new(columns.iter().map(|column| column.read.clone()).collect::<Vec<_>>());
        let metadata = Arc::new(metadata);
        let read = |options: ArrowReaderOptions| {
            ArrowReaderMetadata::try_new(Arc::clone(&metadata), options).map_err(|error| error.to_string())
        };
        let mut metadata = read(ArrowReaderOptions::new().with_skip_arrow_metadata(true))?;
        if metadata.schema().fields() != schema.fields() {
            metadata = read(ArrowReaderOptions::new().with_schema(Arc::new(schema)))?;
        }
        Ok(Self { path, metadata, columns })
    }

    /// Returns the recoded values of a row group in batches, with one array for each column.
    pub(super) fn rows(&self, group: usize) -> Result<Rows<'_>, String> {
        let file = File::open(self.path).map_err(|error| error.to_string())?;
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
            .with_row_groups(vec![group])
            .with_batch_size(BATCH)
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Rows { reader, columns: &self.columns })
    }
}

/// The rows of a row group in batches.
pub(super) struct Rows<'a> {
    reader: ParquetRecordBatchReader,
    columns: &'a [&'a Recoding],
}

impl Iterator for Rows<'_> {
    type Item = Result<Vec<ArrayRef>, String>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = match self.reader.next()? {
            Ok(batch) => batch,
            Err(error) => return Some(Err(error.to_string())),
        };
        let columns = batch.columns().iter().zip(self.columns);
        Some(columns.map(|(values, recoding)| recoded_values(values, recoding)).collect())
    }
}

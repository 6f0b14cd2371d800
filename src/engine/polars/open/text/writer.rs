//! Writes the rows of a text file to a temporary Parquet file.

use std::io::BufWriter;
use std::path::{Path, PathBuf};

use polars::io::parquet::write::BatchedWriter;
use polars::prelude::{
    Column, DataFrame, ParquetCompression, ParquetWriter, PolarsResult, Schema as PlSchema,
};

use super::series::series;
use crate::data::{Field, Value};
use crate::engine::polars::expression::polars_type;
use crate::source::scratch::{Full, Temporary, unwritten};
use crate::source::{EngineMessage, SourceError};

/// A writer of the rows of one file.
pub(super) struct Writer<'a> {
    path: PathBuf,
    /// The original file, and its size in bytes.
    shown: &'a str,
    needed: u64,
    full: Full,
    fields: &'a [Field],
    parquet: BatchedWriter<BufWriter<Temporary>>,
    columns: Vec<Vec<Value>>,
    rows: usize,
    bytes: usize,
    /// Number of rows that were written out.
    written: u64,
}

/// Rows are written out when they have this number of cells or bytes of text.
const MOST_CELLS: usize = 1 << 18;
const MOST_BYTES: usize = 32 << 20;

impl<'a> Writer<'a> {
    /// Creates a writer for the rows of a file of `needed` bytes.
    pub(super) fn create(
        path: &Path,
        fields: &'a [Field],
        shown: &'a str,
        needed: u64,
    ) -> Result<Self, SourceError> {
        let file = Temporary::create(path).map_err(|source| unwritten(shown, needed, source))?;
        let full = file.full();
        let file = BufWriter::new(file);
        let schema = fields
            .iter()
            .map(|field| {
                polars::prelude::Field::new(field.name.as_str().into(), polars_type(&field.data_type))
            })
            .collect::<PlSchema>();
        let writer =
            ParquetWriter::new(file).with_compression(ParquetCompression::Snappy).set_parallel(false);
        let parquet =
            writer.batched(&schema).map_err(|source| full.or(failed(path, &source), shown, needed))?;
        let columns = vec![Vec::new(); fields.len()];
        let path = path.to_path_buf();
        Ok(Self { path, shown, needed, full, fields, parquet, columns, rows: 0, bytes: 0, written: 0 })
    }

    /// Adds a row with a value for each column.
    pub(super) fn add(&mut self, row: Vec<Value>) -> Result<(), SourceError> {
        for (column, value) in self.columns.iter_mut().zip(row) {
            self.bytes += size(&value);
            column.push(value);
        }
        self.rows += 1;
        if self.rows * self.fields.len().max(1) >= MOST_CELLS || self.bytes >= MOST_BYTES {
            self.flush().map_err(|source| self.failed(&source))?;
        }
        Ok(())
    }

    fn flush(&mut self) -> PolarsResult<()> {
        let columns = self.fields.iter().zip(&mut self.columns).map(|(field, values)| {
            let column = series(&field.name, values, &field.data_type).map(Column::from);
            values.clear();
            column
        });
        let frame = DataFrame::new(self.rows, columns.collect::<PolarsResult<_>>()?)?;
        self.written += u64::try_from(self.rows).unwrap_or(u64::MAX);
        (self.rows, self.bytes) = (0, 0);
        self.parquet.write_batch(&frame)
    }

    fn failed(&self, source: &polars::error::PolarsError) -> SourceError {
        self.full.or(failed(&self.path, source), self.shown, self.needed)
    }

    /// Writes the remaining rows, and returns the number of all rows.
    pub(super) fn finish(mut self) -> Result<u64, SourceError> {
        let rest = if self.rows > 0 { self.flush() } else { Ok(()) };
        rest.and_then(|()| self.parquet.finish()).map_err(|source| self.failed(&source))?;
        Ok(self.written)
    }
}

fn failed(path: &Path, source: &polars::error::PolarsError) -> SourceError {
    SourceError::Engine { uri: path.display().to_string(), source: EngineMessage::of(source) }
}

/// Estimates the number of bytes that a value takes beside its cell.
fn size(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::List(items) => items.iter().map(|item| 48 + size(item)).sum(),
        Value::Struct(fields) => fields.iter().map(|(name, value)| 72 + name.len() + size(value)).sum(),
        _ => 0,
    }
}

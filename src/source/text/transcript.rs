//! Text as Parquet: a temporary file for each file of text.

use std::collections::HashMap;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use polars::io::parquet::write::BatchedWriter;
use polars::prelude::{
    Column, DataFrame, ParquetCompression, ParquetWriter, PolarsResult, Schema as PlSchema,
};
use roaring::RoaringTreemap;

use super::lines::RowLines;
use super::series::series;
use crate::data::{Doubts, Field, Value};
use crate::predicate::polars_type;
use crate::source::SourceError;
use crate::source::scratch::{Folder, Full, Temporary, unwritten};

/// What the files of a snapshot were written from.
#[derive(Debug)]
pub(crate) struct Transcript {
    /// Where they lie; it goes when this does.
    pub(super) _folder: Folder,
    /// The rows that are not in them; nothing of a format that has no malformed rows.
    pub(crate) malformed: Option<Malformed>,
    /// Which rows these are, of the files by their names.
    pub(super) left_out: HashMap<String, RoaringTreemap>,
    /// In which lines the rows begin, of the files of text by their names.
    pub(super) lines: HashMap<String, RowLines>,
    /// What it took to write them.
    pub(crate) took: Took,
    /// What is doubtful of how they were read.
    pub(crate) doubts: Doubts,
}

/// What it took to write other files as Parquet, before a scan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Took {
    /// How many times each file was read, at most.
    pub(crate) scans: u64,
    /// The rows that came out.
    pub(crate) rows: u64,
    /// The bytes that were read.
    pub(crate) bytes: u64,
}

impl Took {
    /// Adds a file that was read once.
    pub(in crate::source) fn add(&mut self, rows: u64, bytes: u64) {
        self.rows += rows;
        self.bytes += bytes;
    }
}

impl Transcript {
    /// One of files all of whose rows there are.
    pub(in crate::source) fn whole(folder: Folder, took: Took, doubts: Doubts) -> Self {
        Self {
            _folder: folder,
            malformed: None,
            left_out: HashMap::new(),
            lines: HashMap::new(),
            took,
            doubts,
        }
    }

    /// The line in which a row of a file of text begins, by its number there.
    pub(crate) fn line(&self, file: &str, number: u64) -> Option<u64> {
        self.lines.get(file)?.of(number)
    }

    /// The number that a row of a file has in the text, where it has another one here.
    pub(crate) fn number(&self, file: &str, row: u64) -> u64 {
        let Some(left_out) = self.left_out.get(file) else { return row };
        // Every malformed row in front of it moves it by one.
        let mut number = row;
        for malformed in left_out {
            if malformed > number {
                break;
            }
            number += 1;
        }
        number
    }
}

/// The malformed rows of a snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Malformed {
    /// How many there are.
    pub rows: u64,
    /// The first of them.
    pub first: Vec<MalformedRow>,
}

/// A malformed row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MalformedRow {
    /// Its file within the dataset.
    pub file: String,
    /// Its number within the file, from 0.
    pub row: u64,
    /// The line where it begins, from 1.
    pub line: u64,
    /// What is wrong with it, which quotes nothing of it.
    pub reason: String,
}

impl Malformed {
    /// How many of the first are kept.
    const KEPT: usize = 1_000;

    pub(super) fn add(&mut self, row: MalformedRow) {
        self.rows += 1;
        if self.first.len() < Self::KEPT {
            self.first.push(row);
        }
    }
}

/// Writes the rows of one file.
pub(super) struct Writer<'a> {
    path: PathBuf,
    /// The file whose rows they are, and its size.
    shown: &'a str,
    needed: u64,
    full: Full,
    fields: &'a [Field],
    parquet: BatchedWriter<BufWriter<Temporary>>,
    columns: Vec<Vec<Value>>,
    rows: usize,
    bytes: usize,
    /// The rows written out.
    written: u64,
}

/// Rows are written out when they have so many cells or bytes of text.
const MOST_CELLS: usize = 1 << 18;
const MOST_BYTES: usize = 32 << 20;

impl<'a> Writer<'a> {
    /// For the rows of a file of so many bytes.
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
            writer.batched(&schema).map_err(|source| full.or(failed(path, source), shown, needed))?;
        let columns = vec![Vec::new(); fields.len()];
        let path = path.to_path_buf();
        Ok(Self { path, shown, needed, full, fields, parquet, columns, rows: 0, bytes: 0, written: 0 })
    }

    /// Adds a row, of a value for each column.
    pub(super) fn add(&mut self, row: Vec<Value>) -> Result<(), SourceError> {
        for (column, value) in self.columns.iter_mut().zip(row) {
            self.bytes += size(&value);
            column.push(value);
        }
        self.rows += 1;
        if self.rows * self.fields.len().max(1) >= MOST_CELLS || self.bytes >= MOST_BYTES {
            self.flush().map_err(|source| self.failed(source))?;
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

    fn failed(&self, source: polars::error::PolarsError) -> SourceError {
        self.full.or(failed(&self.path, source), self.shown, self.needed)
    }

    /// Writes what is left; gives how many rows there are.
    pub(super) fn finish(mut self) -> Result<u64, SourceError> {
        let rest = if self.rows > 0 { self.flush() } else { Ok(()) };
        rest.and_then(|()| self.parquet.finish()).map_err(|source| self.failed(source))?;
        Ok(self.written)
    }
}

fn failed(path: &Path, source: polars::error::PolarsError) -> SourceError {
    SourceError::Engine { uri: path.display().to_string(), source }
}

/// About how many bytes a value takes beside its cell.
fn size(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::List(items) => items.iter().map(|item| 48 + size(item)).sum(),
        Value::Struct(fields) => fields.iter().map(|(name, value)| 72 + name.len() + size(value)).sum(),
        _ => 0,
    }
}

//! Writes rows in a format, a batch at a time.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use arrow::csv::WriterBuilder;
use arrow::datatypes::SchemaRef;
use arrow::ipc::writer::StreamWriter;
use arrow::json::LineDelimitedWriter;
use arrow::record_batch::RecordBatch;
use clap::ValueEnum;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::flat::{flat, without_formulas};
use super::table::Table;

/// The format of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum RowFormat {
    // Plain comments: the help of the command stays one line an argument.
    // For people.
    Table,
    // Lists and structs as text.
    Csv,
    // One JSON object a line.
    Ndjson,
    // One Parquet file.
    Parquet,
    // An Arrow IPC stream.
    Arrow,
}

impl RowFormat {
    /// Returns the format that the name of a file tells.
    pub(super) fn of(path: &Path) -> Option<Self> {
        Some(match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "csv" => Self::Csv,
            "ndjson" | "jsonl" => Self::Ndjson,
            "parquet" => Self::Parquet,
            "arrow" | "arrows" | "ipc" => Self::Arrow,
            "txt" => Self::Table,
            _ => return None,
        })
    }

    /// Returns whether a terminal can show it.
    pub(super) const fn is_text(self) -> bool {
        matches!(self, Self::Table | Self::Csv | Self::Ndjson)
    }
}

/// What rows are written to.
pub(super) enum RowOutput<W: Write + Send> {
    Table(Table<W>),
    Csv(Box<arrow::csv::Writer<W>>),
    Ndjson(Box<LineDelimitedWriter<W>>),
    Parquet(Box<ArrowWriter<W>>),
    Arrow(Box<StreamWriter<W>>),
}

impl<W: Write + Send> RowOutput<W> {
    /// Begins an output of rows with these columns; `width` is that of the terminal.
    pub(super) fn begin(
        format: RowFormat,
        to: W,
        schema: &SchemaRef,
        width: Option<usize>,
    ) -> io::Result<Self> {
        Ok(match format {
            RowFormat::Table => Self::Table(Table::new(to, width)),
            RowFormat::Csv => {
                let mut writer = WriterBuilder::new().with_header(true).build(to);
                // The names of the columns stand there even without rows.
                writer
                    .write(&flat(&RecordBatch::new_empty(Arc::clone(schema))).map_err(io::Error::other)?)
                    .map_err(io::Error::other)?;
                Self::Csv(Box::new(writer))
            }
            RowFormat::Ndjson => {
                Self::Ndjson(Box::new(arrow::json::WriterBuilder::new().with_explicit_nulls(true).build(to)))
            }
            RowFormat::Parquet => {
                let properties = WriterProperties::builder()
                    .set_compression(Compression::ZSTD(ZstdLevel::default()))
                    .build();
                Self::Parquet(Box::new(ArrowWriter::try_new(to, Arc::clone(schema), Some(properties))?))
            }
            RowFormat::Arrow => {
                Self::Arrow(Box::new(StreamWriter::try_new(to, schema).map_err(io::Error::other)?))
            }
        })
    }

    pub(super) fn write(&mut self, rows: &RecordBatch) -> io::Result<()> {
        match self {
            Self::Table(table) => table.write(rows),
            Self::Csv(writer) => {
                let rows = flat(rows).and_then(|rows| without_formulas(&rows)).map_err(io::Error::other)?;
                writer.write(&rows).map_err(io::Error::other)
            }
            Self::Ndjson(writer) => writer.write(rows).map_err(io::Error::other),
            Self::Parquet(writer) => Ok(writer.write(rows)?),
            Self::Arrow(writer) => writer.write(rows).map_err(io::Error::other),
        }
    }

    pub(super) fn finish(self) -> io::Result<()> {
        match self {
            Self::Table(table) => table.finish(),
            Self::Csv(writer) => writer.into_inner().flush(),
            Self::Ndjson(mut writer) => {
                writer.finish().map_err(io::Error::other)?;
                writer.into_inner().flush()
            }
            Self::Parquet(writer) => writer.into_inner()?.flush(),
            Self::Arrow(mut writer) => {
                writer.finish().map_err(io::Error::other)?;
                writer.into_inner().map_err(io::Error::other)?.flush()
            }
        }
    }
}

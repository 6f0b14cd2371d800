//! Encodes rows as a Parquet file, the columns of a row group on several threads.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::num::NonZero;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use arrow::array::{Array as _, RecordBatch};
use arrow::datatypes::SchemaRef;
use parquet::arrow::ArrowSchemaConverter;
use parquet::arrow::add_encoded_arrow_schema_to_metadata;
use parquet::arrow::arrow_writer::{
    ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves,
};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::{KeyValue, ParquetMetaData};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;

use super::nan;
use crate::data::caught;

/// The rows of a row group at most.
const MOST_ROWS: usize = 1_000_000;
/// The bytes of a dictionary at most: a column with more different values takes more time as one, and hardly less room.
const MOST_DICTIONARY: usize = 256 << 10;
/// The rows of a page at most. Each has statistics, a header and a compressed block of its own, which take time.
const MOST_ROWS_IN_PAGE: usize = 50_000;
/// The rows that are encoded between two looks at the size of the page.
const ROWS_BETWEEN_LOOKS: usize = 8_192;
/// The encoded bytes of a row group at most, about.
const MOST_BYTES: usize = 128 << 20;
/// The rows, and their bytes in memory, that are encoded at once.
const ROWS_AT_ONCE: usize = 1 << 17;
const BYTES_AT_ONCE: usize = 32 << 20;

/// A file that is being written.
pub(in crate::sink) struct Encoder<W: Write + Send> {
    file: SerializedFileWriter<Lent<W>>,
    factory: ArrowRowGroupWriterFactory,
    schema: SchemaRef,
    /// The columns of the row group that is open.
    group: Vec<Column>,
    rows_in_group: usize,
    waiting: Vec<RecordBatch>,
    waiting_rows: usize,
    waiting_bytes: usize,
    rows: u64,
    /// For each leaf, whether it has a NaN.
    has_nan: Vec<bool>,
    threads: usize,
}

/// A column with the leaves that it has in Parquet.
struct Column {
    place: usize,
    writers: Vec<ArrowColumnWriter>,
    has_nan: Vec<bool>,
    closed: Vec<ArrowColumnChunk>,
}

/// What is written to, which comes back when the footer is written.
struct Lent<W>(Option<W>);

impl<W: Write> Write for Lent<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.as_mut().map_or_else(|| Err(io::ErrorKind::BrokenPipe.into()), |output| output.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.as_mut().map_or(Ok(()), Write::flush)
    }
}

/// A file that is written, up to its last byte.
pub(in crate::sink) struct Encoded<W> {
    /// Where it was written to.
    pub(in crate::sink) output: W,
    /// Its footer.
    pub(in crate::sink) footer: ParquetMetaData,
    /// For each of its leaves, whether it has a NaN.
    pub(in crate::sink) has_nan: Vec<bool>,
    pub(in crate::sink) rows: u64,
    pub(in crate::sink) bytes: u64,
}

impl<W: Write + Send> Encoder<W> {
    /// Begins a file. With `keeps_types`, its footer has the types of Arrow beside those of Parquet.
    pub(in crate::sink) fn begin(
        output: W,
        schema: SchemaRef,
        keeps_types: bool,
        threads: Option<usize>,
    ) -> Result<Self, ParquetError> {
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
            .set_dictionary_page_size_limit(MOST_DICTIONARY)
            .set_write_batch_size(ROWS_BETWEEN_LOOKS)
            .set_data_page_row_count_limit(MOST_ROWS_IN_PAGE)
            .set_created_by(concat!("karat version ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        if keeps_types {
            add_encoded_arrow_schema_to_metadata(&schema, &mut properties);
        }
        let root = ArrowSchemaConverter::new().convert(&schema)?.root_schema_ptr();
        let file = SerializedFileWriter::new(Lent(Some(output)), root, Arc::new(properties))?;
        let factory = ArrowRowGroupWriterFactory::new(&file, schema.clone());
        let cores = || thread::available_parallelism().map_or(1, NonZero::get);
        let has_nan = vec![false; file.schema_descr().num_columns()];
        let threads = threads.unwrap_or_else(cores).clamp(1, schema.fields().len().max(1));
        Ok(Self {
            file,
            factory,
            schema,
            group: Vec::new(),
            rows_in_group: 0,
            waiting: Vec::new(),
            waiting_rows: 0,
            waiting_bytes: 0,
            rows: 0,
            has_nan,
            threads,
        })
    }

    /// Takes rows, whose columns are those of the file.
    pub(in crate::sink) fn write(&mut self, rows: &RecordBatch) -> Result<(), ParquetError> {
        let mut rest = rows.clone();
        while rest.num_rows() > 0 {
            let room = MOST_ROWS - self.rows_in_group - self.waiting_rows;
            let taken = rest.num_rows().min(room).min(ROWS_AT_ONCE);
            let now = rest.slice(0, taken);
            rest = rest.slice(taken, rest.num_rows() - taken);
            self.rows += taken as u64;
            self.waiting_rows += taken;
            self.waiting_bytes += now.columns().iter().map(size).sum::<usize>();
            self.waiting.push(now);
            if self.waiting_rows >= ROWS_AT_ONCE || self.waiting_bytes >= BYTES_AT_ONCE || taken == room {
                self.encode()?;
            }
            if self.rows_in_group >= MOST_ROWS || self.encoded_bytes() >= MOST_BYTES {
                self.close_group()?;
            }
        }
        Ok(())
    }

    /// Returns the bytes of the file so far, those of the open row group included.
    pub(in crate::sink) fn bytes(&self) -> usize {
        self.file.bytes_written() + self.encoded_bytes()
    }

    /// Returns the bytes of memory that are in use, about.
    pub(in crate::sink) fn memory(&self) -> usize {
        let writers = self.group.iter().flat_map(|column| &column.writers);
        self.waiting_bytes + writers.map(ArrowColumnWriter::memory_size).sum::<usize>()
    }

    pub(in crate::sink) const fn rows(&self) -> u64 {
        self.rows
    }

    /// Writes all rows out, so that only the footer is missing.
    pub(in crate::sink) fn flush(&mut self) -> Result<(), ParquetError> {
        self.encode()?;
        self.close_group()
    }

    /// Writes the footer, with these words beside the others.
    pub(in crate::sink) fn finish(mut self, words: Vec<KeyValue>) -> Result<Encoded<W>, ParquetError> {
        self.flush()?;
        for word in words {
            self.file.append_key_value_metadata(word);
        }
        let footer = self.file.finish()?;
        let bytes = self.file.bytes_written() as u64;
        let output = self.file.inner_mut().0.take();
        let output = output.ok_or_else(|| ParquetError::General("it is written already".to_owned()))?;
        Ok(Encoded { output, footer, has_nan: self.has_nan, rows: self.rows, bytes })
    }

    fn encoded_bytes(&self) -> usize {
        let writers = self.group.iter().flat_map(|column| &column.writers);
        writers.map(ArrowColumnWriter::get_estimated_total_bytes).sum()
    }

    /// Encodes the rows that wait.
    fn encode(&mut self) -> Result<(), ParquetError> {
        if self.waiting_rows == 0 {
            return Ok(());
        }
        if self.group.is_empty() {
            self.open_group()?;
        }
        let (waiting, schema) = (std::mem::take(&mut self.waiting), self.schema.clone());
        self.each_column(|column| {
            let Some(field) = schema.fields().get(column.place) else { return Ok(()) };
            for rows in &waiting {
                let values = rows.column(column.place);
                nan::mark(values, &mut column.has_nan.iter_mut());
                for (leaf, writer) in compute_leaves(field, values)?.iter().zip(&mut column.writers) {
                    writer.write(leaf)?;
                }
            }
            Ok(())
        })?;
        self.rows_in_group += self.waiting_rows;
        (self.waiting_rows, self.waiting_bytes) = (0, 0);
        Ok(())
    }

    fn open_group(&mut self) -> Result<(), ParquetError> {
        let writers = self.factory.create_column_writers(self.file.flushed_row_groups().len())?;
        let descriptor = self.file.schema_descr();
        let mut group: Vec<Column> = (0..self.schema.fields().len())
            .map(|place| Column { place, writers: Vec::new(), has_nan: Vec::new(), closed: Vec::new() })
            .collect();
        for (leaf, writer) in writers.into_iter().enumerate() {
            if let Some(column) = group.get_mut(descriptor.get_column_root_idx(leaf)) {
                column.writers.push(writer);
                column.has_nan.push(false);
            }
        }
        self.group = group;
        Ok(())
    }

    fn close_group(&mut self) -> Result<(), ParquetError> {
        if self.rows_in_group == 0 {
            return Ok(());
        }
        self.each_column(|column| {
            for writer in column.writers.drain(..) {
                column.closed.push(writer.close()?);
            }
            Ok(())
        })?;
        let found = self.group.iter().flat_map(|column| &column.has_nan);
        for (leaf, found) in self.has_nan.iter_mut().zip(found) {
            *leaf |= found;
        }
        let mut written = self.file.next_row_group()?;
        for chunk in self.group.drain(..).flat_map(|column| column.closed) {
            chunk.append_to_row_group(&mut written)?;
        }
        written.close()?;
        self.rows_in_group = 0;
        Ok(())
    }

    /// Does something for each column, on as many threads as there may be. Those with the most bytes come first.
    fn each_column(
        &mut self,
        work: impl Fn(&mut Column) -> Result<(), ParquetError> + Sync,
    ) -> Result<(), ParquetError> {
        let mut columns: Vec<&mut Column> = self.group.iter_mut().collect();
        columns.sort_by_key(|column| {
            let bytes: usize = column.writers.iter().map(ArrowColumnWriter::get_estimated_total_bytes).sum();
            std::cmp::Reverse(bytes)
        });
        let queue = Mutex::new(VecDeque::from(columns));
        let run = || loop {
            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            let Some(column) = next else { return Ok(()) };
            caught(|| work(column)).unwrap_or_else(|panic| Err(ParquetError::General(panic)))?;
        };
        thread::scope(|scope| {
            let others: Vec<_> = (1..self.threads).map(|_| scope.spawn(run)).collect();
            let own = run();
            let joined = others.into_iter().map(|other| {
                other.join().unwrap_or_else(|_| Err(ParquetError::General("it panicked".to_owned())))
            });
            joined.fold(own, Result::and)
        })
    }
}

/// Returns the bytes that the rows of a column take, without those of others that lie in the same memory.
fn size(column: &arrow::array::ArrayRef) -> usize {
    column.to_data().get_slice_memory_size().unwrap_or_else(|_| column.get_array_memory_size())
}

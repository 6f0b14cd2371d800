//! Opens Arrow files as a snapshot.

use std::io::{BufWriter, Cursor};
use std::path::Path;

use arrow::ipc::MessageHeader;
use polars::io::parquet::write::BatchedWriter;
use polars::prelude::{
    DataFrame, DataType as PlType, Field as PlField, IpcStreamReader, ParquetCompression, ParquetWriter,
    PolarsResult, SerReader as _,
};
use sha2::Sha256;

use super::batches::{EngineSchema, Unread};
use super::messages::{Failure, Messages, malformed};
use crate::data::{DataType, Doubts, caught};
use crate::engine::polars::Snapshot;
use crate::engine::polars::open::transcription::Transcription;
use crate::source::files::{Transcript, TranscriptionCost};
use crate::source::local_file::LocalFile;
use crate::source::scratch::{Temporary, unwritten};
use crate::source::{Format, SourceError};

/// The bytes at the end of a stream.
const END: [u8; 8] = [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0];

/// Opens Arrow files as a snapshot. `names` are their paths below the dataset's folder, in the same order.
pub(in crate::engine::polars) fn open(
    uri: &str,
    names: Vec<String>,
    files: &[LocalFile],
) -> Result<Snapshot, SourceError> {
    let sizes = files.iter().filter_map(|file| Some(std::fs::metadata(&file.path).ok()?.len()));
    let mut transcription = Transcription::new(uri, sizes.sum())?;
    let mut cost = TranscriptionCost { scans: 1, ..TranscriptionCost::default() };
    let mut unread: Vec<Unread> = Vec::new();
    for (file, name) in files.iter().zip(&names) {
        let (bytes, found) = transcribe(file, &transcription.target())?;
        cost.add(found.rows, bytes);
        unread.extend(found.unread);
        transcription.add(file, name, bytes, found.digest);
    }
    let doubts = Doubts { unread: without_validity(&unread), ..Doubts::default() };
    let mut snapshot = transcription
        .snapshot(uri, names, Format::Arrow, |folder| Transcript::whole(folder, cost, doubts))?;
    for Unread { column, of, .. } in unread {
        if let Some(field) = snapshot.schema.fields.iter_mut().find(|field| field.name == column) {
            // If the types differ between files, not even the presence of values is known.
            if !matches!(field.data_type, DataType::Unread { .. }) {
                field.data_type = DataType::Other(of);
            }
        }
    }
    Ok(snapshot)
}

/// Returns the columns of which not even the presence of values is known, with their types.
fn without_validity(unread: &[Unread]) -> Vec<(String, String)> {
    let without = unread.iter().filter(|unread| !unread.has_validity);
    without.map(|unread| (unread.column.clone(), unread.of.clone())).collect()
}

/// The content of a file.
struct Content {
    digest: Sha256,
    rows: u64,
    unread: Vec<Unread>,
}

/// Writes a file as Parquet. Returns its size and its content.
fn transcribe(file: &LocalFile, target: &Path) -> Result<(u64, Content), SourceError> {
    let io = |source| SourceError::Io { path: file.shown.clone(), source };
    let bytes = std::fs::metadata(&file.path).map_err(io)?.len();
    let written = Temporary::create(target).map_err(|source| unwritten(&file.shown, bytes, source))?;
    let full = written.full();
    let found = batches(&file.path, BufWriter::new(written)).map_err(|failure| match failure {
        Failure::Io(source) => io(source),
        Failure::Malformed(reason) => SourceError::Unreadable { path: file.shown.clone(), reason },
    });
    found.map(|found| (bytes, found)).map_err(|error| full.or(error, &file.shown, bytes))
}

fn batches(path: &Path, written: BufWriter<Temporary>) -> Result<Content, Failure> {
    let mut messages = Messages::open(path)?;
    let first = match messages.next()? {
        Some(message) if message.kind == MessageHeader::Schema => message,
        _ => return Err(malformed("it does not begin with its schema")),
    };
    let engine_schema = foreign(|| EngineSchema::of(&first.metadata().ok()?))?;
    let engine_schema = engine_schema.ok_or_else(|| malformed("its schema makes no sense"))?;
    let schema = engine_schema.schema().unwrap_or(&first.bytes);
    let frame = |parts: &[&[u8]], rows: i64| {
        if engine_schema.is_empty() {
            let rows = usize::try_from(rows).map_err(|_| malformed("a negative length"))?;
            return engine(|| DataFrame::new(rows, Vec::new()));
        }
        frame(parts)
    };
    let empty = frame(&[schema, &END], 0)?;
    let writer = ParquetWriter::new(written).with_compression(ParquetCompression::Snappy).set_parallel(false);
    let mut writer: BatchedWriter<_> = engine(|| writer.batched(empty.schema()))?;
    let mut dictionaries: Vec<u8> = Vec::new();
    let mut rows = 0;
    while let Some(message) = messages.next()? {
        let metadata = message.metadata()?;
        match message.kind {
            MessageHeader::DictionaryBatch => {
                let made =
                    foreign(|| engine_schema.dictionary(&metadata, message.body()))?.map_err(malformed)?;
                dictionaries.extend(made.as_ref().unwrap_or(&message.bytes));
            }
            MessageHeader::RecordBatch => {
                let made = foreign(|| engine_schema.batch(&metadata, message.body()))?.map_err(malformed)?;
                let batch = made.as_ref().unwrap_or(&message.bytes);
                let length = metadata.header_as_record_batch().map_or(0, |batch| batch.length());
                let frame = frame(&[schema, &dictionaries, batch, &END], length)?;
                rows += u64::try_from(frame.height()).unwrap_or(u64::MAX);
                engine(|| writer.write_batch(&frame))?;
            }
            _ => return Err(malformed("it has two schemas")),
        }
    }
    engine(|| writer.finish())?;
    Ok(Content { unread: engine_schema.unread(), digest: messages.digest(), rows })
}

/// Reads the rows of a stream of one batch. The engine checks the text and the offsets.
fn frame(parts: &[&[u8]]) -> Result<DataFrame, Failure> {
    engine(|| {
        let mut frame = IpcStreamReader::new(Cursor::new(parts.concat())).finish()?;
        let coded: Vec<_> = frame
            .columns()
            .iter()
            .filter_map(|column| {
                let wanted = stored_as(column.dtype());
                (wanted != *column.dtype()).then(|| column.cast(&wanted))
            })
            .collect::<PolarsResult<_>>()?;
        for column in coded {
            frame.with_column(column)?;
        }
        frame.rechunk_mut();
        Ok(frame)
    })
}

/// Returns a type that Parquet stores and that holds the same values.
fn stored_as(data_type: &PlType) -> PlType {
    match data_type {
        PlType::Categorical(..) | PlType::Enum(..) => PlType::String,
        PlType::Float16 => PlType::Float32,
        PlType::List(of) => PlType::List(Box::new(stored_as(of))),
        PlType::Array(of, size) => PlType::Array(Box::new(stored_as(of)), *size),
        PlType::Struct(fields) => {
            let stored = |field: &PlField| PlField::new(field.name.clone(), stored_as(&field.dtype));
            PlType::Struct(fields.iter().map(stored).collect())
        }
        other => other.clone(),
    }
}

/// Runs third-party code that meets hostile bytes. A panic becomes a failure.
fn foreign<T>(work: impl FnOnce() -> T) -> Result<T, Failure> {
    caught(work).map_err(|panic| malformed(format!("it makes no sense: {}", first_words(&panic))))
}

fn first_words(text: &str) -> String {
    text.lines().next().and_then(|line| line.split(". ").next()).unwrap_or_default().to_owned()
}

/// Runs code of the engine. An error or a panic becomes a failure.
fn engine<T>(work: impl FnOnce() -> PolarsResult<T>) -> Result<T, Failure> {
    let said = |error: &dyn std::fmt::Display| first_words(&error.to_string());
    foreign(work)?.map_err(|error| malformed(format!("a batch cannot be read: {}", said(&error))))
}

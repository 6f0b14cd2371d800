//! Arrow files → a snapshot.

use std::fs::File;
use std::io::{BufWriter, Cursor};
use std::path::Path;

use arrow::ipc::MessageHeader;
use polars::io::parquet::write::BatchedWriter;
use polars::prelude::{
    DataFrame, DataType as PlType, IpcStreamReader, ParquetCompression, ParquetWriter, PolarsResult,
    SerReader as _,
};
use sha2::Sha256;

use super::super::store::{Here, create_private};
use super::super::transcription::Transcription;
use super::super::{Format, Snapshot, SourceError, Transcript, caught};
use super::messages::{Failure, Messages, malformed};

/// The end of a stream.
const END: [u8; 8] = [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0];

/// A snapshot of Arrow files, with their names below the dataset's folder, in the order of these.
pub(in crate::source) fn open(
    uri: &str,
    names: Vec<String>,
    files: &[Here],
) -> Result<Snapshot, SourceError> {
    let mut transcription = Transcription::new()?;
    for (file, name) in files.iter().zip(&names) {
        let (bytes, digest) = transcribe(file, &transcription.target())?;
        transcription.add(file, name, bytes, digest);
    }
    transcription.snapshot(uri, names, Format::Arrow, Transcript::whole)
}

/// Writes a file as Parquet; gives its size and the digest of its bytes.
fn transcribe(file: &Here, target: &Path) -> Result<(u64, Sha256), SourceError> {
    let io = |source| SourceError::Io { path: file.shown.clone(), source };
    let bytes = std::fs::metadata(&file.path).map_err(io)?.len();
    let written = create_private(target)
        .map_err(|source| SourceError::Io { path: target.display().to_string(), source })?;
    match batches(&file.path, BufWriter::new(written)) {
        Ok(digest) => Ok((bytes, digest)),
        Err(Failure::Io(source)) => Err(io(source)),
        Err(Failure::Malformed(reason)) => Err(SourceError::Unreadable { path: file.shown.clone(), reason }),
    }
}

fn batches(path: &Path, written: BufWriter<File>) -> Result<Sha256, Failure> {
    let mut messages = Messages::open(path)?;
    let schema = match messages.next()? {
        Some(message) if message.kind == MessageHeader::Schema => message.bytes,
        _ => return Err(malformed("it does not begin with its schema")),
    };
    let empty = frame(&[&schema, &END])?;
    let writer = ParquetWriter::new(written).with_compression(ParquetCompression::Snappy).set_parallel(false);
    let mut writer: BatchedWriter<_> = engine(|| writer.batched(empty.schema()))?;
    let mut dictionaries: Vec<u8> = Vec::new();
    while let Some(message) = messages.next()? {
        match message.kind {
            MessageHeader::DictionaryBatch => dictionaries.extend(message.bytes),
            MessageHeader::RecordBatch => {
                let frame = frame(&[&schema, &dictionaries, &message.bytes, &END])?;
                engine(|| writer.write_batch(&frame))?;
            }
            _ => return Err(malformed("it has two schemas")),
        }
    }
    engine(|| writer.finish())?;
    Ok(messages.digest())
}

/// The rows of a stream of one batch. The engine checks their text and their offsets.
fn frame(parts: &[&[u8]]) -> Result<DataFrame, Failure> {
    engine(|| {
        let mut frame = IpcStreamReader::new(Cursor::new(parts.concat())).finish()?;
        let coded: Vec<_> = frame
            .columns()
            .iter()
            .filter(|column| matches!(column.dtype(), PlType::Categorical(..) | PlType::Enum(..)))
            .map(|column| column.cast(&PlType::String))
            .collect::<PolarsResult<_>>()?;
        for column in coded {
            frame.with_column(column)?;
        }
        frame.rechunk_mut();
        Ok(frame)
    })
}

/// What the engine makes of it; it is foreign code that meets hostile bytes.
fn engine<T>(work: impl FnOnce() -> PolarsResult<T>) -> Result<T, Failure> {
    let first = |text: &str| {
        text.lines().next().and_then(|line| line.split(". ").next()).unwrap_or_default().to_owned()
    };
    match caught(work) {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(malformed(format!("a batch cannot be read: {}", first(&error.to_string())))),
        Err(panic) => Err(malformed(format!("it makes no sense: {}", first(&panic)))),
    }
}

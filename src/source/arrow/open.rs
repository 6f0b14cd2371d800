//! Arrow files → a snapshot.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Cursor};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use arrow::ipc::MessageHeader;
use polars::io::parquet::write::BatchedWriter;
use polars::prelude::{
    DataFrame, DataType as PlType, IpcStreamReader, ParquetCompression, ParquetWriter, PolarsResult,
    SerReader as _,
};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use super::super::parquet::{self, name_below};
use super::super::{Format, Identity, Rows, Snapshot, SourceError, Transcript, caught};
use super::messages::{Failure, Messages, malformed};
use crate::data::hex;

/// The end of a stream.
const END: [u8; 8] = [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0];

/// A snapshot of Arrow files below a folder (or of one file, in its own folder).
pub(in crate::source) fn open(
    uri: &str,
    root: &Path,
    mut paths: Vec<PathBuf>,
) -> Result<Snapshot, SourceError> {
    paths.sort();
    let folder = super::super::temporary_folder()?;
    let mut originals = HashMap::with_capacity(paths.len());
    let mut whole = Sha256::new();
    for path in &paths {
        let name = name_below(root, path);
        let target =
            within(&folder, &name).ok_or_else(|| unreadable(path, "it lies outside of its folder"))?;
        let (bytes, digest) = transcribe(path, &target)?;
        whole.update(format!("{name}\0{bytes}\0"));
        whole.update(digest.finalize());
        originals.insert(target, bytes);
    }
    let mut snapshot = parquet::open(uri, folder.path(), originals.keys().cloned().collect())?;
    if let Rows::Files(set) = &mut snapshot.rows {
        for file in &mut set.files {
            file.bytes = originals.get(&file.path).copied().unwrap_or(file.bytes);
        }
        snapshot.identity = Identity::of_files(uri, Format::Arrow, &set.files, hex(whole));
        set.transcript = Some(Arc::new(Transcript::whole(folder)));
    }
    Ok(snapshot)
}

fn unreadable(path: &Path, reason: &str) -> SourceError {
    SourceError::Unreadable { path: path.display().to_string(), reason: reason.to_owned() }
}

/// The place of a name within a folder, and nowhere else.
fn within(folder: &TempDir, name: &str) -> Option<PathBuf> {
    let inside = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    inside.then(|| folder.path().join(name))
}

/// Writes a file as Parquet; gives its size and the digest of its bytes.
fn transcribe(path: &Path, target: &Path) -> Result<(u64, Sha256), SourceError> {
    let io = |path: &Path, source| SourceError::Io { path: path.display().to_string(), source };
    let bytes = std::fs::metadata(path).map_err(|source| io(path, source))?.len();
    if let Some(folder) = target.parent() {
        std::fs::create_dir_all(folder).map_err(|source| io(folder, source))?;
    }
    let written = BufWriter::new(File::create(target).map_err(|source| io(target, source))?);
    match batches(path, written) {
        Ok(digest) => Ok((bytes, digest)),
        Err(Failure::Io(source)) => Err(io(path, source)),
        Err(Failure::Malformed(reason)) => Err(unreadable(path, &reason)),
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

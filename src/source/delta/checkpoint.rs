//! Checks what the kernel does not verify in commits and checkpoints, and finds out whether a checkpoint
//! makes a log unreadable.

use arrow::array::{Array as _, AsArray as _, RecordBatch};
use bytes::Bytes;
use delta_kernel::Engine;
use delta_kernel::snapshot::Snapshot as KernelSnapshot;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde::Deserialize;

use super::blame::{EMPTY, FOLDER, wrong_line};
use super::log::LogError;
use crate::data::caught;

/// The actions that a checkpoint must contain.
const OF_TABLE: [&str; 2] = ["metaData", "protocol"];

/// Fails if a commit is empty, or if a part of a checkpoint lacks the column `add`. The kernel would ignore
/// such files.
pub(crate) fn look_over(engine: &dyn Engine, snapshot: &KernelSnapshot) -> Result<(), LogError> {
    let listed = &snapshot.log_segment().listed;
    let wrong = |name: &str, reason: &str| Err(LogError::InvalidFile(format!("{FOLDER}/{name}: {reason}")));
    if let Some(commit) = listed.ascending_commit_files.iter().find(|commit| commit.location.size == 0) {
        return wrong(&commit.filename, EMPTY);
    }
    // A checkpoint in a single file needs no check: without its columns, the kernel finds no table and fails.
    let parts = &listed.checkpoint_parts;
    let parts = if parts.len() > 1 { parts.as_slice() } else { &[] };
    for part in parts {
        let footer = engine.parquet_handler().read_parquet_footer(&part.location)?;
        if footer.schema.field("add").is_none() {
            return wrong(&part.filename, "it has no column \"add\", as a part of a checkpoint must");
        }
    }
    Ok(())
}

/// Returns the names of the sidecars that a checkpoint file names.
///
/// # Errors
/// What is wrong with the file.
pub(crate) fn sidecars(name: &str, bytes: Bytes) -> Result<Vec<String>, String> {
    if !name.ends_with(".parquet") {
        return of_lines(&bytes);
    }
    let batches = batches(bytes)?;
    let lacks = |column: &&str| !batches.iter().any(|batch| batch.column_by_name(column).is_some());
    if let Some(column) = OF_TABLE.into_iter().find(lacks) {
        return Err(format!("it has no column {column:?}, as a checkpoint must"));
    }
    Ok(batches.iter().flat_map(named).collect())
}

/// Checks that a sidecar can be read and has the column `add`.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn sidecar(bytes: Bytes) -> Result<(), String> {
    let batches = batches(bytes)?;
    if batches.iter().any(|batch| batch.column_by_name("add").is_some()) {
        return Ok(());
    }
    Err("it has no column \"add\", as a sidecar of a checkpoint must".to_owned())
}

fn batches(bytes: Bytes) -> Result<Vec<RecordBatch>, String> {
    let read = || {
        let builder = ParquetRecordBatchReaderBuilder::try_new(bytes).map_err(|error| error.to_string())?;
        // An empty file gives no batch, and the columns would be unknown without this one.
        let schema = builder.schema().clone();
        let reader = builder.build().map_err(|error| error.to_string())?;
        let rows = reader.map(|batch| batch.map_err(|error| error.to_string()));
        std::iter::once(Ok(RecordBatch::new_empty(schema))).chain(rows).collect()
    };
    caught(read).unwrap_or_else(|panic| Err(format!("it makes no sense: {panic}")))
}

fn named(batch: &RecordBatch) -> Vec<String> {
    let Some(sidecars) = batch.column_by_name("sidecar").and_then(|column| column.as_struct_opt()) else {
        return Vec::new();
    };
    let Some(paths) = sidecars.column_by_name("path").and_then(|column| column.as_string_opt::<i32>()) else {
        return Vec::new();
    };
    let there = (0..paths.len()).filter(|row| sidecars.is_valid(*row) && paths.is_valid(*row));
    there.map(|row| file_name(paths.value(row))).collect()
}

#[derive(Deserialize)]
struct Line {
    sidecar: Option<Sidecar>,
}

#[derive(Deserialize)]
struct Sidecar {
    path: String,
}

fn of_lines(bytes: &[u8]) -> Result<Vec<String>, String> {
    if let Some((line, reason)) = wrong_line(bytes) {
        return Err(format!("line {line}: {reason}"));
    }
    if bytes.trim_ascii().is_empty() {
        return Err(EMPTY.to_owned());
    }
    let text = String::from_utf8_lossy(bytes);
    if let Some(action) = OF_TABLE.into_iter().find(|action| !text.contains(&format!("\"{action}\""))) {
        return Err(format!("it has no action {action:?}, as a checkpoint must"));
    }
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let named = lines.filter_map(|line| serde_json::from_slice::<Line>(line).ok()?.sidecar);
    Ok(named.map(|sidecar| file_name(&sidecar.path)).collect())
}

fn file_name(path: &str) -> String {
    path.rsplit('/').next().unwrap_or(path).to_owned()
}

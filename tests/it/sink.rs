//! Rows that are written to a Delta table or a Parquet file, in one commit.

mod commits;
mod evolution;
mod files;
mod killed;
mod partitioned;
mod refusals;
mod spark;
mod statistics;
mod types;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use chrono::{DateTime, TimeZone as _, Utc};
use karat::sink::{Committed, Destination, Mode, Part, Provenance, Sink, SinkError, WriteOptions, Written};
use karat::{CheckOptions, StorageOptions, Suite, Trust, check};
use serde_json::Value as Json;

/// Rows with a number and a name.
pub fn rows(numbers: impl IntoIterator<Item = i64>) -> RecordBatch {
    let numbers: Vec<i64> = numbers.into_iter().collect();
    let names: StringArray = numbers.iter().map(|number| Some(format!("name {number}"))).collect();
    batch([("id", Arc::new(Int64Array::from(numbers)) as ArrayRef), ("name", Arc::new(names))])
}

pub fn batch(columns: impl IntoIterator<Item = (&'static str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)))
        .unwrap()
}

pub fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 1, 12, 0, 0).unwrap()
}

/// Rows of version `version` of a table.
pub fn provenance(version: u64) -> Provenance {
    Provenance {
        run_id: format!("run-{version}"),
        suite: "silver/orders".to_owned(),
        suite_digest: "sha256:abc".to_owned(),
        part: Part::Valid,
        input_uri: "lake/bronze/orders".to_owned(),
        input_version: Some(version),
        input_from: None,
        input_digest: None,
        rows_digest: None,
        in_place: false,
        now: now(),
    }
}

pub fn at(path: &Path) -> Destination {
    Destination::new(path.to_str().unwrap(), StorageOptions::default())
}

pub fn written(
    to: &Destination,
    batches: &[RecordBatch],
    options: &WriteOptions,
) -> Result<Written, SinkError> {
    let mut sink = Sink::open(to, batches[0].schema(), options)?;
    for batch in batches {
        sink.write(batch)?;
    }
    sink.finish()
}

pub fn write(
    to: &Destination,
    batches: &[RecordBatch],
    options: &WriteOptions,
    version: u64,
) -> Result<Committed, SinkError> {
    written(to, batches, options)?.commit(&provenance(version))
}

pub fn append() -> WriteOptions {
    WriteOptions::default()
}

pub fn overwrite() -> WriteOptions {
    WriteOptions { mode: Mode::Overwrite, ..append() }
}

pub fn evolve() -> WriteOptions {
    WriteOptions { evolve: true, ..append() }
}

/// What the deltalake package of Python prints of a table: its version, its schema, its rows as lists by columns, and its
/// history.
pub fn python(task: &str, table: &Path) -> Json {
    let beside =
        std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache/karat-venv/bin/python"));
    let python = std::env::var_os("KARAT_DUCKDB_PYTHON").map(PathBuf::from).or(beside).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/sink/read_back.py");
    let output = Command::new(python).args([script, task]).arg(table).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The files of a folder and those below it, without those that the file system makes of itself.
pub fn files_in(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if entry.path().is_dir() {
            found.extend(files_in(&entry.path()).into_iter().map(|below| format!("{name}/{below}")));
        } else {
            found.push(name);
        }
    }
    found.sort();
    found
}

/// Asserts that karat reads as many rows, with these ids, each once.
pub fn assert_ids(at: &str, storage: &StorageOptions, ids: &[i64]) {
    let suite = format!(
        "{{suite: s, columns: {{id: [not_null, unique, {{in_set: {ids:?}}}]}}, table: [row_count: {{equal: {}}}]}}",
        ids.len()
    );
    let options = CheckOptions { storage: storage.clone(), trust: Trust::None, ..CheckOptions::default() };
    let run = check(&Suite::from_yaml(&suite).unwrap(), at, &options);
    assert!(run.passed(), "{run}");
}

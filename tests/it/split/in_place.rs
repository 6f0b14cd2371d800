//! Rows that are put aside and deleted where they are, by deletion vectors: no data file is rewritten.

mod command;
mod killed;
mod others;
mod random;
mod tables;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use karat::sink::WriteOptions;
use karat::split::{InPlace, MovedParts, Split, SplitError};
use karat::{SplitOptions, Suite, split};
use serde_json::{Value as Json, json};

use super::written::read;
use crate::sink::{append, at, batch, files_in, write};

/// Rows with an id, a number, and a partition.
pub(super) fn orders<N: Into<Option<i64>>>(
    ids: impl IntoIterator<Item = i64>,
    number: impl Fn(i64) -> N,
) -> RecordBatch {
    let ids: Vec<i64> = ids.into_iter().collect();
    let numbers: Int64Array = ids.iter().map(|id| number(*id).into()).collect();
    let parts: StringArray = ids.iter().map(|id| Some(["a", "b ü", "c=d/e"][(id % 3) as usize])).collect();
    batch([
        ("id", Arc::new(Int64Array::from(ids)) as ArrayRef),
        ("number", Arc::new(numbers)),
        ("part", Arc::new(parts)),
    ])
}

/// Makes a table that keeps deletion vectors, one commit for each batch.
fn table(folder: &Path, batches: &[RecordBatch], options: &WriteOptions) {
    for (version, rows) in (0..).zip(batches) {
        write(&at(folder), std::slice::from_ref(rows), options, version).unwrap();
        if version == 0 {
            keep_vectors(folder, &[]);
        }
    }
}

/// Makes the first commit of a table say that it keeps deletion vectors, and has further properties.
pub fn keep_vectors(folder: &Path, properties: &[(&str, &str)]) {
    let properties: BTreeMap<&str, &str> =
        [("delta.enableDeletionVectors", "true")].into_iter().chain(properties.iter().copied()).collect();
    change_first(folder, |action| {
        if let Some(protocol) = action.get_mut("protocol") {
            *protocol = json!({
                "minReaderVersion": 3, "minWriterVersion": 7,
                "readerFeatures": ["deletionVectors"],
                "writerFeatures": ["appendOnly", "changeDataFeed", "deletionVectors", "invariants"],
            });
        }
        if let Some(metadata) = action.get_mut("metaData") {
            metadata["configuration"] = json!(properties);
        }
    });
}

fn change_first(folder: &Path, change: impl Fn(&mut Json)) {
    let log = folder.join("_delta_log/00000000000000000000.json");
    let text = std::fs::read_to_string(&log).unwrap();
    let lines = text.lines().map(|line| {
        let mut action: Json = serde_json::from_str(line).unwrap();
        change(&mut action);
        action.to_string() + "\n"
    });
    std::fs::write(&log, lines.collect::<String>()).unwrap();
}

/// A suite that puts rows aside whose number is not below another one.
fn below(name: &str, number: i64) -> Suite {
    Suite::from_yaml(&format!("{{suite: {name}, table: [{{rows: 'number < {number}', id: below}}]}}"))
        .unwrap()
}

fn judged(suite: &Suite, table: &Path) -> Split {
    split(suite, table.to_str().unwrap(), &SplitOptions::default()).unwrap()
}

fn moved(suite: &Suite, table: &Path, quarantine: &Path) -> Result<Option<MovedParts>, SplitError> {
    split(suite, table.to_str().unwrap(), &SplitOptions::default())?.quarantine_in_place(&to(quarantine))
}

fn to(quarantine: &Path) -> InPlace {
    InPlace { quarantine: at(quarantine), options: append() }
}

/// Returns the ids of a table's rows, in their order; none if there is no table.
pub(super) fn ids(table: &Path) -> Vec<i64> {
    if !commit_file(table, 0).exists() {
        return Vec::new();
    }
    let rows = read(table.to_str().unwrap());
    if rows.height() == 0 {
        return Vec::new();
    }
    let mut ids: Vec<i64> = rows.column("id").unwrap().i64().unwrap().iter().map(Option::unwrap).collect();
    ids.sort_unstable();
    ids
}

/// The newest version of a table.
fn version(table: &Path) -> u64 {
    let names = files_in(&table.join("_delta_log"));
    names.iter().filter_map(|name| name.strip_suffix(".json")?.parse().ok()).max().unwrap()
}

fn commit_file(table: &Path, version: u64) -> PathBuf {
    table.join(format!("_delta_log/{version:020}.json"))
}

/// The actions of a commit.
fn commit(table: &Path, version: u64) -> Vec<Json> {
    let text = std::fs::read_to_string(commit_file(table, version)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The bytes of the data files of a table.
pub(super) fn data(table: &Path) -> BTreeMap<String, Vec<u8>> {
    let names =
        files_in(table).into_iter().filter(|name| name.ends_with(".parquet") && !name.contains("_delta_log"));
    names.map(|name| (name.clone(), std::fs::read(table.join(&name)).unwrap())).collect()
}

/// The files of deletion vectors of a table.
fn vectors(table: &Path) -> Vec<String> {
    files_in(table).into_iter().filter(|name| name.contains("deletion_vector_")).collect()
}

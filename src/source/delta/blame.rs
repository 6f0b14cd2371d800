//! Finds the file and the line that make a log unreadable, after reading the log has failed.

use std::collections::{BTreeSet, HashMap};

use bytes::Bytes;
use deltalake::logstore::LogStore;
use futures::TryStreamExt as _;
use object_store::path::Path as Key;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt as _};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value as Json;
use tokio::runtime::Handle;

use super::checkpoint;

pub(crate) const FOLDER: &str = "_delta_log";
/// The reason for refusing an empty file.
pub(crate) const EMPTY: &str = "it is empty: it was not written whole";

/// The largest file that is examined.
const MOST_BYTES: u64 = 256 << 20;

/// Returns the first unreadable file of a log up to a version, with the reason: a file of the checkpoint, or
/// a commit with the first line that is no valid action. Returns `None` if there is no such file, or if that
/// cannot be determined.
pub(crate) fn blame(log: &dyn LogStore, until: Option<u64>) -> Option<String> {
    Handle::current().block_on(async {
        let store = log.object_store(None);
        let listed = store.list(Some(&Key::from(FOLDER)));
        let mut files: Vec<ObjectMeta> = listed.try_collect().await.ok()?;
        files.sort_by(|one, other| one.location.cmp(&other.location));
        let is_meant = |version: u64| until.is_none_or(|until| version <= until);
        // Files older than the checkpoint are not read.
        let from = files.iter().filter_map(of_checkpoint).filter(|it| is_meant(*it)).max();
        let is_of_checkpoint = |file: &ObjectMeta| from.is_some() && of_checkpoint(file) == from;
        let is_later = |file: &ObjectMeta| {
            of_commit(file).is_some_and(|it| is_meant(it) && from.is_none_or(|from| from < it))
        };
        let names: BTreeSet<&str> = files.iter().map(below_folder).collect();
        let parts =
            files.iter().filter(|file| is_of_checkpoint(file)).filter_map(|it| parts_of(below_folder(it)));
        if let Some(missing) = parts.flatten().find(|part| !names.contains(part.as_str())) {
            return Some(format!("{FOLDER}/{missing} is not there, and other parts of the checkpoint are"));
        }
        let mut sidecars = BTreeSet::new();
        for file in files.iter().filter(|file| is_of_checkpoint(file)) {
            let name = below_folder(file);
            let Some(bytes) = bytes_of(store.as_ref(), file).await else { continue };
            match checkpoint::sidecars(name, bytes) {
                Ok(named) => sidecars.extend(named),
                Err(reason) => return Some(format!("{FOLDER}/{name}: {reason}")),
            }
        }
        for file in
            files.iter().filter(|file| file.location.filename().is_some_and(|it| sidecars.contains(it)))
        {
            let Some(bytes) = bytes_of(store.as_ref(), file).await else { continue };
            if let Err(reason) = checkpoint::sidecar(bytes) {
                return Some(format!("{FOLDER}/{}: {reason}", below_folder(file)));
            }
        }
        for file in files.iter().filter(|file| is_later(file)) {
            let Some(bytes) = bytes_of(store.as_ref(), file).await else { continue };
            if bytes.is_empty() {
                return Some(format!("{FOLDER}/{}: {EMPTY}", below_folder(file)));
            }
            if let Some((line, reason)) = wrong_line(&bytes) {
                return Some(place(below_folder(file), line, &reason));
            }
        }
        None
    })
}

async fn bytes_of(store: &dyn ObjectStore, file: &ObjectMeta) -> Option<Bytes> {
    if file.size > MOST_BYTES {
        return None;
    }
    store.get(&file.location).await.ok()?.bytes().await.ok()
}

/// Returns the path of a file relative to the folder of the log.
fn below_folder(file: &ObjectMeta) -> &str {
    let path = file.location.as_ref();
    path.strip_prefix(FOLDER).map_or(path, |below| below.trim_start_matches('/'))
}

/// Formats a line of a log file and what is wrong there.
fn place(file: &str, line: usize, reason: &str) -> String {
    format!("{FOLDER}/{file}, line {line}: {reason}")
}

/// Formats a line of the commit of a version and what is wrong there.
pub(crate) fn place_in_commit(version: u64, line: usize, reason: &str) -> String {
    place(&format!("{version:020}.json"), line, reason)
}

/// Returns the version of a commit file, or `None` for any other file.
fn of_commit(file: &ObjectMeta) -> Option<u64> {
    version(below_folder(file).strip_suffix(".json")?)
}

/// Returns the version of a checkpoint file or a part of one, or `None` for any other file.
fn of_checkpoint(file: &ObjectMeta) -> Option<u64> {
    let (before, _) = below_folder(file).split_once(".checkpoint.")?;
    version(before)
}

/// Returns the names of all parts of a checkpoint, given the name of one.
fn parts_of(name: &str) -> Option<impl Iterator<Item = String>> {
    const MOST: u64 = 100_000;
    let (before, numbers) = name.strip_suffix(".parquet")?.split_once(".checkpoint.")?;
    let (_, count) = numbers.split_once('.')?;
    let (before, count) = (before.to_owned(), count.parse::<u64>().ok().filter(|count| *count <= MOST)?);
    Some((1..=count).map(move |part| format!("{before}.checkpoint.{part:010}.{count:010}.parquet")))
}

fn version(digits: &str) -> Option<u64> {
    (digits.len() == 20).then(|| digits.parse().ok())?
}

/// Returns the number, from 1, of the first line that is no valid action, and what is wrong there.
pub(crate) fn wrong_line(commit: &[u8]) -> Option<(usize, String)> {
    let lines = commit.split(|byte| *byte == b'\n').zip(1..);
    let mut filled = lines.filter(|(line, _)| !line.trim_ascii().is_empty());
    filled.find_map(|(line, number)| Some((number, wrong(line)?)))
}

/// Returns what is wrong with an action, or `None` if the action is valid.
fn wrong(line: &[u8]) -> Option<String> {
    let parsed = serde_json::from_slice::<Action>(line);
    let action = match parsed {
        Ok(action) => action,
        Err(error) => return Some(without_line(&error)),
    };
    let schema = action.meta_data.and_then(|table| table.schema_string)?;
    let error = serde_json::from_str::<Json>(&schema).err()?;
    Some(format!("the schema of the table is no JSON: {}", without_line(&error)))
}

/// Returns the parser's message without its line number, which is always 1 since the input is a single line.
pub(crate) fn without_line(error: &serde_json::Error) -> String {
    error.to_string().replace(" at line 1 column ", " at column ")
}

/// The actions that define a table, with the fields that each action must have.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Action {
    #[serde(default)]
    #[expect(dead_code, reason = "only whether it can be read matters")]
    add: Option<Add>,
    #[serde(default)]
    #[expect(dead_code, reason = "only whether it can be read matters")]
    remove: Option<Remove>,
    #[serde(default)]
    meta_data: Option<MetaData>,
    #[serde(default)]
    #[expect(dead_code, reason = "only whether it can be read matters")]
    protocol: Option<Protocol>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "only whether it can be read matters")]
struct Add {
    path: String,
    partition_values: HashMap<String, Option<String>>,
    size: i64,
    data_change: bool,
    #[serde(default)]
    stats: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "only whether it can be read matters")]
struct Remove {
    path: String,
    data_change: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MetaData {
    #[expect(dead_code, reason = "only whether it can be read matters")]
    id: String,
    schema_string: Option<String>,
    #[expect(dead_code, reason = "only whether it can be read matters")]
    partition_columns: Vec<String>,
    #[serde(default)]
    #[expect(dead_code, reason = "only whether it can be read matters")]
    configuration: HashMap<String, Option<IgnoredAny>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "only whether it can be read matters")]
struct Protocol {
    min_reader_version: i32,
    min_writer_version: i32,
}

#[cfg(test)]
mod tests {
    use super::wrong_line;

    #[test]
    fn the_line_is_told_that_is_no_action() {
        let commit = |lines: &[&str]| wrong_line(lines.join("\n").as_bytes());
        let fine = r#"{"commitInfo":{"a":1}}"#;
        assert_eq!(commit(&[fine, "", r#"{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}"#]), None);
        for (bad, words) in [
            ("{not json", "key must be a string at column 2"),
            (r#"{"add":{"path":"a.parquet""#, "EOF while parsing an object"),
            (
                r#"{"add":{"path":"a.parquet","partitionValues":{},"dataChange":true}}"#,
                "missing field `size`",
            ),
            (r#"{"metaData":{"id":"1","schemaString":"{","partitionColumns":[]}}"#, "schema of the table"),
        ] {
            let (line, reason) = commit(&[fine, "", bad]).unwrap();
            assert_eq!(line, 3);
            assert!(reason.contains(words), "{reason}");
        }
    }
}

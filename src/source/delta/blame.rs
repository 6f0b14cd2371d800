//! After a log could not be read: which of its files is to blame, and which line.

use std::collections::HashMap;

use deltalake::logstore::LogStore;
use futures::TryStreamExt as _;
use object_store::path::Path as Key;
use object_store::{ObjectMeta, ObjectStore as _, ObjectStoreExt as _};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value as Json;
use tokio::runtime::Handle;

const FOLDER: &str = "_delta_log";

/// The first line of a commit, up to that of a version, that is no action, and what is wrong with it;
/// none if there is none, or if that cannot be told.
pub(super) fn blame(log: &dyn LogStore, until: Option<u64>) -> Option<String> {
    Handle::current().block_on(async {
        let store = log.object_store(None);
        let listed = store.list(Some(&Key::from(FOLDER)));
        let mut commits: Vec<ObjectMeta> = listed
            .try_filter(|object| std::future::ready(is_commit(object, until)))
            .try_collect()
            .await
            .ok()?;
        commits.sort_by(|one, other| one.location.cmp(&other.location));
        for commit in commits {
            let bytes = store.get(&commit.location).await.ok()?.bytes().await.ok()?;
            let name = commit.location.filename().unwrap_or_default();
            if let Some((line, reason)) = wrong_line(&bytes) {
                return Some(place(name, line, &reason));
            }
        }
        None
    })
}

/// A place in a log, and what is wrong there.
fn place(file: &str, line: usize, reason: &str) -> String {
    format!("{FOLDER}/{file}, line {line}: {reason}")
}

/// The same of the commit of a version.
pub(super) fn place_in_commit(version: u64, line: usize, reason: &str) -> String {
    place(&format!("{version:020}.json"), line, reason)
}

fn is_commit(object: &ObjectMeta, until: Option<u64>) -> bool {
    let version = object.location.filename().and_then(|name| name.strip_suffix(".json"));
    let version =
        version.filter(|version| version.len() == 20).and_then(|version| version.parse::<u64>().ok());
    version.is_some_and(|version| until.is_none_or(|until| version <= until))
}

/// The first line, counted from 1, that is no action.
fn wrong_line(commit: &[u8]) -> Option<(usize, String)> {
    let lines = commit.split(|byte| *byte == b'\n').zip(1..);
    let mut filled = lines.filter(|(line, _)| !line.trim_ascii().is_empty());
    filled.find_map(|(line, number)| Some((number, wrong(line)?)))
}

/// What is wrong with an action, if anything is.
fn wrong(line: &[u8]) -> Option<String> {
    let parsed = serde_json::from_slice::<Action>(line);
    let action = match parsed {
        Ok(action) => action,
        Err(error) => return Some(told(&error)),
    };
    let schema = action.meta_data.and_then(|table| table.schema_string)?;
    let error = serde_json::from_str::<Json>(&schema).err()?;
    Some(format!("the schema of the table is no JSON: {}", told(&error)))
}

/// What the parser says. It speaks of the first line of what it was given.
pub(super) fn told(error: &serde_json::Error) -> String {
    error.to_string().replace(" at line 1 column ", " at column ")
}

/// The actions that tell what a table is, as far as all of them must be so.
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

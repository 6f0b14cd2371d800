//! Reads the change data feed: the rows that a range of commits inserted or updated, from the log and the
//! change files.

use std::collections::HashMap;
use std::sync::Arc;

use delta_kernel::Engine;
use delta_kernel::actions::deletion_vector::DeletionVectorDescriptor as KernelVector;
use delta_kernel::snapshot::Snapshot as KernelSnapshot;
use deltalake::kernel::DeletionVectorDescriptor;
use deltalake::logstore::LogStore;
use roaring::RoaringTreemap;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use tokio::runtime::Handle;
use url::Url;

use super::blame::{place_in_commit, without_line};
use super::checkpoint::look_over;
use super::features;
use super::log::{DeletedRows, LogError, LogFile, TableVersion, snapshot, vector as read_vector};
use crate::data::{DataType, Field, TimeUnit, Value};
use crate::source::At;
use crate::source::store::is_of_store;

/// Returns the columns that hold the version of a change and the time of its commit.
pub(crate) fn columns() -> [Field; 2] {
    let instant = DataType::Timestamp { unit: TimeUnit::Microseconds, zone: Some("UTC".to_owned()) };
    [Field::new("_commit_version", DataType::INT64), Field::new("_commit_timestamp", instant)]
}

/// The commit that a change file belongs to.
#[derive(Clone, Copy)]
pub(crate) struct Change {
    pub(crate) version: u64,
    /// The time of the commit, in milliseconds since 1970.
    pub(crate) committed: Option<i64>,
}

impl Change {
    /// Returns the values of [`columns`] for this commit.
    pub(crate) fn values(&self) -> [Value; 2] {
        let instant = |milliseconds: i64| Value::Timestamp {
            nanoseconds: i128::from(milliseconds) * 1_000_000,
            instant: true,
        };
        [Value::Integer(self.version.into()), self.committed.map_or(Value::Null, instant)]
    }
}

/// Reads the files with the rows that the versions `from` to `to` (the newest if `None`) inserted or updated.
pub(crate) fn read(
    store: &dyn LogStore,
    root: &Url,
    from: u64,
    to: Option<u64>,
) -> Result<TableVersion, LogError> {
    let engine = store.engine(None);
    let engine = engine.as_ref();
    let newest = snapshot(engine, root, At::Changes { from, to })?;
    features::refuse(&newest)?;
    look_over(engine, &newest)?;
    // The kernel checks the table's features when a scan is built.
    Arc::clone(&newest).scan_builder().build()?;
    let to = newest.version();
    if from > to {
        return Err(LogError::Log(format!("there is no version {from}; the newest is {to}")));
    }
    let mut fed = snapshot(engine, root, At::Version(from)).is_ok_and(|first| keeps_feed(&first));
    let mut files = Vec::new();
    for version in from..=to {
        let actions = Actions::parse(version, &commit(store, version)?)?;
        fed = actions.keeps_feed.unwrap_or(fed);
        files.extend(actions.files(engine, root, fed)?);
    }
    let committed = newest.get_timestamp(engine).ok();
    Ok(TableVersion { snapshot: newest, committed, files, changes_from: Some(from) })
}

/// Returns the text of a commit, with one action on each line.
fn commit(store: &dyn LogStore, version: u64) -> Result<Vec<u8>, LogError> {
    match Handle::current().block_on(store.read_commit_entry(version)) {
        Ok(Some(text)) => Ok(text.to_vec()),
        Ok(None) => Err(LogError::Log(format!(
            "the commit of version {version} is gone, and with it what it changed"
        ))),
        Err(error) if is_of_store(&error) => Err(LogError::Store(Box::new(error))),
        Err(error) => Err(LogError::Log(error.to_string())),
    }
}

const FEED: &str = "delta.enableChangeDataFeed";

fn keeps_feed(snapshot: &KernelSnapshot) -> bool {
    let configuration = snapshot.table_configuration().metadata().configuration();
    configuration.get(FEED).is_some_and(|value| value == "true")
}

/// The actions of a commit that concern rows.
struct Actions {
    change: Change,
    adds: Vec<FileAction>,
    removes: Vec<FileAction>,
    /// The change files.
    feed: Vec<FileAction>,
    /// Whether the table keeps a feed from this commit on, if the commit sets that.
    keeps_feed: Option<bool>,
}

/// A file that is added or removed, or that holds changes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FileAction {
    path: String,
    #[serde(default)]
    partition_values: Option<HashMap<String, Option<String>>>,
    data_change: bool,
    #[serde(default)]
    size: Option<u64>,
    #[serde(default)]
    deletion_vector: Option<DeletionVectorDescriptor>,
}

impl FileAction {
    fn logged(self, deleted: DeletedRows, change: Change) -> LogFile {
        let values = self.partition_values.unwrap_or_default();
        let partition_values = values.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        LogFile {
            path: self.path,
            bytes: self.size,
            partition_values,
            deleted,
            change: Some(change),
            has_statistics: false,
            statistics: None,
        }
    }

    /// Reads the rows that the file's deletion vector removes.
    fn deleted(&self, engine: &dyn Engine, root: &Url) -> Result<RoaringTreemap, LogError> {
        let Some(vector) = &self.deletion_vector else { return Ok(RoaringTreemap::new()) };
        let vector = KernelVector::try_from(vector.clone())?;
        read_vector(&self.path, || vector.read(engine.storage_handler(), root))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CommitInfo {
    in_commit_timestamp: Option<i64>,
    timestamp: Option<i64>,
}

#[derive(Deserialize)]
struct MetaData {
    #[serde(default)]
    configuration: HashMap<String, Option<String>>,
}

impl Actions {
    fn parse(version: u64, commit: &[u8]) -> Result<Self, LogError> {
        let change = Change { version, committed: None };
        let (adds, removes, feed) = (Vec::new(), Vec::new(), Vec::new());
        let mut actions = Self { change, adds, removes, feed, keeps_feed: None };
        let lines = commit.split(|byte| *byte == b'\n').zip(1..);
        for (line, number) in lines.filter(|(line, _)| !line.trim_ascii().is_empty()) {
            let bad = |error: serde_json::Error| {
                LogError::Log(place_in_commit(version, number, &without_line(&error)))
            };
            let mut line: HashMap<String, Json> = serde_json::from_slice(line).map_err(bad)?;
            let mut file = |action| take::<FileAction>(&mut line, action).map_err(bad);
            actions.adds.extend(file("add")?.filter(|add| add.data_change));
            actions.removes.extend(file("remove")?.filter(|remove| remove.data_change));
            actions.feed.extend(file("cdc")?);
            if let Some(info) = take::<CommitInfo>(&mut line, "commitInfo").map_err(bad)? {
                actions.change.committed = info.in_commit_timestamp.or(info.timestamp);
            }
            if let Some(data) = take::<MetaData>(&mut line, "metaData").map_err(bad)? {
                actions.keeps_feed =
                    Some(matches!(data.configuration.get(FEED), Some(Some(on)) if on == "true"));
            }
        }
        Ok(actions)
    }

    /// Returns the files that hold the changed rows. `fed` is true if the table keeps a feed.
    fn files(self, engine: &dyn Engine, root: &Url, fed: bool) -> Result<Vec<LogFile>, LogError> {
        let change = self.change;
        // The change files of a commit, if there are any, hold all of its changes.
        if !self.feed.is_empty() {
            return Ok(self.feed.into_iter().map(|file| file.logged(DeletedRows::None, change)).collect());
        }
        let added = |removed: &FileAction| self.adds.iter().any(|add| add.path == removed.path);
        if !fed && !self.adds.is_empty() && self.removes.iter().any(|removed| !added(removed)) {
            return Err(LogError::Log(format!(
                "version {} rewrote files, and which of their rows it changed is not known: the table keeps no change data feed ({FEED})",
                change.version
            )));
        }
        let mut files = Vec::new();
        for add in self.adds {
            let now = add.deleted(engine, root)?;
            let deleted = match self.removes.iter().find(|removed| removed.path == add.path) {
                // A file that only gets a new deletion vector inserts the rows that are deleted no longer.
                Some(before) => DeletedRows::AllBut(Arc::new(before.deleted(engine, root)? - now)),
                None if now.is_empty() => DeletedRows::None,
                None => DeletedRows::Rows(Arc::new(now)),
            };
            if !matches!(&deleted, DeletedRows::AllBut(back) if back.is_empty()) {
                files.push(add.logged(deleted, change));
            }
        }
        Ok(files)
    }
}

fn take<T: DeserializeOwned>(
    line: &mut HashMap<String, Json>,
    action: &str,
) -> serde_json::Result<Option<T>> {
    match line.remove(action) {
        None | Some(Json::Null) => Ok(None),
        Some(body) => serde_json::from_value(body).map(Some),
    }
}

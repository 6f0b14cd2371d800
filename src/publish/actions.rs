//! The lines of a commit that appends files to a table.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use delta_kernel::schema::StructType;
use serde_json::{Value as Json, json};

use crate::sink::delta::{AddedFile, add_time, added, begun};

/// A table that begins with this commit.
#[derive(Clone, Debug)]
pub(super) struct NewTable {
    pub(super) schema: StructType,
    pub(super) partitioned: Vec<String>,
}

/// Whose files are appended, and why they may be.
#[derive(Clone, Debug)]
pub(super) struct Batch {
    /// By what a table is asked whether it has them.
    pub(super) app_id: String,
    /// Their digest.
    pub(super) digest: String,
    /// The names of the suites, each with its digest.
    pub(super) suites: BTreeMap<String, String>,
}

/// A commit, as it is written to the log.
pub(super) struct Commit<'a> {
    pub(super) batch: &'a Batch,
    pub(super) files: &'a [AddedFile],
    /// The table, if it begins with this commit.
    pub(super) begins: Option<&'a NewTable>,
    pub(super) now: DateTime<Utc>,
    /// The time of the commit before, where the table keeps such times in its commits.
    pub(super) before: Option<i64>,
}

impl Commit<'_> {
    /// Returns the lines of the commit of a version.
    pub(super) fn text(&self, version: u64) -> Result<Vec<u8>, serde_json::Error> {
        let Self { batch, files, begins, .. } = self;
        let now = self.now.timestamp_millis();
        let names: Vec<&str> = batch.suites.keys().map(String::as_str).collect();
        let sum = |of: fn(&AddedFile) -> u64| files.iter().map(of).sum::<u64>().to_string();
        let mut info = json!({
            "timestamp": now,
            "operation": "WRITE",
            "operationParameters": {"mode": "Append"},
            "operationMetrics": {
                "numFiles": files.len().to_string(),
                "numOutputRows": sum(|file| file.rows),
                "numOutputBytes": sum(|file| file.bytes),
            },
            // What was there was judged with the files: whoever appends them after another change must judge again.
            "isBlindAppend": false,
            "engineInfo": concat!("karat/", env!("CARGO_PKG_VERSION")),
            "userMetadata": format!("karat: publish, passed {}", names.join(", ")),
            "karat": {"part": "publish", "suites": batch.suites, "staged": batch.digest},
        });
        if let Json::Object(fields) = &mut info {
            if let Some(read) = version.checked_sub(1) {
                fields.insert("readVersion".to_owned(), read.into());
            }
            if let Some(before) = self.before {
                add_time(fields, now, before);
            }
        }
        let mut actions = vec![
            json!({"commitInfo": info}),
            json!({"txn": {"appId": batch.app_id, "version": version, "lastUpdated": now}}),
        ];
        if let Some(table) = begins {
            actions.extend(begun(&table.schema, &table.partitioned, None, now)?);
        }
        actions.extend(files.iter().map(|file| added(file, now)));
        let lines = actions.iter().map(Json::to_string);
        Ok(lines.fold(String::new(), |text, line| text + &line + "\n").into_bytes())
    }
}

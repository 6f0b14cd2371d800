//! What others have committed.

use std::collections::HashSet;

use percent_encoding::percent_decode_str;
use serde_json::Value as Json;

use crate::sink::provenance::{NOTE, Note};

/// What a commit of the log has done.
#[derive(Debug, Default)]
pub(super) struct Committed {
    /// Whether the columns, the properties or the protocol are others.
    pub(super) changes_table: bool,
    /// Whether files were added or taken away.
    pub(super) changes_files: bool,
    /// Whether rows came or went.
    pub(super) changes_rows: bool,
    /// The names of the files that were added or taken away, without their folders.
    pub(super) files: HashSet<String>,
    /// The transactions that it names, with their versions.
    pub(super) transactions: Vec<(String, i64)>,
    /// The time that it says.
    pub(super) time: Option<i64>,
    /// What karat said of its rows.
    pub(super) note: Option<Note>,
}

impl Committed {
    /// Reads a commit; `None` if it makes no sense.
    pub(super) fn read(text: &[u8]) -> Option<Self> {
        let mut found = Self::default();
        let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
        for line in lines {
            let Json::Object(action) = serde_json::from_slice(line).ok()? else { return None };
            for (name, body) in action {
                match name.as_str() {
                    "metaData" | "protocol" => found.changes_table = true,
                    "add" | "remove" => {
                        found.changes_files = true;
                        found.changes_rows |= body.get("dataChange").and_then(Json::as_bool) != Some(false);
                        found.files.insert(file_name(body.get("path")?.as_str()?));
                    }
                    "txn" => {
                        let version = body.get("version").and_then(Json::as_i64)?;
                        found.transactions.push((body.get("appId")?.as_str()?.to_owned(), version));
                    }
                    "commitInfo" => {
                        found.time = body.get("inCommitTimestamp").and_then(Json::as_i64);
                        let note = body.get(NOTE).cloned();
                        found.note = note.and_then(|note| serde_json::from_value(note).ok());
                    }
                    _ => {}
                }
            }
        }
        Some(found)
    }
}

/// Returns the name of a file by its path in the log, without its folders. The same file may be spelled in several ways.
pub(super) fn file_name(path: &str) -> String {
    let path = percent_decode_str(path).decode_utf8_lossy();
    path.rsplit('/').next().unwrap_or_default().to_owned()
}

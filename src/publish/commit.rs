//! Puts a commit at exactly one version of a table, and looks at what others put there first.

use std::time::Duration;

use deltalake::DeltaTable;
use deltalake::checkpoints::create_checkpoint;
use deltalake::logstore::{LogStore, LogStoreRef};
use object_store::path::Path as Key;
use object_store::{ObjectStoreExt as _, PutMode, PutOptions, PutPayload};
use serde_json::{Map, Value as Json};
use tokio::runtime::Handle;

use crate::source::store::{has_refused, store_reason};

/// How often a commit is put while it is not known what became of it.
const TRIES: u32 = 4;
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// What became of a commit.
pub(super) enum Put {
    /// It is the version.
    Landed,
    /// The version is another commit, with this text.
    Taken(Vec<u8>),
    /// It is not the version, and never will be.
    Failed(String),
    /// Nobody knows: it may be the version, or become it yet.
    Unknown(String),
}

/// Puts a commit at a version, if that is not there so far.
pub(super) fn put(log: &LogStoreRef, uri: &str, version: u64, commit: &[u8], on: &Handle) -> Put {
    let store = log.object_store(None);
    let key = Key::from(format!("_delta_log/{version:020}.json"));
    let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
    let (mut pause, mut may_land, mut last) = (FIRST_PAUSE, false, String::new());
    for _ in 0..TRIES {
        let payload = PutPayload::from(commit.to_vec());
        let Err(error) = on.block_on(store.put_opts(&key, payload, options.clone())) else {
            return Put::Landed;
        };
        // An answer may be lost, or that to another try of the same request: only the log tells whose commit it is.
        let there = on.block_on(async { store.get(&key).await?.bytes().await });
        last = store_reason(uri, &error);
        match there {
            Ok(there) if there == commit => return Put::Landed,
            Ok(there) => return Put::Taken(there.to_vec()),
            Err(object_store::Error::NotFound { .. }) if has_refused(&error) && !may_land => {
                return Put::Failed(last);
            }
            // What was refused now may have been accepted before.
            Err(_) => may_land |= !has_refused(&error),
        }
        std::thread::sleep(pause);
        pause *= 2;
    }
    if may_land { Put::Unknown(last) } else { Put::Failed(last) }
}

/// What a commit of others means for one who has judged the version before it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Between {
    /// It has the same files.
    Same,
    /// It changes no row, and nothing of what the table is.
    Harmless,
    /// What was judged is no longer what is there.
    Matters,
}

impl Between {
    /// Reads a commit. `app_id` is what a table is asked by whether it has the files.
    pub(super) fn of(commit: &[u8], app_id: &str) -> Self {
        let mut meaning = Self::Harmless;
        for line in commit.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()) {
            let Ok(line) = serde_json::from_slice::<Map<String, Json>>(line) else { return Self::Matters };
            for (action, body) in line.iter().filter(|(_, body)| !body.is_null()) {
                let is_harmless = match action.as_str() {
                    "commitInfo" => true,
                    "txn" if body.get("appId").and_then(Json::as_str) == Some(app_id) => return Self::Same,
                    "txn" => true,
                    "add" | "remove" => body.get("dataChange") == Some(&Json::Bool(false)),
                    _ => false,
                };
                if !is_harmless {
                    meaning = Self::Matters;
                }
            }
        }
        meaning
    }
}

/// Writes a checkpoint of a version. Without it, the table is only read more slowly.
pub(super) fn checkpoint(log: &LogStoreRef, version: u64, on: &Handle) {
    let write = async {
        let mut table = DeltaTable::new(log.clone());
        table.load_version(version).await?;
        create_checkpoint(&table, None).await
    };
    let _ = on.block_on(write);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changes_no_row_is_harmless() {
        let of = |commit: &str| Between::of(commit.as_bytes(), "karat/publish/x");
        let info = "{\"commitInfo\":{\"operation\":\"OPTIMIZE\"}}\n";
        let add = |change: &str| format!("{{\"add\":{{\"path\":\"a\",\"dataChange\":{change}}}}}\n");
        let remove = |change: &str| format!("{{\"remove\":{{\"path\":\"a\",\"dataChange\":{change}}}}}\n");
        let txn = |id: &str| format!("{{\"txn\":{{\"appId\":\"{id}\",\"version\":1}}}}\n");
        assert_eq!(of(info), Between::Harmless);
        assert_eq!(of(&(info.to_owned() + &remove("false") + &add("false"))), Between::Harmless);
        assert_eq!(of(&(txn("another") + &add("false"))), Between::Harmless);
        for matters in [
            add("true"),
            remove("true"),
            "{\"add\":{\"path\":\"a\"}}".to_owned(),
            "{\"metaData\":{}}".to_owned(),
            "{\"protocol\":{}}".to_owned(),
            "{\"cdc\":{\"dataChange\":false}}".to_owned(),
            "{\"domainMetadata\":{}}".to_owned(),
            "no JSON".to_owned(),
        ] {
            assert_eq!(of(&(info.to_owned() + &matters)), Between::Matters, "{matters}");
        }
        assert_eq!(of(&(add("true") + &txn("karat/publish/x"))), Between::Same);
    }
}

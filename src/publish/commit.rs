//! Puts a commit at exactly one version of a table, and looks at what others put there first.

use std::time::Duration;

use deltalake::logstore::LogStoreRef;
use object_store::path::Path as Key;
use object_store::{Error as StoreError, ObjectStoreExt as _, PutMode, PutOptions, PutPayload};
use serde_json::{Map, Value as Json};
use tokio::runtime::Handle;

use crate::source::store::{answer_of_store, is_refusal_for_good};

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

/// Where a commit is put.
pub(super) struct Log<'a> {
    pub(super) log: &'a LogStoreRef,
    /// The URI of the table, without credentials.
    pub(super) uri: &'a str,
    /// Whether it lies in this file system, which has done what it says it has, and nothing else.
    pub(super) is_here: bool,
    pub(super) on: &'a Handle,
}

impl Log<'_> {
    /// Puts a commit at a version, if that is not there so far.
    pub(super) fn put(&self, version: u64, commit: &[u8]) -> Put {
        let store = self.log.object_store(None);
        let key = Key::from(format!("_delta_log/{version:020}.json"));
        let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        let (mut pause, mut may_land, mut last) = (FIRST_PAUSE, false, String::new());
        for _ in 0..TRIES {
            let payload = PutPayload::from(commit.to_vec());
            let put = self.on.block_on(store.put_opts(&key, payload, options.clone()));
            let Err(error) = put else { return Put::Landed };
            // An answer may be lost, or be that to another try of the same request: only the log tells whose commit it is.
            let there = self.on.block_on(async { store.get(&key).await?.bytes().await });
            last = answer_of_store(self.uri, &error).unwrap_or_else(|| error.to_string());
            if self.is_here {
                last = error.to_string();
            }
            let is_certain = self.is_here || is_refusal_for_good(&error);
            match there {
                Ok(there) if there == commit => return Put::Landed,
                Ok(there) => return Put::Taken(there.to_vec()),
                Err(StoreError::NotFound { .. }) if is_certain && !may_land => return Put::Failed(last),
                // What was refused now may have been accepted before.
                Err(_) => may_land |= !is_certain,
            }
            std::thread::sleep(pause);
            pause *= 2;
        }
        if may_land { Put::Unknown(last) } else { Put::Failed(last) }
    }
}

/// What a commit of others means for one who has judged the version before it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Between {
    /// It has the same files.
    Same,
    /// It changes no row, and nothing of what the table is.
    Harmless {
        /// The time that it says, where the table keeps such times.
        time: Option<i64>,
    },
    /// What was judged is no longer what is there.
    Matters,
}

impl Between {
    /// Reads a commit. `app_id` is what a table is asked by whether it has the files.
    pub(super) fn of(commit: &[u8], app_id: &str) -> Self {
        let (mut is_harmless, mut time) = (true, None);
        for line in commit.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()) {
            let Ok(line) = serde_json::from_slice::<Map<String, Json>>(line) else { return Self::Matters };
            for (action, body) in line.iter().filter(|(_, body)| !body.is_null()) {
                is_harmless &= match action.as_str() {
                    "commitInfo" => {
                        time = body.get("inCommitTimestamp").and_then(Json::as_i64);
                        true
                    }
                    "txn" if body.get("appId").and_then(Json::as_str) == Some(app_id) => return Self::Same,
                    "txn" => true,
                    "add" | "remove" => body.get("dataChange") == Some(&Json::Bool(false)),
                    _ => false,
                };
            }
        }
        if is_harmless { Self::Harmless { time } } else { Self::Matters }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changes_no_row_is_harmless() {
        let of = |commit: &str| Between::of(commit.as_bytes(), "karat/publish/x");
        let info = "{\"commitInfo\":{\"operation\":\"OPTIMIZE\",\"inCommitTimestamp\":7}}\n";
        let add = |change: &str| format!("{{\"add\":{{\"path\":\"a\",\"dataChange\":{change}}}}}\n");
        let remove = |change: &str| format!("{{\"remove\":{{\"path\":\"a\",\"dataChange\":{change}}}}}\n");
        let txn = |id: &str| format!("{{\"txn\":{{\"appId\":\"{id}\",\"version\":1}}}}\n");
        let harmless = |time| Between::Harmless { time };
        assert_eq!(of(info), harmless(Some(7)));
        assert_eq!(of(&(info.to_owned() + &remove("false") + &add("false"))), harmless(Some(7)));
        assert_eq!(of(&(txn("another") + &add("false"))), harmless(None));
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

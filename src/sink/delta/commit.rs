//! Commits data files to a table, once, beside others who commit.

use std::thread::sleep;
use std::time::Duration;

use arrow::datatypes::SchemaRef;
use bytes::Bytes;
use delta_kernel::table_features::TableFeature;
use deltalake::logstore::LogStoreRef;
use object_store::path::Path as Key;
use object_store::{Error as StoreError, PutMode, PutOptions};
use serde_json::Value as Json;
use tokio::runtime::Handle;
use url::Url;

use super::file::AddedFile;
use super::lines::{Commit, has_local_times};
use super::logged::removes;
use super::others::Committed;
use super::table::{LOG, State, Table};
use crate::sink::error::SinkError;
use crate::sink::file::store_failed;
use crate::sink::fit::{Fit, fit};
use crate::sink::options::{Mode, WriteOptions};
use crate::sink::provenance::Provenance;
use crate::source::At;
use crate::source::delta::{LogError, snapshot};
use crate::source::store::{is_refusal, wait_for};

/// How often a commit is tried while others commit. One of those who try at once succeeds each time.
pub(super) const MOST_TRIES: usize = 200;
/// How often one is tried again when no answer comes.
const MOST_UNANSWERED: u32 = 3;

/// What a commit changes.
pub(in crate::sink) struct Change {
    /// The columns as they were given.
    pub(in crate::sink) given: SchemaRef,
    /// How they were written.
    pub(in crate::sink) fit: Fit,
    pub(in crate::sink) options: WriteOptions,
    pub(in crate::sink) adds: Vec<AddedFile>,
    /// What tells the commit from all others.
    pub(in crate::sink) token: String,
}

/// Why there is no commit, or none that is known of.
pub(super) enum Outcome {
    /// There is none.
    Failed(SinkError),
    /// There may be one, so that its files must stay.
    Unknown(SinkError),
}

impl Outcome {
    pub(super) fn into_error(self) -> SinkError {
        match self {
            Self::Failed(error) | Self::Unknown(error) => error,
        }
    }
}

impl From<SinkError> for Outcome {
    fn from(error: SinkError) -> Self {
        Self::Failed(error)
    }
}

/// How a try has ended.
pub(super) enum Tried {
    Done,
    /// Somebody else has made this version, or it is not known who has.
    Taken,
}

impl Change {
    pub(in crate::sink) fn rows(&self) -> u64 {
        self.adds.iter().map(|file| file.rows).sum()
    }

    pub(in crate::sink) fn bytes(&self) -> u64 {
        self.adds.iter().map(|file| file.bytes).sum()
    }

    fn overwrites(&self) -> bool {
        self.options.mode == Mode::Overwrite
    }
}

impl Table {
    /// Commits a change. Returns the version that it made.
    pub(super) fn commit(&mut self, change: &Change, provenance: &Provenance) -> Result<u64, Outcome> {
        let mut columns = change.fit.clone();
        self.hold_to(&columns)?;
        let removes =
            if change.overwrites() { self.removes(provenance.now.timestamp_millis())? } else { Vec::new() };
        for _ in 0..MOST_TRIES {
            let version = self.version().map_or(0, |version| version + 1);
            let commit = Commit {
                state: self.state.as_ref(),
                change,
                schema: columns.is_changed.then_some(&columns.schema),
                removes: &removes,
                provenance,
            };
            let text = commit
                .text()
                .map_err(|error| SinkError::Encode { to: self.to.clone(), reason: error.to_string() })?;
            if matches!(self.put(version, text, &change.token)?, Tried::Done) {
                self.after(version);
                return Ok(version);
            }
            self.pass(version, change, provenance, &mut columns)?;
        }
        Err(self.conflict("too many others write to it at once").into())
    }

    /// Tries once to make a version. Where no answer comes, it is found out whether the version is there.
    pub(super) fn put(&self, version: u64, text: String, token: &str) -> Result<Tried, Outcome> {
        let (key, text) = (Key::from(format!("{LOG}/{version:020}.json")), Bytes::from(text));
        for unanswered in 0.. {
            let (store, key, text) = (self.store(), key.clone(), text.clone());
            let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
            let put = wait_for(async move { store.put_opts(&key, text.into(), options).await });
            let error = match put {
                Ok(Ok(_)) => return Ok(Tried::Done),
                Ok(Err(error)) => error,
                Err(reason) => StoreError::Generic { store: "commit", source: reason.into() },
            };
            let is_taken =
                matches!(error, StoreError::AlreadyExists { .. } | StoreError::Precondition { .. });
            let failed = || store_failed(self.to.clone(), &error);
            let found = self.commit_of(version);
            match found {
                Ok(Some(commit)) if commit.note.as_ref().is_some_and(|note| note.commit == token) => {
                    return Ok(Tried::Done);
                }
                Ok(Some(_)) => return Ok(Tried::Taken),
                Ok(None) | Err(_) if self.folder.is_some() || !is_taken && is_refusal(&error) => {
                    return Err(failed().into());
                }
                Ok(None) | Err(_) if unanswered >= MOST_UNANSWERED => {
                    let reason = match failed() {
                        SinkError::Store { reason, .. } => reason,
                        other => other.to_string(),
                    };
                    return Err(Outcome::Unknown(SinkError::Unknown { to: self.to.clone(), reason }));
                }
                Ok(None) | Err(_) => sleep(Duration::from_millis(200 << unanswered)),
            }
        }
        Ok(Tried::Taken)
    }

    /// Goes past what others have committed since, from a version on, if that does not matter.
    fn pass(
        &mut self,
        from: u64,
        change: &Change,
        provenance: &Provenance,
        columns: &mut Fit,
    ) -> Result<(), SinkError> {
        let (mut last, mut is_other_table, id) = (None, self.state.is_none(), provenance.app_id());
        for version in from.. {
            let Some(commit) = self.commit_of(version)? else { break };
            if let Some((_, app_version)) = commit.transactions.iter().find(|(other, _)| *other == id)
                && *app_version >= provenance.app_version()
            {
                let earlier = commit.note.map(|note| note.earlier(Some(version))).unwrap_or_default();
                return Err(SinkError::Already { to: self.to.clone(), earlier: Box::new(earlier) });
            }
            if change.overwrites() && commit.changes_files {
                return Err(self.conflict(&format!("version {version} has other files, which would be lost")));
            }
            is_other_table |= commit.changes_table;
            last = Some((version, commit.time));
        }
        let Some((version, time)) = last else { return Ok(()) };
        if !is_other_table {
            if let Some(state) = &mut self.state {
                state.version = version;
                state.committed = state.committed.and(time.or(state.committed));
            }
            return Ok(());
        }
        let before = self.state.take();
        self.load()?;
        let Some(state) = &self.state else { return Err(self.conflict("it is no table any more")) };
        let partition_by =
            before.as_ref().map_or(&change.options.partition_by, |before| &before.partition_by);
        if &state.partition_by != partition_by {
            return Err(self.conflict("it is partitioned by other columns"));
        }
        let now = fit(Some(&state.schema), &change.given, change.options.evolve)
            .map_err(|misfit| misfit.of(&self.to))?;
        if !now.writes_the_same_as(columns) {
            return Err(self.conflict("its columns are others"));
        }
        *columns = now;
        self.hold_to(columns)
    }

    /// Refuses columns that the protocol of the table does not know.
    pub(in crate::sink) fn hold_to(&self, columns: &Fit) -> Result<(), SinkError> {
        let Some(state) = &self.state else { return Ok(()) };
        let is_known = state
            .snapshot
            .table_configuration()
            .is_feature_supported(&TableFeature::TimestampWithoutTimezone);
        if has_local_times(&columns.schema) && !is_known {
            let reason =
                "it is to get times without a time zone, which its protocol does not know (timestampNtz)";
            return Err(SinkError::Unsupported { to: self.to.clone(), reason: reason.to_owned() });
        }
        Ok(())
    }

    pub(super) fn conflict(&self, reason: &str) -> SinkError {
        SinkError::Conflict { to: self.to.clone(), reason: reason.to_owned() }
    }

    /// Reads a commit; `None` if it is not there.
    pub(super) fn commit_of(&self, version: u64) -> Result<Option<Committed>, SinkError> {
        let text = self.read(move |log| {
            let text = Handle::current().block_on(log.read_commit_entry(version));
            text.map_err(|error| LogError::Store(error.into()))
        })?;
        let unread = || self.conflict(&format!("version {version} cannot be read"));
        text.map(|text| Committed::read(&text).ok_or_else(unread)).transpose()
    }

    /// Returns the actions that take away all files of the known version.
    fn removes(&self, now: i64) -> Result<Vec<Json>, SinkError> {
        let Some(State { snapshot, .. }) = self.state.clone() else { return Ok(Vec::new()) };
        self.read(move |log| removes(log.engine(None).as_ref(), &snapshot, now))
    }

    /// Writes a checkpoint, if it is time for one. That there is none is no reason to fail.
    pub(super) fn after(&self, version: u64) {
        let interval = self.state.as_ref().map_or(u64::MAX, |state| state.checkpoint_interval);
        if version == 0 || !version.is_multiple_of(interval) {
            return;
        }
        let root = self.log_root.clone();
        let _ = self.read(move |log| checkpoint(log, &root, version));
    }
}

/// Writes a checkpoint of a version.
pub(crate) fn checkpoint(log: &LogStoreRef, root: &Url, version: u64) -> Result<(), LogError> {
    let engine = log.engine(None);
    let snapshot = snapshot(engine.as_ref(), root, At::Version(version))?;
    snapshot.checkpoint(engine.as_ref(), None)?;
    Ok(())
}

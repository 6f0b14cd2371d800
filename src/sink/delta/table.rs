//! A Delta table that is to be written.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use delta_kernel::schema::StructType;
use delta_kernel::snapshot::SnapshotRef;
use deltalake::DeltaTableError;
use deltalake::logstore::LogStoreRef;
use object_store::ObjectStore;
use serde_json::Value as Json;
use tokio::runtime::Handle;
use url::Url;

use super::features::{Purpose, Refusal};
use crate::sink::destination::Destination;
use crate::sink::error::SinkError;
use crate::sink::file::{OutputError, unwritten};
use crate::source::delta::{LogError, begin_table, snapshot};
use crate::source::store::{Location, wait_for_blocking};
use crate::source::{At, SourceError};

/// A table, or the place where one is to be made.
pub(in crate::sink) struct Table {
    /// What it is called in errors.
    pub(in crate::sink) to: String,
    location: Location,
    pub(super) log: LogStoreRef,
    pub(super) log_root: Url,
    /// Its folder on this machine.
    pub(super) folder: Option<PathBuf>,
    /// The folder, if it was made for the table, which is not there so far.
    made: Option<PathBuf>,
    /// Its newest version that is known; `None` if there is no table.
    pub(super) state: Option<State>,
    purpose: Purpose,
}

/// What a version of a table is.
#[derive(Clone)]
pub(super) struct State {
    pub(super) version: u64,
    /// The version as it was opened, perhaps an earlier one with the same schema.
    pub(super) snapshot: SnapshotRef,
    pub(super) schema: StructType,
    pub(super) partition_by: Vec<String>,
    /// The action of the log that holds the schema.
    pub(super) metadata: Json,
    /// The time in the commit, where the table keeps it there.
    pub(super) committed: Option<i64>,
    pub(super) checkpoint_interval: u64,
    /// The columns that get statistics: these, or as many as this.
    pub(super) with_statistics: WithStatistics,
}

/// Which columns of a table get statistics.
#[derive(Clone, Debug)]
pub(crate) enum WithStatistics {
    /// The first ones, by the number of their leaves.
    First(usize),
    /// Those of these names; a struct stands for all of its fields.
    Named(Vec<String>),
}

impl Default for WithStatistics {
    fn default() -> Self {
        Self::First(32)
    }
}

impl WithStatistics {
    /// Returns those that the properties of a table ask for.
    pub(crate) fn of(properties: &HashMap<String, String>) -> Self {
        match properties.get("delta.dataSkippingStatsColumns") {
            Some(names) => {
                let names = names.split(',').map(|name| name.trim().replace('`', ""));
                Self::Named(names.filter(|name| !name.is_empty()).collect())
            }
            None => number(properties, "delta.dataSkippingNumIndexedCols")
                .map_or_else(Self::default, |count| {
                    Self::First(usize::try_from(count).unwrap_or(usize::MAX))
                }),
        }
    }
}

/// Returns how many versions of a table have one checkpoint.
pub(crate) fn checkpoint_interval(properties: &HashMap<String, String>) -> u64 {
    const INTERVAL: u64 = 10;
    let asked = number(properties, "delta.checkpointInterval").and_then(|every| u64::try_from(every).ok());
    asked.filter(|every| *every > 0).unwrap_or(INTERVAL)
}

fn number(properties: &HashMap<String, String>, name: &str) -> Option<i64> {
    properties.get(name).and_then(|text| text.trim().parse().ok())
}

/// The folder of a log.
pub(super) const LOG: &str = "_delta_log";

/// Why a table was not opened.
enum Failure {
    Setup(String),
    Delta(DeltaTableError),
    Log(LogError),
    Refused(Refusal),
}

impl Table {
    /// Opens a table, or finds that there is none. Refuses one that cannot be written right.
    pub(in crate::sink) fn open(to: &Destination, purpose: Purpose) -> Result<Self, SinkError> {
        let shown = to.shown();
        let open = |source: SourceError| SinkError::Open { to: shown.clone(), source };
        let location = Location::of(&to.uri, &to.storage).map_err(open)?;
        let mut made = None;
        let folder = match &location {
            Location::Local(folder) => {
                let io = |source| SinkError::Io { to: shown.clone(), source };
                let is_new = !folder.exists();
                begin_table(folder).map_err(io)?;
                let folder = std::fs::canonicalize(folder).map_err(io)?;
                made = is_new.then(|| folder.clone());
                // Data files come before the log: whose they are is told by its folder, whatever becomes of this run.
                std::fs::create_dir_all(folder.join(LOG)).map_err(io)?;
                Some(folder)
            }
            Location::Remote(_) => None,
        };
        let there = location.clone();
        let access = wait_for_blocking(move || there.table_to_write());
        let access = access.and_then(|access| access);
        let access = access.map_err(|reason| SinkError::Unsupported { to: shown.clone(), reason })?;
        let mut table = Self {
            to: shown,
            location,
            log: access.log,
            log_root: access.log_root,
            folder,
            made,
            state: None,
            purpose,
        };
        table.load()?;
        Ok(table)
    }

    /// Finds the newest version.
    pub(super) fn load(&mut self) -> Result<(), SinkError> {
        let (log, root, purpose) = (self.log.clone(), self.log_root.clone(), self.purpose);
        let loaded = wait_for_blocking(move || {
            if !Handle::current().block_on(log.is_delta_table_location()).map_err(Failure::Delta)? {
                return Ok(None);
            }
            let engine = log.engine(None);
            let snapshot = snapshot(engine.as_ref(), &root, At::Latest).map_err(Failure::Log)?;
            if let Some(reason) = purpose.refusal(&snapshot) {
                return Err(Failure::Refused(reason));
            }
            let committed = snapshot.get_in_commit_timestamp(engine.as_ref());
            let committed = committed.map_err(|error| Failure::Log(error.into()))?;
            State::of(snapshot, committed).map(Some).map_err(Failure::Setup)
        });
        let failed = |reason: String| SinkError::Open {
            to: self.to.clone(),
            source: SourceError::Log { uri: self.to.clone(), reason },
        };
        self.state = match loaded {
            Ok(Ok(state)) => state,
            Ok(Err(Failure::Delta(error))) => return Err(self.unread(&error)),
            Ok(Err(Failure::Log(LogError::Store(error)))) => return Err(self.unread(error.as_ref())),
            Ok(Err(
                Failure::Log(LogError::Log(reason) | LogError::InvalidFile(reason)) | Failure::Setup(reason),
            ))
            | Err(reason) => {
                return Err(failed(reason));
            }
            Ok(Err(Failure::Refused(Refusal::NoVectors(reason)))) => {
                return Err(SinkError::NoVectors { to: self.to.clone(), reason });
            }
            Ok(Err(
                Failure::Log(LogError::Feature(reason)) | Failure::Refused(Refusal::Unsupported(reason)),
            )) => {
                return Err(SinkError::Unsupported { to: self.to.clone(), reason });
            }
        };
        Ok(())
    }

    /// Returns the version that is known.
    pub(in crate::sink) fn version(&self) -> Option<u64> {
        self.state.as_ref().map(|state| state.version)
    }

    /// Returns the columns of the version that is known.
    pub(in crate::sink) fn schema(&self) -> Option<&StructType> {
        self.state.as_ref().map(|state| &state.schema)
    }

    /// Returns the store in which its root is the root.
    pub(super) fn store(&self) -> Arc<dyn ObjectStore> {
        self.log.object_store(None)
    }

    /// Reads something of its log, on a thread that may wait.
    pub(super) fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&LogStoreRef) -> Result<T, LogError> + Send + 'static,
    ) -> Result<T, SinkError> {
        let log = self.log.clone();
        match wait_for_blocking(move || work(&log)) {
            Ok(Ok(read)) => Ok(read),
            Ok(Err(LogError::Store(error))) => Err(self.unread(error.as_ref())),
            Ok(Err(LogError::Log(reason) | LogError::InvalidFile(reason) | LogError::Feature(reason)))
            | Err(reason) => Err(SinkError::Open {
                to: self.to.clone(),
                source: SourceError::Log { uri: self.to.clone(), reason },
            }),
        }
    }

    /// Returns the error of a log that cannot be read.
    pub(super) fn unread(&self, error: &(dyn std::error::Error + 'static)) -> SinkError {
        SinkError::Open { to: self.to.clone(), source: self.location.failed(&self.to, error) }
    }

    /// Returns the error of a file that cannot be written.
    pub(super) fn unwritten(&self, error: OutputError) -> SinkError {
        unwritten(&self.to, error)
    }

    /// Says that the table is there, so that its folder stays.
    pub(super) fn is_made(&mut self) {
        self.made = None;
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        if let Some(folder) = &self.made {
            // What is not empty stays.
            let _ = std::fs::remove_dir(folder.join(LOG));
            let _ = std::fs::remove_dir(folder);
        }
    }
}

impl State {
    fn of(snapshot: SnapshotRef, committed: Option<i64>) -> Result<Self, String> {
        let configuration = snapshot.table_configuration();
        let metadata = configuration.metadata();
        let properties = metadata.configuration();
        Ok(Self {
            version: snapshot.version(),
            schema: configuration.logical_schema().as_ref().clone(),
            partition_by: metadata.partition_columns().to_vec(),
            metadata: serde_json::to_value(metadata).map_err(|error| error.to_string())?,
            committed,
            checkpoint_interval: checkpoint_interval(properties),
            with_statistics: WithStatistics::of(properties),
            snapshot,
        })
    }
}

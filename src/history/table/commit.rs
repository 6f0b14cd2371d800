//! Adds runs to the table, and takes them away, each in one commit.

use std::collections::{BTreeSet, HashSet};
use std::error::Error;
use std::io;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, new_null_array};
use arrow::datatypes::Schema;
use arrow::record_batch::RecordBatch;
use deltalake::kernel::engine::arrow_conversion::TryIntoArrow as _;
use deltalake::kernel::transaction::{CommitBuilder, CommitProperties, TransactionError};
use deltalake::kernel::{Action, Add};
use deltalake::logstore::LogStoreRef;
use deltalake::operations::create::CreateBuilder;
use deltalake::protocol::{DeltaOperation, SaveMode};
use deltalake::writer::{DeltaWriter, RecordBatchWriter};
use deltalake::{DeltaTable, DeltaTableError};
use futures::TryStreamExt as _;
use object_store::ObjectStoreExt as _;
use tokio::runtime::Handle;

use super::columns::{RUN_ID, WITH_STATISTICS, delta_schema, misfit};
use super::files::{Files, RunFile};
use super::rows::{batch, renamed};
use super::table::Table;
use crate::data::redacted;
use crate::history::error::HistoryError;
use crate::history::record::RunRecord;
use crate::report::Report;
use crate::run::Run;
use crate::source::delta::begin_table;
use crate::source::store::{Location, wait_for_blocking};

/// How often a commit is tried while others commit. One of those who try at once succeeds each time.
const MOST_TRIES: usize = 200;

const COMMENT: &str = "Checks of karat, one row for each check and run";

/// Why a table was not changed.
#[derive(Debug)]
enum Failure {
    History(HistoryError),
    Delta(DeltaTableError),
    Other(String),
}

impl From<DeltaTableError> for Failure {
    fn from(error: DeltaTableError) -> Self {
        Self::Delta(error)
    }
}

impl From<HistoryError> for Failure {
    fn from(error: HistoryError) -> Self {
        Self::History(error)
    }
}

impl From<String> for Failure {
    fn from(reason: String) -> Self {
        Self::Other(reason)
    }
}

impl Table {
    /// Adds a run with its report in one commit. Returns the id under which it is kept.
    pub(in crate::history) fn append(&self, run: &Run, report: &Report) -> Result<String, HistoryError> {
        let record = RunRecord::of(run, report);
        let rows = batch(&record, report);
        self.change(
            |location| match location {
                Location::Local(folder) => begin_table(folder),
                Location::Remote(_) => Ok(()),
            },
            move |writer| writer.append(&record.id, &rows?),
        )
    }

    /// Takes the files of runs out of the table in one commit, and deletes the files of earlier ones that nobody may read any
    /// more. Returns how many were taken out.
    pub(in crate::history) fn prune(&self, runs: &[RunRecord]) -> Result<u64, HistoryError> {
        let ids: HashSet<String> = runs.iter().map(|run| run.id.clone()).collect();
        if ids.is_empty() {
            return Ok(0);
        }
        self.change(|_| Ok(()), move |writer| writer.prune(&ids))
    }

    /// Changes the table on a thread that may wait.
    fn change<T: Send + 'static>(
        &self,
        prepare: impl FnOnce(&Location) -> io::Result<()>,
        work: impl FnOnce(&Writer) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, HistoryError> {
        let place = redacted(&self.uri);
        let failed =
            |source: Box<dyn Error + Send + Sync>| HistoryError::Write { place: place.clone(), source };
        let location = Location::of(&self.uri, &self.storage).map_err(|error| failed(error.into()))?;
        prepare(&location).map_err(|error| failed(error.into()))?;
        let (table, there) = (self.clone(), location.clone());
        let done = wait_for_blocking(move || {
            let log = there.table_to_write()?.log;
            work(&Writer { table, log, on: Handle::current() })
        });
        match done {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(Failure::History(error))) => Err(error),
            Ok(Err(Failure::Delta(error))) => Err(failed(match (&location, of_file_system(&error)) {
                (Location::Local(_), Some(reason)) => reason.into(),
                _ => location.failed(&place, &error).into(),
            })),
            Ok(Err(Failure::Other(reason))) | Err(reason) => Err(failed(reason.into())),
        }
    }
}

/// What changes a table.
struct Writer {
    table: Table,
    log: LogStoreRef,
    on: Handle,
}

impl Writer {
    fn append(&self, id: &str, rows: &RecordBatch) -> Result<String, Failure> {
        let mut table = self.opened()?;
        let mut written: Option<(String, Vec<Add>)> = None;
        for _ in 0..MOST_TRIES {
            let id = self.free_id(&table, id)?;
            let adds = match written.take() {
                Some((known, adds)) if known == id => adds,
                other => {
                    // Somebody has taken the id: nobody knows of the file so far.
                    for add in other.iter().flat_map(|(_, adds)| adds) {
                        let _ = self.on.block_on(table.object_store().delete(&add.path.as_str().into()));
                    }
                    self.write(&table, &renamed(rows, &id).map_err(|error| error.to_string())?)?
                }
            };
            let operation =
                DeltaOperation::Write { mode: SaveMode::Append, partition_by: None, predicate: None };
            let actions = adds.iter().cloned().map(Action::Add).collect();
            let committed = self.commit(&table, actions, operation, &format!("run {id}"));
            let Err(error) = committed else { return Ok(id) };
            self.on.block_on(table.update_state())?;
            // What came after the commit may have failed, or its answer was lost.
            let is_there = |path: &str| adds.iter().any(|add| add.path == path);
            if self.files(&table)?.iter().any(|file| is_there(file.path())) {
                return Ok(id);
            }
            if !is_conflict(&error) {
                return Err(error.into());
            }
            written = Some((id, adds));
        }
        Err("too many others write to it".to_owned().into())
    }

    fn prune(&self, ids: &HashSet<String>) -> Result<u64, Failure> {
        let refused = |reason: &str| HistoryError::Prune {
            table: redacted(&self.table.uri),
            reason: reason.to_owned(),
        };
        let mut table = self.opened()?;
        for _ in 0..MOST_TRIES {
            if table.snapshot()?.table_config().append_only == Some(true) {
                return Err(refused("it is append-only, by its property delta.appendOnly").into());
            }
            let mut gone = HashSet::new();
            if let Some(files) = self.table.files()? {
                for file in &files.files {
                    let held = runs_of(&files, file);
                    let old = held.iter().filter(|id| ids.contains(*id)).count();
                    if old > 0 && old < held.len() {
                        return Err(refused(
                            "old runs lie in one file with others, since somebody has compacted it: delete their rows by SQL",
                        )
                        .into());
                    }
                    if old > 0 {
                        gone.insert(file.path().to_owned());
                    }
                }
            }
            if gone.is_empty() {
                return Ok(0);
            }
            let views = table.snapshot()?.snapshot().file_views(self.log.as_ref(), None);
            let removes = views.try_filter_map(|view| {
                let remove =
                    gone.contains(view.path().as_ref()).then(|| Action::Remove(view.remove_action(true)));
                std::future::ready(Ok(remove))
            });
            let removes: Vec<Action> = self.on.block_on(removes.try_collect())?;
            let count = removes.len() as u64;
            let operation = DeltaOperation::Delete { predicate: None };
            match self.commit(&table, removes, operation, &format!("prune {} runs", ids.len())) {
                Ok(()) => {
                    self.on.block_on(table.update_state())?;
                    // What is gone for long takes room; that it stays is no reason to fail.
                    let _ = self.on.block_on(table.vacuum().into_future());
                    return Ok(count);
                }
                Err(error) if is_conflict(&error) => self.on.block_on(table.update_state())?,
                Err(error) => return Err(error.into()),
            }
        }
        Err("too many others write to it".to_owned().into())
    }

    /// Opens the table, and makes it if it is not there. Somebody else may make it at the same time.
    fn opened(&self) -> Result<DeltaTable, Failure> {
        if !self.on.block_on(self.log.is_delta_table_location())? {
            let columns = delta_schema()?;
            let create = CreateBuilder::new()
                .with_log_store(self.log.clone())
                .with_comment(COMMENT)
                // Who comes second would write another one above it.
                .with_commit_properties(CommitProperties::default().with_max_retries(0))
                .with_columns(columns.fields().cloned())
                .with_configuration([("delta.dataSkippingStatsColumns", Some(WITH_STATISTICS))]);
            if let Err(error) = self.on.block_on(create.into_future())
                && !self.on.block_on(self.log.is_delta_table_location())?
            {
                return Err(error.into());
            }
        }
        let mut table = DeltaTable::new(self.log.clone());
        self.on.block_on(table.load())?;
        let schema = table.snapshot()?.schema();
        match misfit(&schema)? {
            Some(reason) => Err(HistoryError::Foreign { table: redacted(&self.table.uri), reason }.into()),
            None => Ok(table),
        }
    }

    /// Writes rows to a new file, of which nobody knows so far.
    fn write(&self, table: &DeltaTable, rows: &RecordBatch) -> Result<Vec<Add>, Failure> {
        let schema: Schema = table
            .snapshot()?
            .schema()
            .as_ref()
            .try_into_arrow()
            .map_err(|error: arrow::error::ArrowError| error.to_string())?;
        // A later karat may have added columns.
        let array = |name: &str, data_type| -> ArrayRef {
            let own = rows.column_by_name(name).cloned();
            own.unwrap_or_else(|| new_null_array(data_type, rows.num_rows()))
        };
        let arrays = schema.fields().iter().map(|field| array(field.name(), field.data_type())).collect();
        let rows = RecordBatch::try_new(Arc::new(schema), arrays).map_err(|error| error.to_string())?;
        let mut writer = RecordBatchWriter::for_table(table)?;
        Ok(self.on.block_on(async {
            writer.write(rows).await?;
            writer.flush().await
        })?)
    }

    /// Tries once to commit to the version that the table is known in.
    fn commit(
        &self,
        table: &DeltaTable,
        actions: Vec<Action>,
        operation: DeltaOperation,
        what: &str,
    ) -> Result<(), DeltaTableError> {
        let properties = CommitProperties::default()
            .with_max_retries(0)
            .with_metadata([("userMetadata".to_owned(), format!("karat: {what}").into())]);
        let commit = CommitBuilder::from(properties).with_actions(actions).build(
            Some(table.snapshot()?),
            self.log.clone(),
            operation,
        );
        self.on.block_on(commit.into_future()).map(drop)
    }

    /// Returns an id that no run of the table has: runs of the same suites that began in the same millisecond have the same.
    fn free_id(&self, table: &DeltaTable, id: &str) -> Result<String, Failure> {
        let mut taken: BTreeSet<String> = BTreeSet::new();
        let (mut is_known, last) = (true, format!("{id}~"));
        for file in self.files(table)? {
            match (file.only_run(), file.least().zip(file.greatest())) {
                (Some(only), _) => taken.extend(only.starts_with(id).then(|| only.to_owned())),
                (None, Some((least, greatest))) if greatest < id || least > last.as_str() => {}
                (None, _) => is_known = false,
            }
        }
        if !is_known && let Some(files) = self.table.files()? {
            let several = files.files.iter().filter(|file| file.only_run().is_none());
            taken.extend(several.flat_map(|file| runs_of(&files, file)));
        }
        let ids = std::iter::once(id.to_owned()).chain((2_u64..).map(|number| format!("{id}-{number}")));
        Ok(ids.into_iter().find(|id| !taken.contains(id)).unwrap_or_default())
    }

    /// Returns the files of the version that the table is known in.
    fn files(&self, table: &DeltaTable) -> Result<Vec<RunFile>, Failure> {
        let views = table.snapshot()?.snapshot().file_views(self.log.as_ref(), None);
        let files = views.map_ok(|view| RunFile::in_log(view.path().into_owned(), view.stats().as_deref()));
        Ok(self.on.block_on(files.try_collect())?)
    }
}

/// Returns the ids of the runs of which a file has rows.
fn runs_of(files: &Files, file: &RunFile) -> BTreeSet<String> {
    if let Some(only) = file.only_run() {
        return BTreeSet::from([only.to_owned()]);
    }
    let (batches, _) = files.read(std::slice::from_ref(file), &[RUN_ID]);
    let ids = batches.iter().filter_map(|batch| batch.column_by_name(RUN_ID)?.as_string_opt::<i32>());
    ids.flat_map(|ids| ids.iter().flatten().map(str::to_owned)).collect()
}

/// Returns whether somebody else has committed the same version.
fn is_conflict(error: &DeltaTableError) -> bool {
    let of_transaction = |error: &TransactionError| {
        matches!(
            error,
            TransactionError::VersionAlreadyExists(_)
                | TransactionError::MaxCommitAttempts(_)
                | TransactionError::CommitConflict(_)
        )
    };
    match error {
        DeltaTableError::VersionAlreadyExists(_) => true,
        DeltaTableError::Transaction { source } => of_transaction(source),
        _ => false,
    }
}

/// Returns the message of the file system behind an error, if there is one.
fn of_file_system(error: &DeltaTableError) -> Option<String> {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return Some(error.to_string());
        }
        cause = error.source();
    }
    None
}

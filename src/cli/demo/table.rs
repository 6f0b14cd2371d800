//! Writes Delta tables, one version at a time.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use arrow::record_batch::RecordBatch;
use deltalake::kernel::engine::arrow_conversion::TryIntoKernel;
use deltalake::kernel::transaction::CommitBuilder;
use deltalake::kernel::{Action, StructType};
use deltalake::operations::create::CreateBuilder;
use deltalake::protocol::{DeltaOperation, SaveMode};
use deltalake::writer::{DeltaWriter, RecordBatchWriter};
use deltalake::{DeltaTable, DeltaTableError};
use futures::TryStreamExt;
use url::Url;

use super::lake::LakeError;

/// A version of a table: rows, and how it follows the version before.
#[derive(Debug, Clone)]
pub(super) struct Version {
    rows: RecordBatch,
    mode: SaveMode,
}

impl Version {
    /// The rows of the version before, and these.
    pub(super) const fn appended(rows: RecordBatch) -> Self {
        Self { rows, mode: SaveMode::Append }
    }

    /// These rows alone.
    pub(super) const fn overwritten(rows: RecordBatch) -> Self {
        Self { rows, mode: SaveMode::Overwrite }
    }
}

/// A table to write: its path and its layout.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target {
    /// The path, relative to the lakehouse's root.
    pub(super) path: &'static str,
    pub(super) comment: &'static str,
    pub(super) partition_by: &'static [&'static str],
}

impl Target {
    /// Creates the table below a folder as version 0, with the columns of these rows.
    pub(super) async fn create(self, root: &Path, first: &Version) -> Result<DeltaTable, LakeError> {
        let location = directory(&root.join(self.path))?;
        let create = || async {
            let schema: StructType = first.rows.schema().as_ref().try_into_kernel()?;
            CreateBuilder::new()
                .with_location(location.as_str())
                .with_comment(self.comment)
                .with_columns(schema.fields().cloned())
                .with_partition_columns(self.partition_by.iter().copied())
                .await
        };
        create().await.map_err(|source| self.failed(source))
    }

    /// Commits a version: writes its files, and removes all others if they are to be overwritten.
    pub(super) async fn commit(self, table: &mut DeltaTable, version: &Version) -> Result<(), LakeError> {
        self.committed(table, version).await.map_err(|source| self.failed(source))
    }

    async fn committed(self, table: &mut DeltaTable, version: &Version) -> Result<(), DeltaTableError> {
        let mut writer = RecordBatchWriter::for_table(table)?;
        if version.rows.num_rows() > 0 {
            writer.write(version.rows.clone()).await?;
        }
        let mut actions: Vec<_> = writer.flush().await?.into_iter().map(Action::Add).collect();
        if version.mode == SaveMode::Overwrite {
            actions.extend(removals(table).await?);
        }
        let operation = DeltaOperation::Write {
            mode: version.mode,
            partition_by: self.partition_columns(),
            predicate: None,
        };
        CommitBuilder::default()
            .with_actions(actions)
            .build(Some(table.snapshot()?), table.log_store(), operation)
            .await?;
        table.update_state().await
    }

    fn failed(self, source: DeltaTableError) -> LakeError {
        LakeError::Delta { table: self.path, source: Box::new(source) }
    }

    /// Sets the time at which a version was committed: what a table knows of it is the time of the log's file.
    pub(super) fn date(self, root: &Path, version: u64, time: SystemTime) -> Result<(), LakeError> {
        let file = root.join(self.path).join("_delta_log").join(format!("{version:020}.json"));
        let opened = File::options().write(true).open(&file);
        opened.and_then(|log| log.set_modified(time)).map_err(|source| LakeError::folder(&file, source))
    }

    fn partition_columns(self) -> Option<Vec<String>> {
        let columns: Vec<_> = self.partition_by.iter().map(|column| (*column).to_owned()).collect();
        Some(columns).filter(|columns| !columns.is_empty())
    }
}

/// Returns the actions that remove every file of the table's newest version.
async fn removals(table: &DeltaTable) -> Result<Vec<Action>, DeltaTableError> {
    let log_store = table.log_store();
    table
        .snapshot()?
        .snapshot()
        .file_views(log_store.as_ref(), None)
        .map_ok(|file| Action::Remove(file.remove_action(true)))
        .try_collect()
        .await
}

/// Creates the folder and returns its path as the URL that deltalake needs.
fn directory(path: &Path) -> Result<Url, LakeError> {
    let absolute = std::path::absolute(path).map_err(|source| LakeError::folder(path, source))?;
    fs::create_dir_all(&absolute).map_err(|source| LakeError::folder(path, source))?;
    Url::from_directory_path(&absolute).map_err(|()| LakeError::Location { path: PathBuf::from(path) })
}

//! Writes Delta tables, one version at a time.

use std::fs;
use std::path::{Path, PathBuf};

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

/// A table to write: its path, its layout, and the mode in which each version follows the one before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target {
    /// The path, relative to the lakehouse's root.
    pub(super) path: &'static str,
    pub(super) comment: &'static str,
    pub(super) partition_by: &'static [&'static str],
    pub(super) mode: SaveMode,
}

impl Target {
    /// Creates the table as version 0 and commits each batch as one more version.
    pub(super) async fn write(self, root: &Path, commits: &[RecordBatch]) -> Result<(), LakeError> {
        let Some(first) = commits.first() else {
            return Ok(());
        };
        let location = directory(&root.join(self.path))?;
        let in_table = |source| LakeError::Delta { table: self.path, source: Box::new(source) };
        let mut table = self.create(&location, first).await.map_err(in_table)?;
        for batch in commits {
            self.commit(&mut table, batch).await.map_err(in_table)?;
        }
        Ok(())
    }

    async fn create(self, location: &Url, first: &RecordBatch) -> Result<DeltaTable, DeltaTableError> {
        let schema: StructType = first.schema().as_ref().try_into_kernel()?;
        CreateBuilder::new()
            .with_location(location.as_str())
            .with_comment(self.comment)
            .with_columns(schema.fields().cloned())
            .with_partition_columns(self.partition_by.iter().copied())
            .await
    }

    /// Writes the batch's files and commits them. `Overwrite` mode also removes all other files.
    async fn commit(self, table: &mut DeltaTable, batch: &RecordBatch) -> Result<(), DeltaTableError> {
        let mut writer = RecordBatchWriter::for_table(table)?;
        writer.write(batch.clone()).await?;
        let mut actions: Vec<_> = writer.flush().await?.into_iter().map(Action::Add).collect();
        if self.mode == SaveMode::Overwrite {
            actions.extend(removals(table).await?);
        }
        let operation = DeltaOperation::Write {
            mode: self.mode,
            partition_by: self.partition_columns(),
            predicate: None,
        };
        CommitBuilder::default()
            .with_actions(actions)
            .build(Some(table.snapshot()?), table.log_store(), operation)
            .await?;
        table.update_state().await
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

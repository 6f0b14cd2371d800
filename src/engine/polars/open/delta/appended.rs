//! Opens a table with files that are no part of it so far.

use std::sync::Arc;

use super::fit::fitted;
use super::null::null_where_none_may_be;
use super::partition::partition;
use super::table::OpenTable;
use crate::engine::polars::Snapshot;
use crate::source::delta;
use crate::source::files::DataFile;
use crate::source::local_file::LocalFile;
use crate::source::staged::{Appended, AppendedFile, Batch, StagedFile};
use crate::source::store::Location;
use crate::source::{At, SourceError};

/// Opens a version of a Delta table with staged files as further files of it.
pub(in crate::engine::polars) fn open_with(
    uri: &str,
    place: &Location,
    at: At,
    batch: &Arc<Batch>,
) -> Result<Snapshot, SourceError> {
    let (mut logged, root) = delta::open(uri, place, at)?;
    let mut table = OpenTable::of(&mut logged, &root, place)?;
    let files = batch.files.iter().map(|file| table.append(file)).collect::<Result<_, _>>()?;
    let appended = Appended {
        batch: batch.clone(),
        files,
        base: Some(logged.snapshot.clone()),
        partitioned: table.columns.partitioned.iter().map(|field| field.name.clone()).collect(),
    };
    Ok(table.snapshot(uri, &logged, Some(appended)))
}

impl OpenTable {
    /// Adds a staged file. Unlike the files of the log, it must fit the table in every column.
    fn append(&mut self, file: &StagedFile) -> Result<AppendedFile, SourceError> {
        let name = file.local.shown.clone();
        let unfit = |reason: String| SourceError::Mismatch { path: name.clone(), reason };
        if self.files.iter().any(|own| is_same(&own.local, &file.local)) {
            return Err(unfit("it is a file of the table already".to_owned()));
        }
        let (here, footer) = self.rewritten.open(file.local.clone())?;
        let columns = fitted(&self.columns, &footer).map_err(unfit)?;
        let partition = partition(&self.columns, file, &here, &footer)?;
        if let Some(column) = null_where_none_may_be(&self.columns.stored_fields, &here)? {
            return Err(unfit(format!(
                "its column \"{column}\" holds a null, and the table allows none there"
            )));
        }
        let layout = self.layouts.add(&columns, &footer, &name)?;
        file.unchanged()?;
        let appended = AppendedFile { rows: footer.rows, partition_values: partition.texts };
        let file = DataFile::new(here, name, &footer, layout);
        self.files.push(DataFile { partition: partition.values, ..file });
        Ok(appended)
    }
}

/// Returns whether two files lie at the same place.
fn is_same(one: &LocalFile, other: &LocalFile) -> bool {
    let is_remote = |file: &LocalFile| file.shown.contains("://");
    match (is_remote(one), is_remote(other)) {
        (true, true) => one.shown == other.shown,
        // Few files have the same name.
        (false, false) if one.path.file_name() == other.path.file_name() => {
            let place = |file: &LocalFile| std::fs::canonicalize(&file.path).ok();
            place(one) == place(other)
        }
        _ => false,
    }
}

//! Opens a table as it would be after staged files are appended to it.

use std::sync::Arc;

use super::open::refuse_dialect_of_table;
use super::{delta, parquet_files};
use crate::data::{Dialect, redacted};
use crate::engine::polars::{Rows, Snapshot};
use crate::source::delta::{exists, partition_text};
use crate::source::find::not_a_table;
use crate::source::staged::{Appended, AppendedFile, Batch, StagedFile, is_leftover};
use crate::source::store::{LocalFiles, Location, StorageOptions};
use crate::source::{At, Format, Identity, SourceError, Staged, versioned};

/// Opens a Delta table with staged files; where there is no table so far, the staged files alone. `into` may end in `@v42` for a
/// version of the table. The staged files are read once; of the table, only metadata is.
///
/// # Errors
/// The files cannot be read right as files of this table; the error names the first of them, and the column.
pub(in crate::engine::polars) fn open_with(
    into: &str,
    at: At,
    files: &Staged,
    options: &StorageOptions,
    dialect: &Dialect,
) -> Result<Snapshot, SourceError> {
    let unsupported =
        |reason: &str| SourceError::Unsupported { uri: redacted(into), reason: reason.to_owned() };
    let (into, at) = match (versioned(into), at) {
        (_, At::Changes { .. }) => {
            return Err(unsupported(
                "staged files are judged with the whole table, and only changes are asked for",
            ));
        }
        (None, at) => (into, at),
        (Some((into, version)), At::Latest) => (into, At::Version(version)),
        (Some((into, version)), At::Version(other)) if version == other => (into, at),
        (Some(_), _) => return Err(unsupported("it names a version, and another is asked for")),
    };
    let uri = redacted(into);
    refuse_dialect_of_table(&uri, dialect)?;
    let batch = files.batch(options)?;
    let place = Location::of(into, options)?;
    let mut snapshot = if exists(&uri, &place)? {
        delta::open_with(&uri, &place, at, &batch)?
    } else if at != At::Latest {
        return Err(unsupported("there is no table so far, and a version of it is asked for"));
    } else if place.is_vacant(is_leftover)? {
        new_table(&uri, &batch)?
    } else {
        return Err(not_a_table(&uri, "files are appended to a Delta table, and these have no _delta_log"));
    };
    if let Location::Remote(remote) = &place {
        snapshot.traffic.push(remote.traffic.clone());
    }
    snapshot.traffic.extend(batch.traffic().cloned());
    Ok(snapshot)
}

/// Opens staged files as the first files of a table. Only the folders below their own place are partitions.
fn new_table(uri: &str, batch: &Arc<Batch>) -> Result<Snapshot, SourceError> {
    let names: Vec<String> = batch.files.iter().map(|file| file.name.clone()).collect();
    let files = batch.files.iter().map(|file| file.local.clone()).collect();
    let opened = parquet_files::open(uri, names, LocalFiles { files, spool: None })?;
    batch.files.iter().try_for_each(StagedFile::unchanged)?;
    let Rows::Files(set) = &opened.rows else { return Ok(opened) };
    let partitioned: Vec<String> = set.partition_columns().map(str::to_owned).collect();
    let mut files = Vec::with_capacity(batch.files.len());
    for file in &batch.files {
        let Some(found) = set.files.iter().find(|found| found.name == file.name) else { continue };
        let values = partitioned.iter().zip(&set.files.about().partitioned).zip(&found.partition);
        let values = values.map(|((name, field), value)| {
            let text = partition_text(value, &field.data_type);
            let unfit = |reason| SourceError::Mismatch { path: file.local.shown.clone(), reason };
            Ok((name.clone(), text.map_err(unfit)?))
        });
        files.push(AppendedFile { rows: found.rows, partition_values: values.collect::<Result<_, _>>()? });
    }
    let appended = Appended { batch: batch.clone(), files, base: None, partitioned };
    let staged = Some(appended.identity());
    let identity = Identity { format: Format::Delta, staged, ..opened.identity };
    Ok(Snapshot { identity, appended: Some(appended), ..opened })
}

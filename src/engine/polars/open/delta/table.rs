//! Opens a version of a Delta table as a snapshot of its data files.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::DateTime;
use sha2::{Digest as _, Sha256};
use url::Url;

use super::columns::Columns;
use crate::data::{DataType, hex};
use crate::engine::polars::parquet::RewrittenFiles;
use crate::engine::polars::scan::{FileSet, Layouts};
use crate::engine::polars::statistics::row_count;
use crate::engine::polars::{Rows, Snapshot};
use crate::source::delta::{self, LogFile, TableVersion, details, gone, url_of};
use crate::source::files::{About, DataFile, DataFiles};
use crate::source::regular::metadata_of_file;
use crate::source::store::{InitialFetch, LocalFiles, Location};
use crate::source::{At, Format, Identity, SourceError};

/// Opens a Delta table as a snapshot.
pub(in crate::engine::polars) fn open(uri: &str, place: &Location, at: At) -> Result<Snapshot, SourceError> {
    let (logged, root) = delta::open(uri, place, at)?;
    snapshot(logged, uri, &root, place)
}

fn snapshot(logged: TableVersion, uri: &str, root: &Url, place: &Location) -> Result<Snapshot, SourceError> {
    let table = Some(Arc::new(details(&logged)));
    let columns = Columns::of(&logged);
    let mut layouts = Layouts::default();
    let mut unread = BTreeMap::new();
    let mut rewritten = RewrittenFiles::default();
    let mut files = Vec::with_capacity(logged.files.len());
    let urls = logged.files.iter().map(|file| Ok((url_of(&file.path, root)?, file.bytes)));
    let placed = place.fetch(urls.collect::<Result<_, _>>()?, InitialFetch::Footer).map_err(gone)?;
    let LocalFiles { files: places, spool } = placed;
    for (file, here) in logged.files.into_iter().zip(places) {
        let name = percent_encoding::percent_decode_str(&file.path).decode_utf8_lossy().into_owned();
        let unfit = |reason| SourceError::Mismatch { path: name.clone(), reason };
        let bytes = metadata_of_file(&here.path).map_err(gone)?.len();
        let (here, footer) = rewritten.open(here).map_err(gone)?;
        agree(&file, &here.shown, bytes, footer.rows)?;
        let mut stored = columns.stored(&footer);
        let own = footer.columns();
        for column in &mut stored {
            let misfit = || column.misfit(own.get(column.stored_name.as_str())?);
            let found = footer.unread_in(&column.stored_name, &column.named).map(|unread| unread.reason);
            if let Some(reason) = found.or_else(misfit) {
                column.is_unread = true;
                unread.insert(column.name.clone(), format!("{reason} (in {name})"));
            }
        }
        let layout = layouts.add(&stored, &footer, &name)?;
        let partition = columns.partition(&file).map_err(unfit)?;
        let deleted = file.deleted.of_rows(footer.rows).map_err(unfit)?;
        let statistics = file.statistics.map(Arc::from);
        files.push(DataFile { deleted, partition, statistics, ..DataFile::new(here, name, &footer, layout) });
    }
    files.sort_by(|left, right| (left.layout, &left.name).cmp(&(right.layout, &right.name)));
    let is_changes = logged.changes_from.is_some();
    let mut identity = Identity {
        version: Some(logged.snapshot.version()),
        committed: logged.committed.and_then(DateTime::from_timestamp_millis),
        changes_from: logged.changes_from,
        table,
        ..Identity::of_files(uri, Format::Delta, &files, digest(&files))
    };
    // Files of changes also hold rows that are not judged: deleted rows, and rows before an update.
    if is_changes {
        identity.rows = None;
    }
    let logged_names = columns.logged_names();
    let Columns { mut schema, partitioned, .. } = columns;
    for field in &mut schema.fields {
        if let Some(reason) = unread.remove(&field.name) {
            field.data_type = DataType::Unread { name: field.data_type.to_string(), reason };
        }
    }
    let columns = schema.fields.clone();
    let about = About { columns, partitioned, logged_names, is_changes, transcript: None };
    let set = FileSet::new(DataFiles::new(files, about), layouts, spool, rewritten);
    Ok(Snapshot { identity, rows: Rows::Files(set), schema, traffic: None })
}

/// Checks that a file has as many bytes and rows as the log states.
fn agree(file: &LogFile, shown: &str, bytes: u64, rows: u64) -> Result<(), SourceError> {
    let statistics = file.statistics.as_deref();
    for (of, log, file) in
        [("bytes", file.bytes, bytes), ("rows by its footer", statistics.and_then(row_count), rows)]
    {
        if let Some(log) = log.filter(|log| *log != file) {
            return Err(SourceError::Contradiction { path: shown.to_owned(), of, log, file });
        }
    }
    Ok(())
}

/// Computes the digest of the files' names, sizes and row counts, whatever their layouts.
fn digest(files: &[DataFile]) -> String {
    let mut files: Vec<&DataFile> = files.iter().collect();
    files.sort_by(|left, right| left.name.cmp(&right.name));
    let mut digest = Sha256::new();
    for file in files {
        digest.update(format!("{}\0{}\0{}\0", file.name, file.bytes, file.live_rows()));
    }
    hex(digest)
}

//! Opens a version of a Delta table as a snapshot of its data files.

use std::collections::BTreeMap;
use std::io::ErrorKind;
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
use crate::source::delta::{LogError, LogFile, TableVersion, blame, changes, details, log};
use crate::source::files::{About, DataFile, DataFiles};
use crate::source::regular::metadata_of_file;
use crate::source::store::{InitialFetch, LocalFiles, Location, Table, wait_for_blocking};
use crate::source::{At, Format, Identity, SourceError};

/// Opens a Delta table as a snapshot.
pub(in crate::engine::polars) fn open(uri: &str, place: &Location, at: At) -> Result<Snapshot, SourceError> {
    let failed = |reason: String| SourceError::Log { uri: uri.to_owned(), reason };
    let there = place.clone();
    let is_here = matches!(place, Location::Local(_));
    // The kernel blocks, and its engine needs a runtime around it that does not block.
    let logged = wait_for_blocking(move || {
        let Table { root, log, log_root } = there.table().map_err(LogError::Log)?;
        let logged = match at {
            At::Changes { from, to } => changes::read(log.as_ref(), &log_root, from, to),
            at => log::read(log.engine(None).as_ref(), &log_root, at),
        };
        match logged {
            Ok(logged) => Ok((logged, root)),
            // The kernel does not say which part of the log it failed on.
            Err(LogError::Log(reason)) => {
                Err(LogError::Log(blame(log.as_ref(), until(at)).unwrap_or(reason)))
            }
            // The file system reports a truncated file without its name.
            Err(LogError::Store(error)) if is_here => {
                Err(blame(log.as_ref(), until(at)).map_or(LogError::Store(error), LogError::Log))
            }
            Err(refusal) => Err(refusal),
        }
    });
    match logged {
        Ok(Ok((logged, root))) => snapshot(logged, uri, &root, place),
        Ok(Err(LogError::Log(reason) | LogError::InvalidFile(reason))) => Err(failed(reason)),
        Ok(Err(LogError::Store(error))) => Err(place.failed(uri, error.as_ref())),
        Ok(Err(LogError::Feature(reason))) => Err(SourceError::Unsupported { uri: uri.to_owned(), reason }),
        Err(panicked) => Err(failed(format!("its log makes no sense: {panicked}"))),
    }
}

/// Returns the version after which no commit is read.
fn until(at: At) -> Option<u64> {
    match at {
        At::Version(version) | At::Changes { to: Some(version), .. } => Some(version),
        At::Latest | At::Timestamp(_) | At::Changes { to: None, .. } => None,
    }
}

fn snapshot(logged: TableVersion, uri: &str, root: &Url, place: &Location) -> Result<Snapshot, SourceError> {
    let table = Some(Arc::new(details(&logged)));
    let columns = Columns::of(&logged);
    let mut layouts = Layouts::default();
    let mut unread = BTreeMap::new();
    let mut rewritten = RewrittenFiles::default();
    let mut files = Vec::with_capacity(logged.files.len());
    let urls = logged.files.iter().map(|file| Ok((url_of(file, root)?, file.bytes)));
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

/// Converts the error of a missing file to one that says that the log has the file and the folder lacks it.
fn gone(error: SourceError) -> SourceError {
    match error {
        SourceError::Io { path, source } if source.kind() == ErrorKind::NotFound => {
            SourceError::Gone { path }
        }
        SourceError::Missing { uri, .. } => SourceError::Gone { path: uri },
        other => other,
    }
}

/// Returns the URL of a data file. Paths in logs are percent-encoded, but some writers leave that out: a
/// local file of the very name is used if none of the decoded name exists.
fn url_of(file: &LogFile, root: &Url) -> Result<Url, SourceError> {
    let bad = |error| SourceError::Mismatch { path: file.path.clone(), reason: format!("{error}") };
    // Joining resolves relative, absolute and percent-encoded paths alike.
    let encoded = root.join(&file.path);
    let is_there = |url: &Url| url.to_file_path().is_ok_and(|path| path.exists());
    if file.path.contains(['%', '#', '?', ':', '\\']) && !encoded.as_ref().is_ok_and(is_there) {
        let literal = root.to_file_path().ok().map(|folder| folder.join(&file.path));
        let literal = literal.filter(|path| path.exists());
        if let Some(url) = literal.and_then(|path| Url::from_file_path(path).ok()) {
            return Ok(url);
        }
    }
    encoded.map_err(bad)
}

//! A version of a table → a snapshot of its data files.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::sync::Arc;

use chrono::DateTime;
use delta_kernel::schema::StructField;
use delta_kernel::table_features::ColumnMappingMode;
use polars::prelude::DataType as PlType;
use sha2::{Digest as _, Sha256};
use url::Url;

use super::changes::{self, CHANGE_TYPE, Change};
use super::details::details;
use super::log::{self, Logged, LoggedFile, Refusal};
use super::partition::partition_value;
use super::schema::{Names, schema_of, type_of};
use crate::data::{DataType, Field, hex};
use crate::source::footer::{self, ColumnBytes};
use crate::source::layout::{StoredColumn, layout_of};
use crate::source::mended::Copies;
use crate::source::store::{First, Location, Placed, Table, wait_for_blocking};
use crate::source::verify::Verified;
use crate::source::{At, DataFile, FileSet, Format, Identity, Rows, Snapshot, SourceError};

/// A snapshot of a Delta table.
pub(in crate::source) fn open(uri: &str, place: &Location, at: At) -> Result<Snapshot, SourceError> {
    let failed = |reason: String| SourceError::Log { uri: uri.to_owned(), reason };
    let there = place.clone();
    // The kernel blocks, and its engine wants a runtime around it that does not.
    let logged = wait_for_blocking(move || {
        let Table { root, log, log_root } = there.table().map_err(Refusal::Log)?;
        let logged = match at {
            At::Changes { from, to } => changes::read(log.as_ref(), &log_root, from, to),
            at => log::read(log.engine(None).as_ref(), &log_root, at),
        };
        Ok((logged?, root))
    });
    match logged {
        Ok(Ok((logged, root))) => snapshot(logged, uri, &root, place),
        Ok(Err(Refusal::Log(reason))) => Err(failed(reason)),
        Ok(Err(Refusal::Store(error))) => Err(place.failed(uri, error.as_ref())),
        Ok(Err(Refusal::Feature(reason))) => Err(SourceError::Unsupported { uri: uri.to_owned(), reason }),
        Err(panicked) => Err(failed(format!("its log makes no sense: {panicked}"))),
    }
}

fn snapshot(logged: Logged, uri: &str, root: &Url, place: &Location) -> Result<Snapshot, SourceError> {
    let table = details(&logged);
    let configuration = logged.snapshot.table_configuration();
    let fields = configuration.logical_schema();
    let mut schema = schema_of(&fields);
    let names = configuration.metadata().partition_columns();
    let (partition_fields, stored_fields): (Vec<&StructField>, Vec<&StructField>) =
        fields.fields().partition(|field| names.contains(field.name()));
    let mode = configuration.column_mapping_mode();
    let mut partitioned: Vec<(String, DataType)> =
        partition_fields.iter().map(|field| (field.name().clone(), type_of(field.data_type()))).collect();
    let is_changes = logged.changes_from.is_some();
    if is_changes {
        schema.fields.push(Field::new(CHANGE_TYPE, DataType::String));
        for (name, data_type) in changes::columns() {
            schema.fields.push(Field::new(name, data_type.clone()));
            partitioned.push((name.to_owned(), data_type));
        }
    }
    let stored = |by_id: &HashMap<i64, String>| -> Vec<StoredColumn> {
        let names = Names { mode, by_id };
        let mut columns: Vec<_> = stored_fields.iter().map(|field| names.stored(field)).collect();
        if is_changes {
            columns.push(StoredColumn::of_same_name(CHANGE_TYPE, &PlType::String));
        }
        columns
    };
    let alike = stored(&HashMap::new());
    let mut layouts = Vec::new();
    let mut column_bytes = ColumnBytes::new();
    let mut files = Vec::with_capacity(logged.files.len());
    let urls = logged.files.iter().map(|file| Ok((url_of(file, root)?, file.bytes)));
    let Placed { files: places, spool } = place.bring(urls.collect::<Result<_, _>>()?, First::Footer)?;
    let mut copies = Copies::default();
    for (file, here) in logged.files.into_iter().zip(places) {
        let name = percent_encoding::percent_decode_str(&file.path).decode_utf8_lossy().into_owned();
        let here = copies.readable(here).map_err(gone)?;
        let footer = footer::read(&here)?;
        let columns = match mode {
            ColumnMappingMode::Id => stored(&footer.names_by_id),
            ColumnMappingMode::Name | ColumnMappingMode::None => alike.clone(),
        };
        let layout = layout_of(&mut layouts, &columns, &footer, &name)?;
        let deleted = file.deleted.among(footer.rows);
        if deleted.as_ref().and_then(|deleted| deleted.max()).is_some_and(|last| last >= footer.rows) {
            let reason = format!("its deletion vector speaks of rows beyond its {}", footer.rows);
            return Err(SourceError::Mismatch { path: name, reason });
        }
        let opened = DataFile::new(here, name.clone(), &footer, layout);
        footer::add(&mut column_bytes, named(&footer.column_bytes, &columns));
        let value = |(field, (_, data_type)): (&&StructField, &(String, DataType))| {
            partition_value(file.partition_values.get(field.physical_name(mode)), data_type)
        };
        let partition = partition_fields.iter().zip(&partitioned).map(value).collect::<Result<Vec<_>, _>>();
        let mut partition = partition.map_err(|reason| SourceError::Mismatch { path: name, reason })?;
        partition.extend(file.change.iter().flat_map(Change::values));
        files.push(DataFile { deleted, partition, ..opened });
    }
    files.sort_by(|left, right| (left.layout, &left.name).cmp(&(right.layout, &right.name)));
    let mut digest = Sha256::new();
    let mut named: Vec<&DataFile> = files.iter().collect();
    named.sort_by(|left, right| left.name.cmp(&right.name));
    for file in named {
        digest.update(format!("{}\0{}\0{}\0", file.name, file.bytes, file.live_rows()));
    }
    let mut identity = Identity {
        version: Some(logged.snapshot.version()),
        committed: logged.committed.and_then(DateTime::from_timestamp_millis),
        changes_from: logged.changes_from,
        table: Some(Arc::new(table)),
        ..Identity::of_files(uri, Format::Delta, &files, hex(digest))
    };
    // Files of changes hold rows that are not judged: of deletions, and as they were before an update.
    if is_changes {
        identity.rows = None;
    }
    let columns = schema.fields.clone();
    Ok(Snapshot {
        identity,
        schema,
        rows: Rows::Files(FileSet {
            files,
            layouts,
            partitioned,
            columns,
            column_bytes,
            is_changes,
            spool,
            _copies: Arc::new(copies),
            verified: Verified::default(),
            transcript: None,
        }),
    })
}

/// What is missing is told as what the log has and the folder has not.
fn gone(error: SourceError) -> SourceError {
    match error {
        SourceError::Io { path, source } if source.kind() == ErrorKind::NotFound => {
            SourceError::Gone { path }
        }
        other => other,
    }
}

/// Joining a URL resolves relative, absolute and percent-encoded paths alike.
fn url_of(file: &LoggedFile, root: &Url) -> Result<Url, SourceError> {
    let bad = |error| SourceError::Mismatch { path: file.path.clone(), reason: format!("{error}") };
    root.join(&file.path).map_err(bad)
}

/// The bytes of columns, by their names in the table.
fn named(stored: &ColumnBytes, columns: &[StoredColumn]) -> ColumnBytes {
    let bytes = |column: &StoredColumn| Some((column.name.clone(), *stored.get(&column.stored_name)?));
    columns.iter().filter_map(bytes).collect()
}

//! A version of a table → a snapshot of its data files.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use chrono::DateTime;
use delta_kernel::Engine;
use delta_kernel::schema::StructField;
use delta_kernel::table_features::ColumnMappingMode;
use deltalake::logstore::{StorageConfig, logstore_for};
use sha2::{Digest as _, Sha256};
use url::Url;

use super::details::details;
use super::log::{Logged, LoggedFile, Refusal, read};
use super::partition::partition_value;
use super::schema::{Names, schema_of, type_of};
use crate::data::{DataType, hex};
use crate::source::footer::{self, ColumnBytes};
use crate::source::layout::{StoredColumn, layout_of};
use crate::source::{At, DataFile, FileSet, Format, Identity, Rows, Snapshot, SourceError};

/// A snapshot of a Delta table.
pub(in crate::source) fn open(uri: &str, path: &Path, at: At) -> Result<Snapshot, SourceError> {
    let log = |reason: String| SourceError::Log { uri: uri.to_owned(), reason };
    // The log's store takes no path with `..` in it.
    let root = std::fs::canonicalize(path)
        .ok()
        .and_then(|path| Url::from_directory_path(path).ok())
        .ok_or_else(|| log("its path has no URL".to_owned()))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|source| SourceError::Io { path: uri.to_owned(), source })?;
    let logged = runtime.block_on(async {
        // The kernel blocks, and its engine wants a runtime around it that does not.
        let root = root.clone();
        tokio::task::spawn_blocking(move || {
            let store = logstore_for(&root, StorageConfig::default())
                .map_err(|error| Refusal::Log(error.to_string()))?;
            let engine: Arc<dyn Engine> = store.engine(None);
            read(engine.as_ref(), &root, at)
        })
        .await
    });
    match logged {
        Ok(Ok(logged)) => snapshot(logged, uri, &root),
        Ok(Err(Refusal::Log(reason))) => Err(log(reason)),
        Ok(Err(Refusal::Feature(reason))) => Err(SourceError::Unsupported { uri: uri.to_owned(), reason }),
        Err(panicked) => Err(log(format!("its log makes no sense: {panicked}"))),
    }
}

fn snapshot(logged: Logged, uri: &str, root: &Url) -> Result<Snapshot, SourceError> {
    let table = details(&logged);
    let configuration = logged.snapshot.table_configuration();
    let fields = configuration.logical_schema();
    let schema = schema_of(&fields);
    let names = configuration.metadata().partition_columns();
    let (partition_fields, stored_fields): (Vec<&StructField>, Vec<&StructField>) =
        fields.fields().partition(|field| names.contains(field.name()));
    let mode = configuration.column_mapping_mode();
    let partitioned: Vec<(String, DataType)> =
        partition_fields.iter().map(|field| (field.name().clone(), type_of(field.data_type()))).collect();
    let stored = |by_id: &HashMap<i64, String>| -> Vec<StoredColumn> {
        let names = Names { mode, by_id };
        stored_fields.iter().map(|field| names.stored(field)).collect()
    };
    let alike = stored(&HashMap::new());
    let mut layouts = Vec::new();
    let mut column_bytes = ColumnBytes::new();
    let mut files = Vec::with_capacity(logged.files.len());
    for file in logged.files {
        let (name, path) = place(&file, root)?;
        let footer = footer::read(&path)?;
        let columns = match mode {
            ColumnMappingMode::Id => stored(&footer.names_by_id),
            ColumnMappingMode::Name | ColumnMappingMode::None => alike.clone(),
        };
        let layout = layout_of(&mut layouts, &columns, &footer, &name)?;
        let opened = DataFile::new(path, name.clone(), &footer, layout);
        footer::add(&mut column_bytes, named(footer.column_bytes, &columns));
        let value = |(field, (_, data_type)): (&&StructField, &(String, DataType))| {
            partition_value(file.partition_values.get(field.physical_name(mode)), data_type)
        };
        let partition = partition_fields.iter().zip(&partitioned).map(value).collect::<Result<_, _>>();
        let partition = partition.map_err(|reason| SourceError::Mismatch { path: name, reason })?;
        files.push(DataFile { partition, deleted: file.deleted, ..opened });
    }
    files.sort_by(|left, right| (left.layout, &left.name).cmp(&(right.layout, &right.name)));
    let mut digest = Sha256::new();
    let mut named: Vec<&DataFile> = files.iter().collect();
    named.sort_by(|left, right| left.name.cmp(&right.name));
    for file in named {
        digest.update(format!("{}\0{}\0{}\0", file.name, file.bytes, file.live_rows()));
    }
    let identity = Identity {
        version: Some(logged.snapshot.version()),
        committed: logged.committed.and_then(DateTime::from_timestamp_millis),
        table: Some(Arc::new(table)),
        ..Identity::of_files(uri, Format::Delta, &files, hex(digest))
    };
    let columns = schema.fields.clone();
    Ok(Snapshot {
        identity,
        schema,
        rows: Rows::Files(FileSet { files, layouts, partitioned, columns, column_bytes }),
    })
}

/// The name of a file within the table, and where it lies.
fn place(file: &LoggedFile, root: &Url) -> Result<(String, std::path::PathBuf), SourceError> {
    let name = percent_encoding::percent_decode_str(&file.path).decode_utf8_lossy().into_owned();
    // Joining a URL resolves relative, absolute and percent-encoded paths alike.
    match root.join(&file.path).ok().and_then(|url| url.to_file_path().ok()) {
        Some(path) => Ok((name, path)),
        None => Err(SourceError::Mismatch {
            path: name,
            reason: "it does not lie in this file system".to_owned(),
        }),
    }
}

/// The bytes of columns, by their names in the table.
fn named(stored: ColumnBytes, columns: &[StoredColumn]) -> ColumnBytes {
    let bytes = |column: &StoredColumn| Some((column.name.clone(), *stored.get(&column.stored_name)?));
    columns.iter().filter_map(bytes).collect()
}

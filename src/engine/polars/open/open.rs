//! Opens the data at a URI, at a point in time, as a snapshot.

use std::path::{Path, PathBuf};

use super::{arrow, delta, parquet_files, text};
use crate::data::{Csv, Dialect, FileFormat, Spelling, redacted};
use crate::engine::polars::Snapshot;
use crate::source::find::{FoundFiles, NO_DATA, NO_MATCH, common_format, find, name_below, not_a_table};
use crate::source::local_file::LocalFile;
use crate::source::store::{Content, InitialFetch, LocalFiles, Location, Remote, StorageOptions};
use crate::source::{At, SourceError, versioned};

/// Opens a Delta table, or a file, a folder or a glob of Parquet, CSV, NDJSON or Arrow IPC.
///
/// `uri` may end in `@v42` for a version of a Delta table. Only metadata of Delta and Parquet is read; text
/// is read whole, because all rows decide the types of its columns. Data in an object store is opened with
/// `options`, and with the environment where they are incomplete.
///
/// # Errors
/// Nothing that can be read right lies there.
pub fn open(uri: &str, at: At, options: &StorageOptions) -> Result<Snapshot, SourceError> {
    open_as(uri, at, options, &Dialect::default())
}

/// Opens data like `open`, with a dialect that states how text files are written.
///
/// # Errors
/// Nothing that can be read right, and so, lies there.
pub fn open_as(
    uri: &str,
    at: At,
    options: &StorageOptions,
    dialect: &Dialect,
) -> Result<Snapshot, SourceError> {
    let Some((place, version)) = versioned(uri) else { return open_at(uri, at, options, dialect) };
    let at_version = match at {
        At::Latest => At::Version(version),
        At::Version(other) if version == other => at,
        _ => return Err(unsupported(&redacted(uri), "it names a version, and another is asked for")),
    };
    match open_at(place, at_version, options, dialect) {
        // In a store, too, the name of a folder may end like a version.
        Err(SourceError::Missing { .. }) if place.contains("://") => open_at(uri, at, options, dialect),
        opened => opened,
    }
}

fn open_at(uri: &str, at: At, options: &StorageOptions, dialect: &Dialect) -> Result<Snapshot, SourceError> {
    match Location::of(uri, options)? {
        Location::Local(path) => open_local(uri, path, at, dialect),
        Location::Remote(remote) => {
            let traffic = vec![remote.traffic.clone()];
            let opened = open_remote(&redacted(uri), *remote, at, dialect)?;
            Ok(Snapshot { traffic, ..opened })
        }
    }
}

fn open_local(uri: &str, path: PathBuf, at: At, dialect: &Dialect) -> Result<Snapshot, SourceError> {
    if path.join("_delta_log").is_dir() {
        refuse_dialect_of_table(uri, dialect)?;
        return delta::open(uri, &Location::Local(path), at);
    }
    if at != At::Latest {
        return Err(unsupported(uri, NO_VERSIONS));
    }
    let FoundFiles { root, mut paths } = find(uri, &path, dialect.format)?;
    paths.sort();
    let names: Vec<String> = paths.iter().map(|path| name_below(&root, path)).collect();
    let format = common_format(uri, names.iter().map(Path::new), dialect.format)?;
    let files = paths.into_iter().map(LocalFile::at).collect();
    open_files(uri, names, LocalFiles { files, spool: None }, format, dialect)
}

/// Opens the data at a location in an object store.
fn open_remote(uri: &str, remote: Remote, at: At, dialect: &Dialect) -> Result<Snapshot, SourceError> {
    let content = remote.content_by_name()?;
    if content == Some(Content::Table) {
        refuse_dialect_of_table(uri, dialect)?;
        return delta::open(uri, &Location::Remote(Box::new(remote)), at);
    }
    if at != At::Latest {
        return Err(unsupported(uri, NO_VERSIONS));
    }
    if let Some(Content::Object { bytes }) = content {
        let name = uri.rsplit('/').next().unwrap_or(uri).to_owned();
        let format = common_format(uri, [Path::new(&name)], dialect.format)?;
        return open_files(uri, vec![name], remote.fetch(first_of(format), bytes)?, format, dialect);
    }
    let (mut found, nothing) = match content {
        None => (remote.globbed(dialect.format)?, NO_MATCH),
        Some(_) => (remote.folder(dialect.format)?, NO_DATA),
    };
    if found.is_empty() {
        return Err(not_a_table(uri, nothing));
    }
    found.sort_by(|(one, _), (other, _)| one.split('/').cmp(other.split('/')));
    let (names, objects): (Vec<String>, Vec<_>) = found.into_iter().unzip();
    let format = common_format(uri, names.iter().map(Path::new), dialect.format)?;
    open_files(uri, names, remote.fetch_all(&objects, first_of(format))?, format, dialect)
}

/// Opens files of one format, in the order of their names.
fn open_files(
    uri: &str,
    names: Vec<String>,
    placed: LocalFiles,
    format: FileFormat,
    dialect: &Dialect,
) -> Result<Snapshot, SourceError> {
    if !matches!(format, FileFormat::Csv | FileFormat::Ndjson) {
        refuse_dialect(uri, dialect)?;
    }
    match format {
        FileFormat::Parquet => parquet_files::open(uri, names, placed),
        FileFormat::Arrow => arrow::open(uri, names, &placed.files),
        FileFormat::Csv | FileFormat::Ndjson => text::open(uri, names, &placed.files, format, dialect),
    }
}

/// Returns the part of a file to fetch first. The footer of Parquet tells which parts are needed; other
/// formats are needed whole.
fn first_of(format: FileFormat) -> InitialFetch {
    if format == FileFormat::Parquet { InitialFetch::Footer } else { InitialFetch::Whole }
}

/// Refuses a dialect of files for a table, which has its own.
pub(super) fn refuse_dialect_of_table(uri: &str, dialect: &Dialect) -> Result<(), SourceError> {
    match dialect.format {
        Some(format) => {
            let reason = format!("it is a Delta table, and the suite's format says {}", format.name());
            Err(unsupported(uri, &reason))
        }
        None => refuse_dialect(uri, dialect),
    }
}

/// Refuses a dialect, which describes text, for data of another format.
fn refuse_dialect(uri: &str, dialect: &Dialect) -> Result<(), SourceError> {
    let said = if !dialect.schema.is_empty() {
        "schema"
    } else if dialect.csv != Csv::default() || dialect.spelling != Spelling::default() {
        "csv"
    } else {
        return Ok(());
    };
    Err(unsupported(uri, &format!("the suite's {said} speaks of text, and this is none")))
}

const NO_VERSIONS: &str = "only a Delta table has versions, and there is no _delta_log";

fn unsupported(uri: &str, reason: &str) -> SourceError {
    SourceError::Unsupported { uri: uri.to_owned(), reason: reason.to_owned() }
}

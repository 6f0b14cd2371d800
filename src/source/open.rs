//! A URI and a point in time → a snapshot.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::store::{First, Holds, Location, Remote, StorageOptions, redacted};
use super::{Snapshot, SourceError, delta, parquet};

/// The version of a table to open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum At {
    /// The newest one.
    #[default]
    Latest,
    /// This one.
    Version(u64),
    /// The newest one committed at this time or before.
    Timestamp(DateTime<Utc>),
    /// The rows that these versions inserted, or updated to what they are now; to the newest one, if
    /// no last one is given.
    Changes {
        /// The first version.
        from: u64,
        /// The last version.
        to: Option<u64>,
    },
}

/// Opens a Delta table, a Parquet file, a folder of Parquet files or a glob of them.
///
/// `uri` may end in `@v42` for a version of a Delta table. Nothing but metadata is read. In an object
/// store it is found with `options`, and what they leave open is taken from the environment.
///
/// # Errors
/// Nothing that can be read right lies there.
pub fn open(uri: &str, at: At, options: &StorageOptions) -> Result<Snapshot, SourceError> {
    let (uri, at) = match (versioned(uri), at) {
        (Some((uri, version)), At::Latest) => (uri, At::Version(version)),
        (Some((uri, version)), At::Version(other)) if version == other => (uri, at),
        (Some(_), _) => {
            return Err(unsupported(&redacted(uri), "it names a version, and another is asked for"));
        }
        (None, at) => (uri, at),
    };
    match Location::of(uri, options)? {
        Location::Local(path) => open_local(uri, path, at),
        Location::Remote(remote) => open_remote(&redacted(uri), remote, at),
    }
}

fn open_local(uri: &str, path: PathBuf, at: At) -> Result<Snapshot, SourceError> {
    if path.join("_delta_log").is_dir() {
        return delta::open(uri, &Location::Local(path), at);
    }
    if at != At::Latest {
        return Err(unsupported(uri, NO_VERSIONS));
    }
    if path.is_file() {
        let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        return parquet::open_local(uri, &folder, vec![path]);
    }
    if path.is_dir() {
        let mut files = Vec::new();
        walk(&path, &mut files)?;
        if files.is_empty() {
            return Err(not_a_table(uri, NO_DATA));
        }
        return parquet::open_local(uri, &path, files);
    }
    if uri.contains(['*', '?', '[']) {
        return globbed(uri, &path);
    }
    Err(SourceError::Missing { uri: uri.to_owned() })
}

/// The same of an object store.
fn open_remote(uri: &str, remote: Remote, at: At) -> Result<Snapshot, SourceError> {
    let holds = if remote.is_pattern() { Holds::Folder } else { remote.holds()? };
    if holds == Holds::Table {
        return delta::open(uri, &Location::Remote(remote), at);
    }
    if at != At::Latest {
        return Err(unsupported(uri, NO_VERSIONS));
    }
    if holds == Holds::Object {
        let name = uri.rsplit('/').next().unwrap_or(uri).to_owned();
        return parquet::open(uri, vec![name], remote.bring(First::Footer)?);
    }
    let (mut found, nothing) =
        if remote.is_pattern() { (remote.globbed()?, NO_MATCH) } else { (remote.folder()?, NO_DATA) };
    if found.is_empty() {
        return Err(not_a_table(uri, nothing));
    }
    found.sort_by(|(one, _), (other, _)| one.split('/').cmp(other.split('/')));
    let (names, objects): (Vec<String>, Vec<_>) = found.into_iter().unzip();
    parquet::open(uri, names, remote.bring_all(&objects, First::Footer)?)
}

const NO_VERSIONS: &str = "only a Delta table has versions, and there is no _delta_log";
const NO_DATA: &str = "the folder has neither a _delta_log nor a .parquet file";
const NO_MATCH: &str = "the pattern matches no file";

/// A URI without the version that it names.
pub(crate) fn unversioned(uri: &str) -> &str {
    versioned(uri).map_or(uri, |(rest, _)| rest)
}

fn versioned(uri: &str) -> Option<(&str, u64)> {
    let (rest, version) = uri.rsplit_once("@v")?;
    Some((rest, version.parse().ok()?))
}

fn unsupported(uri: &str, reason: &str) -> SourceError {
    SourceError::Unsupported { uri: uri.to_owned(), reason: reason.to_owned() }
}

fn not_a_table(uri: &str, reason: &str) -> SourceError {
    SourceError::NotATable { uri: uri.to_owned(), reason: reason.to_owned() }
}

/// Every .parquet file below a folder, but for what a leading `_` or `.` hides.
fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), SourceError> {
    let io = |source| SourceError::Io { path: folder.display().to_string(), source };
    for entry in std::fs::read_dir(folder).map_err(io)? {
        let path = entry.map_err(io)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // A partition column may start with an underscore.
        if name.starts_with('.') || (name.starts_with('_') && !name.contains('=')) {
            continue;
        }
        if path.is_dir() {
            walk(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "parquet") {
            files.push(path);
        }
    }
    Ok(())
}

fn globbed(uri: &str, pattern: &Path) -> Result<Snapshot, SourceError> {
    let matches =
        glob::glob(&pattern.to_string_lossy()).map_err(|error| not_a_table(uri, &error.to_string()))?;
    let mut files = Vec::new();
    for entry in matches {
        let path = entry.map_err(|error| SourceError::Io {
            path: error.path().display().to_string(),
            source: error.into(),
        })?;
        if path.is_dir() {
            walk(&path, &mut files)?;
        } else {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(not_a_table(uri, NO_MATCH));
    }
    // The folder before the first wildcard: partitions are named below it.
    let fixed: PathBuf =
        pattern.iter().take_while(|part| !part.to_string_lossy().contains(['*', '?', '['])).collect();
    parquet::open_local(uri, &fixed, files)
}

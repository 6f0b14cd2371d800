//! A URI and a point in time → a snapshot.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

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
/// `uri` may end in `@v42` for a version of a Delta table. Nothing but metadata is read.
///
/// # Errors
/// Nothing that can be read right lies there.
pub fn open(uri: &str, at: At) -> Result<Snapshot, SourceError> {
    let (uri, at) = match (versioned(uri), at) {
        (Some((uri, version)), At::Latest) => (uri, At::Version(version)),
        (Some((uri, version)), At::Version(other)) if version == other => (uri, at),
        (Some(_), _) => return Err(unsupported(uri, "it names a version, and another is asked for")),
        (None, at) => (uri, at),
    };
    let path = local(uri)?;
    if path.join("_delta_log").is_dir() {
        return delta::open(uri, &path, at);
    }
    if at != At::Latest {
        return Err(unsupported(uri, "only a Delta table has versions, and there is no _delta_log"));
    }
    if path.is_file() {
        let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        return parquet::open(uri, &folder, vec![path]);
    }
    if path.is_dir() {
        let mut files = Vec::new();
        walk(&path, &mut files)?;
        if files.is_empty() {
            let reason = "the folder has neither a _delta_log nor a .parquet file".to_owned();
            return Err(SourceError::NotATable { uri: uri.to_owned(), reason });
        }
        return parquet::open(uri, &path, files);
    }
    if uri.contains(['*', '?', '[']) {
        return globbed(uri, &path);
    }
    Err(SourceError::Missing { uri: uri.to_owned() })
}

/// A URI without the version that it names.
pub(crate) fn unversioned(uri: &str) -> &str {
    versioned(uri).map_or(uri, |(rest, _)| rest)
}

fn versioned(uri: &str) -> Option<(&str, u64)> {
    let (rest, version) = uri.rsplit_once("@v")?;
    Some((rest, version.parse().ok()?))
}

/// The path of a URI that is a path or `file://…`.
fn local(uri: &str) -> Result<PathBuf, SourceError> {
    match uri.split_once("://") {
        None => Ok(PathBuf::from(uri)),
        Some(("file", _)) => url::Url::parse(uri)
            .ok()
            .and_then(|url| url.to_file_path().ok())
            .ok_or_else(|| unsupported(uri, "not a local file URI")),
        Some((scheme, _)) => {
            Err(unsupported(&redacted(uri), &format!("{scheme}:// is not read yet; paths and file:// are")))
        }
    }
}

/// A URI without what may be a credential: user and password, and the query.
pub(crate) fn redacted(uri: &str) -> String {
    match uri.split_once("://") {
        None | Some(("file", _)) => uri.to_owned(),
        Some((scheme, rest)) => {
            let (authority, path) =
                rest.split_once('/').map_or((rest, None), |(authority, path)| (authority, Some(path)));
            let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
            let path = path.map_or_else(String::new, |path| format!("/{path}"));
            let shown = format!("{scheme}://{host}{path}");
            shown.split(['?', '#']).next().unwrap_or_default().to_owned()
        }
    }
}

fn unsupported(uri: &str, reason: &str) -> SourceError {
    SourceError::Unsupported { uri: uri.to_owned(), reason: reason.to_owned() }
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
    let not_a_table = |reason: String| SourceError::NotATable { uri: uri.to_owned(), reason };
    let matches = glob::glob(&pattern.to_string_lossy()).map_err(|error| not_a_table(error.to_string()))?;
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
        return Err(not_a_table("the pattern matches no file".to_owned()));
    }
    // The folder before the first wildcard: partitions are named below it.
    let fixed: PathBuf =
        pattern.iter().take_while(|part| !part.to_string_lossy().contains(['*', '?', '['])).collect();
    parquet::open(uri, &fixed, files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_not_shown() {
        assert_eq!(redacted("s3://key:secret@bucket/a@v3?token=x"), "s3://bucket/a@v3");
        assert_eq!(redacted("lake/a@b"), "lake/a@b");
    }
}

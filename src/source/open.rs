//! A URI and a point in time → a snapshot.

use std::path::PathBuf;

use chrono::{DateTime, Utc};

use super::find::{Found, find};
use super::{Snapshot, SourceError, arrow, delta, parquet, text};
use crate::data::{Csv, FileFormat, Layout};

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
}

/// Opens a Delta table, or a file, a folder or a glob of Parquet, CSV, NDJSON or Arrow IPC.
///
/// `uri` may end in `@v42` for a version of a Delta table. Of Delta and Parquet nothing but metadata
/// is read; what the columns of text are only all of it tells.
///
/// # Errors
/// Nothing that can be read right lies there.
pub fn open(uri: &str, at: At) -> Result<Snapshot, SourceError> {
    open_as(uri, at, &Layout::default())
}

/// The same, told how the files are written.
///
/// # Errors
/// Nothing that can be read right, and so, lies there.
pub fn open_as(uri: &str, at: At, layout: &Layout) -> Result<Snapshot, SourceError> {
    let (uri, at) = match (versioned(uri), at) {
        (Some((uri, version)), At::Latest) => (uri, At::Version(version)),
        (Some((uri, version)), At::Version(other)) if version == other => (uri, at),
        (Some(_), _) => return Err(unsupported(uri, "it names a version, and another is asked for")),
        (None, at) => (uri, at),
    };
    let path = local(uri)?;
    if path.join("_delta_log").is_dir() {
        if let Some(format) = layout.format {
            let reason = format!("it is a Delta table, and the suite's format says {}", format.name());
            return Err(unsupported(uri, &reason));
        }
        refuse_layout(uri, layout)?;
        return delta::open(uri, &path, at);
    }
    if at != At::Latest {
        return Err(unsupported(uri, "only a Delta table has versions, and there is no _delta_log"));
    }
    let Found { root, paths, format } = find(uri, &path, layout.format)?;
    match format {
        FileFormat::Parquet => {
            refuse_layout(uri, layout)?;
            parquet::open(uri, &root, paths)
        }
        FileFormat::Arrow => {
            refuse_layout(uri, layout)?;
            arrow::open(uri, &root, paths)
        }
        FileFormat::Csv | FileFormat::Ndjson => text::open(uri, &root, paths, format, layout),
    }
}

/// What says how text is written must not be said of what says so itself.
fn refuse_layout(uri: &str, layout: &Layout) -> Result<(), SourceError> {
    let said = if !layout.schema.is_empty() {
        "schema"
    } else if layout.csv != Csv::default() {
        "csv"
    } else {
        return Ok(());
    };
    Err(unsupported(uri, &format!("the suite's {said} speaks of text, and this is none")))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_not_shown() {
        assert_eq!(redacted("s3://key:secret@bucket/a@v3?token=x"), "s3://bucket/a@v3");
        assert_eq!(redacted("lake/a@b"), "lake/a@b");
    }
}

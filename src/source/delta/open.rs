//! Opens the log of a table at a location, and finds the files that it names.

use std::io::{self, ErrorKind};
use std::path::Path;

use tokio::runtime::Handle;
use url::Url;

use super::blame::blame;
use super::changes;
use super::log::{self, LogError, TableVersion};
use crate::source::store::{Location, Table, wait_for_blocking};
use crate::source::{At, SourceError};

/// Reads a version of the table at a location. Returns it with the URL to which the paths of its files are relative.
pub(crate) fn open(uri: &str, place: &Location, at: At) -> Result<(TableVersion, Url), SourceError> {
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
        Ok(Ok(opened)) => Ok(opened),
        Ok(Err(LogError::Log(reason) | LogError::InvalidFile(reason))) => Err(failed(reason)),
        Ok(Err(LogError::Store(error))) => Err(place.failed(uri, error.as_ref())),
        Ok(Err(LogError::Feature(reason))) => Err(SourceError::Unsupported { uri: uri.to_owned(), reason }),
        Err(panicked) => Err(failed(format!("its log makes no sense: {panicked}"))),
    }
}

/// Makes the folder of a table that is to be written. One that holds something else is no place for it.
pub(crate) fn begin_table(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let first = std::fs::read_dir(folder)?.next().transpose()?;
    // Every writer makes the folder of the log before any file: one that began meanwhile has made it.
    if first.is_none() || folder.join("_delta_log").exists() {
        return Ok(());
    }
    Err(io::Error::other("the folder has files, and is no Delta table"))
}

/// Returns whether a location has the log of a table.
pub(crate) fn exists(uri: &str, place: &Location) -> Result<bool, SourceError> {
    if matches!(place, Location::Local(path) if !path.exists()) {
        return Ok(false);
    }
    let failed = |reason: String| SourceError::Log { uri: uri.to_owned(), reason };
    let there = place.clone();
    let found = wait_for_blocking(move || {
        let log = there.table()?.log;
        Ok(Handle::current().block_on(log.is_delta_table_location()))
    });
    match found.and_then(|found| found).map_err(failed)? {
        Ok(exists) => Ok(exists),
        Err(error) => Err(place.failed(uri, &error)),
    }
}

/// Returns the version after which no commit is read.
fn until(at: At) -> Option<u64> {
    match at {
        At::Version(version) | At::Changes { to: Some(version), .. } => Some(version),
        At::Latest | At::Timestamp(_) | At::Changes { to: None, .. } => None,
    }
}

/// Converts the error of a missing file to one that says that the log has the file and the folder lacks it.
pub(crate) fn gone(error: SourceError) -> SourceError {
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
pub(crate) fn url_of(path: &str, root: &Url) -> Result<Url, SourceError> {
    let bad = |error| SourceError::Mismatch { path: path.to_owned(), reason: format!("{error}") };
    // Joining resolves relative, absolute and percent-encoded paths alike.
    let encoded = root.join(path);
    let is_there = |url: &Url| url.to_file_path().is_ok_and(|path| path.exists());
    if path.contains(['%', '#', '?', ':', '\\']) && !encoded.as_ref().is_ok_and(is_there) {
        let literal = root.to_file_path().ok().map(|folder| folder.join(path));
        let literal = literal.filter(|path| path.exists());
        if let Some(url) = literal.and_then(|path| Url::from_file_path(path).ok()) {
            return Ok(url);
        }
    }
    encoded.map_err(bad)
}

//! Data is read from regular files alone: pipes, sockets and devices are refused.

use std::fs::Metadata;
use std::path::Path;

use super::SourceError;
use crate::document::other_kind;

/// The metadata of a regular file; an error if it is none.
pub(crate) fn metadata_of_file(path: &Path) -> Result<Metadata, SourceError> {
    let shown = || path.display().to_string();
    let metadata = std::fs::metadata(path).map_err(|source| SourceError::Io { path: shown(), source })?;
    match other_kind(metadata.file_type()) {
        Some(what) => Err(SourceError::NoFile { path: shown(), what }),
        None => Ok(metadata),
    }
}

/// Refuses what has the name of a file of a table's log and is none: listings leave it out, and the table
/// would be an older one.
pub(crate) fn refuse_in_log(table: &Path) -> Result<(), SourceError> {
    let log = table.join("_delta_log");
    for folder in [log.join("_sidecars"), log] {
        // What cannot be listed is told by those that read it.
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let is_meant =
                path.extension().is_some_and(|extension| extension == "json" || extension == "parquet");
            if is_meant && !entry.file_type().is_ok_and(|kind| kind.is_file()) {
                metadata_of_file(&path)?;
            }
        }
    }
    Ok(())
}

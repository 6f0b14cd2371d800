//! Refuses pipes, sockets and devices: data is read from regular files only.

use std::fs::Metadata;
use std::path::Path;

use super::SourceError;
use crate::document::irregular_kind;

/// Returns the metadata of a regular file, and an error for any other kind of file.
pub(crate) fn metadata_of_file(path: &Path) -> Result<Metadata, SourceError> {
    let shown = || path.display().to_string();
    let metadata = std::fs::metadata(path).map_err(|source| SourceError::Io { path: shown(), source })?;
    match irregular_kind(metadata.file_type()) {
        Some(what) => Err(SourceError::NoFile { path: shown(), what }),
        None => Ok(metadata),
    }
}

/// Refuses anything in a table's log that has the name of a log file but is no regular file. Listings leave
/// such entries out, so that an older version would be read.
pub(crate) fn refuse_in_log(table: &Path) -> Result<(), SourceError> {
    let log = table.join("_delta_log");
    for folder in [log.join("_sidecars"), log] {
        // A folder that cannot be listed is reported by those who read the log.
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

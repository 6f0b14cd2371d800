//! Only files are read: what else has a name in a file system may block for ever, or have no end.

use std::fs::{FileType, Metadata};
use std::path::Path;

use super::SourceError;

/// What is said of a file, which must be one.
pub(super) fn metadata_of_file(path: &Path) -> Result<Metadata, SourceError> {
    let shown = || path.display().to_string();
    let metadata = std::fs::metadata(path).map_err(|source| SourceError::Io { path: shown(), source })?;
    match other_kind(metadata.file_type()) {
        Some(what) => Err(SourceError::NoFile { path: shown(), what }),
        None => Ok(metadata),
    }
}

/// What it is that is no file.
fn other_kind(kind: FileType) -> Option<&'static str> {
    if kind.is_file() {
        return None;
    }
    if kind.is_dir() {
        return Some("a folder");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if kind.is_fifo() {
            return Some("a named pipe");
        }
        if kind.is_socket() {
            return Some("a socket");
        }
    }
    Some("a device")
}

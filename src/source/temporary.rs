//! Folders for what is written while data is read.

use tempfile::TempDir;

use super::SourceError;

/// A folder that goes away with what it holds; only its owner can look into it.
pub(super) fn temporary_folder() -> Result<TempDir, SourceError> {
    let folder = tempfile::Builder::new().prefix("karat-").tempdir();
    folder.map_err(|source| SourceError::Io { path: std::env::temp_dir().display().to_string(), source })
}

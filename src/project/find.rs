//! Finding the project of a file.

use std::path::{Path, PathBuf};

use super::{Project, ProjectError};

/// The name of a project's file.
pub(super) const FILE: &str = "karat.yml";

/// The project of a file: the nearest folder above it with a `karat.yml`, else `otherwise`.
///
/// # Errors
/// The project's file cannot be read, or is wrong.
pub fn find(path: &Path, otherwise: &Path) -> Result<Project, ProjectError> {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let root = absolute.ancestors().skip(1).find(|folder| folder.join(FILE).is_file());
    match root {
        Some(root) => Project::open(shortest(root, otherwise)),
        None => Ok(Project::at(otherwise.to_path_buf())),
    }
}

/// A folder relative to the working directory if it lies there: that reads better.
fn shortest(root: &Path, working: &Path) -> PathBuf {
    // The working directory itself is an empty path, which has no absolute form.
    let absolute = std::path::absolute(working.join(".")).unwrap_or_else(|_| working.to_path_buf());
    root.strip_prefix(&absolute).map_or_else(|_| root.to_path_buf(), Path::to_path_buf)
}

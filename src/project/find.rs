//! Finds the project that a file belongs to.

use std::path::{Path, PathBuf};

use super::{Project, ProjectError, Selection};

/// The name of a project's file.
pub(super) const FILE: &str = "karat.yml";

/// Returns the root of a file's project: the nearest folder above the file with a `karat.yml`. A root within
/// the working folder is relative to the working folder, which reads better.
#[must_use]
pub fn root(path: &Path, working: &Path) -> Option<PathBuf> {
    let file = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let root = file.ancestors().skip(1).find(|folder| is_there(&folder.join(FILE)))?;
    // The working folder itself is an empty path, which has no absolute form.
    let working = std::path::absolute(working.join(".")).unwrap_or_else(|_| working.to_path_buf());
    Some(root.strip_prefix(&working).map_or_else(|_| root.to_path_buf(), Path::to_path_buf))
}

/// Opens the project of a file. A file without one gets a project with default policies and the standard
/// catalogue.
///
/// # Errors
/// All files of the project that cannot be read, or are wrong.
pub fn find(path: &Path, working: &Path, selection: &Selection) -> Result<Project, Vec<ProjectError>> {
    match root(path, working) {
        Some(root) => Project::open(root, selection),
        None => Project::at(working.to_path_buf(), selection),
    }
}

/// Returns whether a path exists and is no folder. A file that cannot be read counts, so that its project is
/// not silently ignored.
fn is_there(file: &Path) -> bool {
    file.symlink_metadata().is_ok() && !file.is_dir()
}

//! Finding the project of a file.

use std::path::{Path, PathBuf};

use super::{Project, ProjectError};

/// The name of a project's file.
pub(super) const FILE: &str = "karat.yml";

/// The root of the project of a file: the nearest folder above it with a `karat.yml`. Relative to the
/// working folder if it lies there: that reads better.
#[must_use]
pub fn root(path: &Path, working: &Path) -> Option<PathBuf> {
    let file = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let root = file.ancestors().skip(1).find(|folder| is_there(&folder.join(FILE)))?;
    // The working folder itself is an empty path, which has no absolute form.
    let working = std::path::absolute(working.join(".")).unwrap_or_else(|_| working.to_path_buf());
    Some(root.strip_prefix(&working).map_or_else(|_| root.to_path_buf(), Path::to_path_buf))
}

/// The project of a file; of a file without one it has neither policies nor expectations of its own.
///
/// # Errors
/// All files of the project that cannot be read, or are wrong.
pub fn find(path: &Path, working: &Path) -> Result<Project, Vec<ProjectError>> {
    root(path, working).map_or_else(|| Ok(Project::at(working.to_path_buf())), Project::open)
}

/// Returns whether a file is there, or what cannot be read in its place: a project is not left out for that.
fn is_there(file: &Path) -> bool {
    file.symlink_metadata().is_ok() && !file.is_dir()
}

//! Files that appear whole or not at all.

use std::io::Write as _;
use std::path::Path;

use super::exit::Exit;
use super::terminal::error;

/// Writes a file, with the folders above it. What an earlier run wrote there does not stay where this one
/// cannot write.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Exit> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let written = std::fs::create_dir_all(folder)
        .and_then(|()| tempfile::NamedTempFile::new_in(folder))
        .and_then(|mut file| file.write_all(text.as_bytes()).map(|()| file))
        .and_then(|file| file.persist(path).map_err(|failed| failed.error));
    match written {
        Ok(file) => {
            readable(&file);
            Ok(())
        }
        Err(problem) => {
            error(&format!("cannot write {}: {problem}", path.display()), None);
            remove(path);
            Err(Exit::Unknown)
        }
    }
}

/// Removes what an earlier run wrote: it would be taken for this one's.
pub(super) fn remove(path: &Path) {
    if path.is_file()
        && let Err(problem) = std::fs::remove_file(path)
    {
        error(&format!("{} is of an earlier run and cannot be removed: {problem}", path.display()), None);
    }
}

/// A temporary file is its owner's alone; a report is for others too.
#[cfg(unix)]
fn readable(file: &std::fs::File) {
    use std::os::unix::fs::PermissionsExt as _;
    // Where the file system has no permissions, there is nothing to widen.
    let _ = file.set_permissions(std::fs::Permissions::from_mode(0o644));
}

#[cfg(not(unix))]
fn readable(_: &std::fs::File) {}

//! Output files, which are written whole or not at all.

use std::io::{self, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

use super::exit::Exit;
use super::terminal::error;

/// Writes a file and creates the folders above. If that fails, a file of an earlier run is removed. What is there and is no
/// file, such as `/dev/null` or a pipe, is written to, and never replaced.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Exit> {
    if path.metadata().is_ok_and(|there| !there.is_file() && !there.is_dir()) {
        return std::fs::write(path, text).map_err(|problem| {
            error(&format!("cannot write {}: {problem}", path.display()), None);
            Exit::Unknown
        });
    }
    let written = unfinished(path).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        persist(file, path)
    });
    written.map_err(|problem| {
        error(&format!("cannot write {}: {problem}", path.display()), None);
        remove(path);
        Exit::Unknown
    })
}

/// Begins a file that is not there before it is [`persist`]ed, and creates the folders above it.
pub(super) fn unfinished(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    NamedTempFile::new_in(folder)
}

/// Puts a finished file in its place.
pub(super) fn persist(file: NamedTempFile, path: &Path) -> io::Result<()> {
    let file = file.persist(path).map_err(|failed| failed.error)?;
    readable(&file);
    Ok(())
}

/// Removes the file of an earlier run, which could be taken for this run's.
pub(super) fn remove(path: &Path) {
    if path.is_file()
        && let Err(problem) = std::fs::remove_file(path)
    {
        error(&format!("{} is of an earlier run and cannot be removed: {problem}", path.display()), None);
    }
}

/// Lets all users read a file. A temporary file is readable only to its owner.
#[cfg(unix)]
fn readable(file: &std::fs::File) {
    use std::os::unix::fs::PermissionsExt as _;
    // On a file system without permissions there is nothing to widen.
    let _ = file.set_permissions(std::fs::Permissions::from_mode(0o644));
}

#[cfg(not(unix))]
fn readable(_: &std::fs::File) {}

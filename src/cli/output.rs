//! Output files, which are written whole or not at all.

use std::io::Write as _;
use std::path::Path;

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

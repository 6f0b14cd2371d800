//! Files that appear whole or not at all: they are written under another name first.

use std::io;
use std::path::Path;

use tempfile::NamedTempFile;

/// What the name of a file begins with that is being written.
pub(crate) const UNFINISHED: &str = ".karat-";

/// Begins a file in a folder that all users may read, unless they are kept from it: a temporary one is its owner's alone
/// otherwise.
///
/// # Errors
/// The file system's.
pub(crate) fn unfinished_file(folder: &Path) -> io::Result<NamedTempFile> {
    let mut file = tempfile::Builder::new();
    file.prefix(UNFINISHED);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        file.permissions(std::fs::Permissions::from_mode(0o644));
    }
    file.tempfile_in(folder)
}

//! Opens only regular files: reading any other kind of file may block for ever or never end.

use std::fs::{File, FileType};
use std::io;
use std::path::Path;

/// Opens a regular file.
///
/// # Errors
/// It cannot be opened, or is none.
pub(crate) fn open_file(path: &Path) -> io::Result<File> {
    match irregular_kind(std::fs::metadata(path)?.file_type()) {
        Some(what) => Err(io::Error::new(io::ErrorKind::InvalidInput, format!("it is {what}, not a file"))),
        None => File::open(path),
    }
}

/// Returns the name of the kind of a file that is not a regular file, or nothing for a regular file.
pub(crate) fn irregular_kind(kind: FileType) -> Option<&'static str> {
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

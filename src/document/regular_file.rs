//! Only files are read: what else has a name in a file system may block for ever, or have no end.

use std::fs::{File, FileType};
use std::io;
use std::path::Path;

/// Opens what must be a file.
///
/// # Errors
/// It cannot be opened, or is none.
pub(crate) fn open_file(path: &Path) -> io::Result<File> {
    match other_kind(std::fs::metadata(path)?.file_type()) {
        Some(what) => Err(io::Error::new(io::ErrorKind::InvalidInput, format!("it is {what}, not a file"))),
        None => File::open(path),
    }
}

/// What it is that is no file.
pub(crate) fn other_kind(kind: FileType) -> Option<&'static str> {
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

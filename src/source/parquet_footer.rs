//! Finds the footer at the end of a Parquet file.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use super::SourceError;
use super::error::EMPTY;

/// Returns the number of bytes from the start of the footer to the end of a file, or `None` if the file does
/// not end as a Parquet file must.
pub(crate) fn end_length(path: &Path, shown: &str) -> Result<Option<u64>, SourceError> {
    let io = |source| SourceError::Io { path: shown.to_owned(), source };
    let mut file = File::open(path).map_err(io)?;
    let bytes = file.metadata().map_err(io)?.len();
    let tail = || {
        let mut tail = Tail::default();
        file.seek(SeekFrom::Start(bytes - TAIL))?;
        file.read_exact(&mut tail)?;
        Ok(tail)
    };
    Ok(footer_length(bytes, tail).map_err(io)?.ok().map(|length| length + TAIL))
}

/// Number of bytes after the footer: its length and the magic number.
pub(crate) const TAIL: u64 = 8;

/// The bytes after the footer.
pub(crate) type Tail = [u8; 8];

/// Returns the number of bytes of the footer alone, or why a file of `bytes` bytes does not end as a Parquet
/// file must. `tail` reads the last [`TAIL`] bytes.
pub(crate) fn footer_length(
    bytes: u64,
    tail: impl FnOnce() -> std::io::Result<Tail>,
) -> std::io::Result<Result<u64, &'static str>> {
    if bytes == 0 {
        return Ok(Err(EMPTY));
    }
    if bytes < TAIL + 4 {
        return Ok(Err("no Parquet footer; truncated?"));
    }
    let [a, b, c, d, magic @ ..] = tail()?;
    let length = u64::from(u32::from_le_bytes([a, b, c, d]));
    if magic == *b"PARE" {
        return Ok(Err("it is encrypted, which is not read"));
    }
    if magic != *b"PAR1" || length + TAIL > bytes {
        return Ok(Err("no Parquet footer; truncated?"));
    }
    Ok(Ok(length))
}

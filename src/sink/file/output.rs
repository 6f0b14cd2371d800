//! Where the bytes of a file go.

use std::error::Error;
use std::fs::File;
use std::io::{self, BufWriter, Write};

use object_store::Error as StoreError;
use parquet::errors::ParquetError;

use super::upload::Upload;
use crate::sink::error::SinkError;
use crate::source::store::answer_of_store;

/// Where the bytes of a file go.
pub(crate) enum Output {
    /// To a file of this machine.
    Local(BufWriter<File>),
    /// To an object store.
    Remote(Upload),
}

/// Why bytes were not written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OutputError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{0}")]
    Encode(String),
}

impl Output {
    pub(crate) fn local(file: File) -> Self {
        const BUFFER: usize = 1 << 20;
        Self::Local(BufWriter::with_capacity(BUFFER, file))
    }

    /// Makes sure that the bytes stay: they are on the disk, or the object is complete.
    pub(crate) fn complete(self, anew: bool) -> Result<(), OutputError> {
        match self {
            Self::Local(file) => {
                file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
            }
            Self::Remote(upload) => upload.complete(anew)?,
        }
        Ok(())
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Local(file) => file.write(bytes),
            Self::Remote(upload) => {
                upload.write(bytes).map_err(io::Error::other)?;
                Ok(bytes.len())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Local(file) => file.flush(),
            Self::Remote(_) => Ok(()),
        }
    }
}

/// Finds what is behind an error of the encoder: the store, the file system, or the encoder itself.
impl From<ParquetError> for OutputError {
    fn from(error: ParquetError) -> Self {
        let ParquetError::External(cause) = error else {
            return Self::Encode(error.to_string());
        };
        match cause.downcast::<io::Error>() {
            Ok(error) if error.get_ref().is_some_and(<dyn Error + Send + Sync>::is::<StoreError>) => {
                match error.downcast::<StoreError>() {
                    Ok(error) => Self::Store(error),
                    Err(error) => Self::Io(error),
                }
            }
            Ok(error) => Self::Io(*error),
            Err(other) => Self::Encode(other.to_string()),
        }
    }
}

/// Returns the error of a file that cannot be written.
pub(crate) fn unwritten(to: &str, error: OutputError) -> SinkError {
    let to = to.to_owned();
    match error {
        OutputError::Io(source) => SinkError::Io { to, source },
        OutputError::Encode(reason) => SinkError::Encode { to, reason },
        OutputError::Store(error) => store_failed(to, &error),
    }
}

/// Returns the error of a store that refused what was sent. That of a file system is told as such.
pub(crate) fn store_failed(to: String, error: &StoreError) -> SinkError {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            let source = error.raw_os_error().map_or_else(
                || io::Error::new(error.kind(), error.to_string()),
                io::Error::from_raw_os_error,
            );
            return SinkError::Io { to, source };
        }
        cause = error.source();
    }
    let reason = answer_of_store(&to, error).unwrap_or_else(|| "the store does not say why".to_owned());
    SinkError::Store { to, reason }
}

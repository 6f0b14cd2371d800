//! URI → [`Snapshot`]: the exact data judged, with its schema and identity, before a row is read.

mod arrow;
mod caught;
mod columns;
mod delta;
mod error;
mod files;
mod find;
mod footer;
mod memory;
mod open;
mod parquet;
mod snapshot;
mod temporary;
mod text;

pub(crate) use caught::caught;
pub use error::SourceError;
pub use files::{DataFile, FileSet};
pub use open::{At, open, open_as};
pub(crate) use open::{redacted, unversioned};
pub(crate) use snapshot::Wanted;
pub use snapshot::{Format, Identity, Rows, Snapshot};
use temporary::temporary_folder;
pub(crate) use text::Transcript;
pub use text::{Malformed, MalformedRow};

/// The column of a frame that names the file of a row.
pub(crate) const FILE_COLUMN: &str = "\u{1}karat.file";
/// The column of a frame that counts its rows, from 0.
pub(crate) const ROW_COLUMN: &str = "\u{1}karat.row";

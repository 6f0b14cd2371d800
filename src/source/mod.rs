//! URI → [`Snapshot`]: the exact data judged, with its schema and identity, before a row is read.

mod arrow;
mod delta;
mod details;
mod error;
mod files;
mod find;
mod local_file;
mod memory;
mod open;
mod parallel;
mod parquet;
mod parquet_files;
mod polars_types;
mod regular;
mod scan;
mod scratch;
mod snapshot;
mod statistics;
mod store;
mod supertype;
mod text;
mod threads;
mod transcription;

pub use details::{ColumnDetails, Details, ParquetDetails, TableDetails};
pub use error::SourceError;
pub(crate) use files::overlap;
pub use files::{DataFile, FileSet};
pub(crate) use open::unversioned;
pub use open::{At, open, open_as};
pub use scratch::remove_spools;
pub(crate) use scratch::{Folder, create_scratch};
pub(crate) use snapshot::Wanted;
pub use snapshot::{Format, Identity, NetworkUse, Rows, Snapshot};
pub(crate) use statistics::{Chunk, Dictionary};
pub use statistics::{Dispute, Trust};
pub use store::{StorageOptions, UnknownOption};
pub use text::{Malformed, MalformedRow};
pub(crate) use text::{Took, Transcript};

/// The column of a frame that counts its rows, from 0.
pub(crate) const ROW_COLUMN: &str = "\u{1}karat.row";

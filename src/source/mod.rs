//! URI → [`Snapshot`]: the exact data judged, with its schema and identity, before a row is read.
//!
//! `open` finds what lies at a URI: by `find` in the file system, by `store` elsewhere. Each format has a
//! folder that opens it: `delta`, `parquet_files`, and `text` and `arrow`, which are written as Parquet files first
//! (`transcription`). All of them come to the same: a catalogue of Parquet `files` and how they are scanned
//! (`scan`, where deletion vectors are applied). `parquet` checks the bytes of these files before the engine sees
//! them, and `statistics` proves what it can of a dataset without reading its rows.
//!
//! The parts know each other in one direction only; `tests/it/layers.rs` has their order.

mod arrow;
mod delta;
mod dependency_messages;
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
mod table_details;
mod text;
mod threads;
mod transcription;

pub use details::{ColumnDetails, Details, ParquetDetails};
pub use error::SourceError;
pub use files::{DataFile, DataFiles, Malformed, MalformedRow};
pub(crate) use files::{ROW_COLUMN, Took, Transcript, overlap};
pub(crate) use open::unversioned;
pub use open::{open, open_as};
pub use scan::FileSet;
pub(crate) use scan::Wanted;
pub use scratch::remove_spools;
pub(crate) use scratch::{Folder, create_scratch};
pub use snapshot::{At, Format, Identity, NetworkUse, Rows, Snapshot};
pub(crate) use statistics::{Chunk, Dictionary};
pub use statistics::{Dispute, Trust};
pub use store::{StorageOptions, UnknownOption};
pub use table_details::TableDetails;

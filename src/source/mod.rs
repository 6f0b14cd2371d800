//! Where data lies, and what its formats say of it.
//!
//! `find` lists the files of a folder or a pattern in the file system, `store` in object stores, of which it keeps
//! local copies. `delta` reads the log of a table, `text` the rows of text. `files` is the catalogue of a
//! dataset's files, deletion vectors among it, and `scratch` holds what is written while data is read. What an
//! engine has opened is [`Opened`], with the [`Identity`] of the exact data.
//!
//! The parts know each other in one direction only; `tests/it/layers.rs` has their order.

mod data;
pub(crate) mod delta;
mod dependency_messages;
mod details;
mod dispute;
pub(crate) mod error;
pub(crate) mod files;
pub(crate) mod find;
mod identity;
pub(crate) mod local_file;
mod opened;
pub(crate) mod parquet_footer;
pub(crate) mod regular;
pub(crate) mod scratch;
pub(crate) mod store;
mod table_details;
pub(crate) mod text;
mod trust;
mod uri;

pub use data::Data;
pub(crate) use data::IN_MEMORY;
pub use details::{ColumnDetails, Details, ParquetDetails};
pub use dispute::Dispute;
pub use error::{EngineMessage, SourceError};
pub use files::{DataFile, DataFiles, Malformed, MalformedRow};
pub(crate) use find::is_data_file;
pub use identity::{At, Format, Identity, NetworkUse};
pub use opened::Opened;
pub use scratch::remove_spools;
pub use store::{StorageOptions, UnknownOption, files_below};
pub use table_details::{TableDetails, TableRule};
pub use trust::Trust;
pub(crate) use uri::{unversioned, versioned};

//! Locates data and reads the metadata of its formats.
//!
//! `find` lists the files of a folder or a pattern in the file system; `store` does so in object stores and
//! keeps local copies of what is read. `delta` reads the log of a table, `text` the rows of CSV and NDJSON.
//! `files` is the catalogue of a dataset's files with their deletion vectors, `staged` holds files that are to
//! become a part of a table, and `scratch` holds temporary files. `databricks` asks a catalog where a table lies. An engine opens data as [`Opened`], whose [`Identity`] says exactly which data that is.
//!
//! The modules depend on each other in one direction only; `tests/it/layers.rs` has their order.

mod data;
mod data_source;
#[cfg(feature = "databricks")]
pub(crate) mod databricks;
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
pub(crate) mod staged;
pub(crate) mod store;
mod table_details;
pub(crate) mod text;
mod trust;
mod uri;

pub use data::Data;
pub(crate) use data::IN_MEMORY;
pub use data_source::DataSource;
#[cfg(feature = "databricks")]
pub use databricks::{DatabricksSettings, Login};
pub use details::{ColumnDetails, Details, ParquetDetails};
pub use dispute::Dispute;
pub use error::{EngineMessage, SourceError};
pub use files::{DataFile, DataFiles, Malformed, MalformedRow};
pub(crate) use find::{is_data_file, is_hidden_name};
pub use identity::{At, Format, Identity, NetworkUse, StagedIdentity};
pub use opened::Opened;
pub use scratch::remove_spools;
pub use staged::{Appended, Staged};
pub use store::{Lender, Lending, Lent, StorageOptions, UnknownOption, files_below};
pub use table_details::{TableDetails, TableRule};
pub use trust::Trust;
#[cfg(feature = "databricks")]
pub(crate) use uri::versioned_at;
pub(crate) use uri::{unversioned, versioned};

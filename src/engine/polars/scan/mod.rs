//! Scans a dataset's files: builds one frame of its rows, as Polars reads them.
//!
//! A [`file_set`] is the catalogue of the files, with all that reading them needs. Before a query runs,
//! [`ready`] fetches the columns that it reads and verifies them; where Polars cannot read a file, or not
//! correctly, [`stand_ins`] write another one to be read instead. [`frame`] then builds one frame from all
//! files: those with the same [`layout`] are one Parquet scan, whose columns [`convert`] casts to the types
//! of the dataset ([`int96`] those of 96-bit timestamps). [`deletion_vectors`] removes deleted rows, and adds
//! partition values.

mod convert;
mod deletion_vectors;
mod file_set;
mod frame;
mod int96;
mod layout;
mod ready;
mod stand_ins;

pub use file_set::FileSet;
pub(super) use layout::{Layouts, StoredColumn};
pub(crate) use ready::ScanRequest;

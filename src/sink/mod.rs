//! Writes rows to a Delta table or to one Parquet file, in one commit.
//!
//! A [`Sink`] is opened for a [`Destination`], which finds out whether the columns fit before a row is read. It takes record
//! batches; what is [`Written`] is seen by nobody before its commit, which says by a [`Provenance`] where the rows come from,
//! so that [`Sink::already`] knows them again.
//!
//! `fit` makes rows fit a table, `file` encodes and sends Parquet files, `delta` commits them to a table, and
//! `parquet_file` makes one visible.

mod committed;
pub(crate) mod delta;
mod destination;
mod error;
pub(crate) mod file;
mod fit;
mod options;
mod parquet_file;
mod provenance;
#[expect(clippy::module_inception, reason = "the main type of a room is named like it")]
mod sink;

pub use committed::Committed;
pub use delta::{Deletion, Marked, MarkedRows, withdraw};
pub use destination::Destination;
pub use error::SinkError;
#[cfg(feature = "cli")]
pub(crate) use file::withdraw_all;
pub use options::{Mode, WriteOptions};
pub use provenance::{Earlier, Part, Provenance};
pub use sink::{Sink, Written};

//! Opens data as a [`Snapshot`](super::Snapshot), from a URI or from memory.
//!
//! [`open`] finds the data at a URI: by `source::find` in the file system, by `source::store` elsewhere. Each
//! format has a folder that opens it: [`delta`], [`parquet_files`], and [`text`] and [`arrow`], which are
//! first written as Parquet files ([`transcription`]). The result is always a list of Parquet files and the
//! way to scan them. [`staged`] adds to a table what is to be appended to it. [`frames`] takes data that a
//! caller holds in memory.

mod arrow;
mod delta;
mod frames;
#[expect(clippy::module_inception, reason = "the function that gives the folder its name")]
mod open;
mod parquet_files;
mod staged;
mod supertype;
mod text;
mod transcription;

pub use open::{open, open_as};
pub(super) use staged::open_with;

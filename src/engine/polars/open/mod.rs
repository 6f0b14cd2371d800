//! Opening data: a URI, or what a caller holds → a [`Snapshot`](super::Snapshot).
//!
//! [`open`] finds what lies at a URI: by `source::find` in the file system, by `source::store` elsewhere. Each format
//! has a folder that opens it: [`delta`], [`parquet_files`], and [`text`] and [`arrow`], which are written as Parquet
//! files first ([`transcription`]). All of them come to the same: a catalogue of Parquet files and how they are
//! scanned. [`frames`] takes what a caller holds in memory.

mod arrow;
mod delta;
mod frames;
#[expect(clippy::module_inception, reason = "the function that gives the folder its name")]
mod open;
mod parquet_files;
mod supertype;
mod text;
mod transcription;

pub use open::{open, open_as};

//! Writes Parquet files: [`encoder`] encodes the columns of a row group on several threads, and [`output`] takes the bytes to a
//! file of this machine or, in parts, to an object store ([`upload`]). [`uncommitted`] deletes what nobody commits, [`nan`] finds the columns whose statistics leave
//! something out.

mod encoder;
mod nan;
mod output;
mod uncommitted;
mod upload;

pub(super) use encoder::Encoder;
pub(crate) use output::{Output, OutputError, store_failed, unwritten};
pub(crate) use uncommitted::Uncommitted;
#[cfg(feature = "cli")]
pub(crate) use uncommitted::withdraw_all;
pub(crate) use upload::Upload;

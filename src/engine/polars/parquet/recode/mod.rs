//! Rewrites columns that the engine does not decode, or decodes wrong, as columns that the engine reads.
//!
//! [`assign_decoders`] finds these columns by the footer, [`types`] names their types, and [`recoding`] finds
//! the type in which each is written. [`decode`] reads them with the `parquet` crate, [`arrays`] converts the
//! arrays, and [`write`] writes them to a stand-in, which is a file with the same rows. [`format`] edits the
//! footers of files that a decoder would refuse as a whole.

mod arrays;
mod decode;
mod decoded_columns;
mod format;
mod recoding;
mod types;
mod write;

pub(super) use decoded_columns::{DecodedColumns, assign_decoders, unread};
pub(in crate::engine::polars) use decoded_columns::{Recoded, Unread};
pub(super) use format::{encrypted, repaired, without};
pub(in crate::engine::polars) use write::write_columns;

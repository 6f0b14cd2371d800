//! Rewrites columns that the engine does not decode, or decodes wrong, as columns that the engine reads.
//!
//! [`fit`] finds these columns by the footer, [`types`] names their types, and [`plain`] finds the type in
//! which each is written. [`decode`] reads them with the `parquet` crate, [`arrays`] converts the arrays, and
//! [`write`] writes them to a stand-in, which is a file with the same rows. [`format`] edits the footers of
//! files that a decoder would refuse as a whole.

mod arrays;
mod decode;
mod fit;
mod format;
mod plain;
mod types;
mod write;

pub(super) use fit::{Fit, fit, unread};
pub(in crate::engine::polars) use fit::{Recoded, Unread};
pub(super) use format::{encrypted, repaired, without};
pub(in crate::engine::polars) use write::write_columns;

//! Columns that the engine does not decode, or decodes wrong, written anew as columns that it reads.
//!
//! [`fit`] says by the footer which columns these are, [`types`] what they are called, and [`plain`] how each can be
//! written without loss. [`decode`] reads them with another decoder, [`arrays`] converts its arrays, and [`write`]
//! writes them to a file with the same rows. [`format`] edits the footers of files that a decoder would refuse as a
//! whole.

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

//! Reads the footers of Parquet files and verifies their pages, before the engine reads them.
//!
//! The engine trusts a file: it allocates what a count claims, recurses as deep as a schema nests, compares
//! no checksums, and does not notice encryption. So nothing of a file reaches the engine unchecked.
//! [`thrift`] validates the bytes of a footer, [`footer`] parses a sound footer and describes the columns,
//! and [`rewritten_footer`] writes a new footer for a file whose own has details that the engine does not
//! know. [`verify`] checks each column chunk once: [`pages`] reads its pages, decompresses them within limits
//! and compares their checksums, [`encodings`] checks their levels and values, and [`bit_packing`] decodes
//! the integers in these. [`recode`] rewrites columns that the engine does not decode, or decodes wrong, and
//! [`int96`] decodes timestamps of 96 bits exactly.
//!
//! The bytes come from a [`range_reader`], of a file or of memory. This module knows single files only: not
//! how files form a dataset, nor where they come from.

mod bit_packing;
mod encodings;
pub(super) mod footer;
pub(super) mod int96;
pub(super) mod pages;
mod range_reader;
pub(super) mod recode;
mod rewritten_footer;
mod thrift;
mod verify;

pub(super) use footer::Footer;
pub(super) use rewritten_footer::RewrittenFiles;
pub(super) use verify::Verified;

//! Parquet files by their own bytes: what their footers describe, and whether their pages are whole, before the
//! engine reads them.
//!
//! The engine trusts a file: it allocates what a count claims, recurses as deep as a schema nests, does not look at
//! checksums, and does not notice encryption. So nothing of a file reaches it unchecked. [`thrift`] walks the bytes of
//! a footer, [`footer`] parses what is sound and describes the columns, and [`rewritten_footer`] gives a file with
//! details that the engine does not know another footer, without them. [`verify`] looks through each column chunk
//! once: [`pages`] reads its pages, decompresses them within limits and compares their checksums, [`encodings`]
//! decodes what they hold, and [`bit_packing`] the integers in that. [`recode`] writes the columns that the engine
//! does not decode, or decodes wrong, as columns that it does, and [`int96`] decodes timestamps of 96 bits exactly.
//!
//! The bytes come by a [`range_reader`], of a file or of memory. Everything here is about one file. What a dataset makes of its files, and where they come from, is not known here.

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

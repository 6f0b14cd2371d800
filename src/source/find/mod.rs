//! Finds the data files of a folder or a pattern, and their format.
//!
//! [`files`] lists files by their names alone, and [`foreign`] refuses tables of other formats, whose files
//! must not be read without their own metadata.

mod files;
mod foreign;

pub(crate) use files::{Found, NO_DATA, NO_MATCH, find, format_of, is_meant, kind_of, not_a_table};
pub(crate) use foreign::{DATA, Kind, METADATA};

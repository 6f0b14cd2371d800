//! The files of a place: those of a folder or a pattern, and their formats.
//!
//! [`files`] lists them by their names alone, and [`foreign`] refuses tables of other formats, whose files must not be
//! read as they lie.

mod files;
mod foreign;

pub(crate) use files::{
    Found, NO_DATA, NO_MATCH, find, format_of, is_data_file, is_meant, kind_of, not_a_table,
};
pub(crate) use foreign::{DATA, Kind, METADATA};

//! Finds the data files of a folder or a pattern, and their format.
//!
//! [`files`] lists files by their names alone, and [`foreign`] refuses tables of other formats, whose files
//! must not be read without their own metadata.

mod files;
mod foreign;

pub(crate) use files::{
    FoundFiles, NO_DATA, NO_MATCH, common_format, find, format_of, is_data_file, is_hidden_name, is_meant,
    not_a_table,
};
pub(crate) use foreign::{DATA, METADATA, TableFormat};

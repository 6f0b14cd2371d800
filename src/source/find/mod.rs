//! Finds the data files of a folder or a pattern, and their format.
//!
//! [`files`] lists files by their names alone, and [`foreign`] refuses tables of other formats, whose files
//! must not be read without their own metadata. [`hive`] reads the values that the names of folders state.

mod files;
mod foreign;
mod hive;

pub(crate) use files::{
    FoundFiles, NO_DATA, NO_MATCH, common_format, find, format_of, is_data_file, is_hidden_name, is_meant,
    name_below, not_a_table,
};
pub(crate) use foreign::{DATA, METADATA, TableFormat};
pub(crate) use hive::{FolderValue, folder_values};

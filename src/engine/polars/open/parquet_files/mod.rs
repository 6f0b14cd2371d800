//! Opens datasets of Parquet files that no log describes: a file, a folder, or a glob.
//!
//! [`open`] reads the footer of each file, [`hive`] takes partition values from the names of folders, and
//! [`merged_schema`] finds columns that hold the values of all files.

mod hive;
mod merged_schema;
mod open;

pub(super) use open::open;

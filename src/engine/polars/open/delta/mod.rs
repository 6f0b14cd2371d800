//! Opens Delta tables: the data files of a version, by the log that `source::delta` reads.
//!
//! [`table`] opens a version. [`columns`] and [`schema`] map the table's columns to those of its files.

mod columns;
mod schema;
mod table;

pub(super) use table::open;

//! Opens Delta tables: the data files of a version, by the log that `source::delta` reads.
//!
//! [`table`] opens a version. [`columns`] and [`schema`] map the table's columns to those of its files.
//! [`appended`] adds files that are no part of the table so far: their columns must [`fit`], with no [`null`]
//! where none may be, and their folders or columns state the [`partition`].

mod appended;
mod columns;
mod fit;
mod null;
mod partition;
mod schema;
mod table;

pub(super) use appended::open_with;
pub(super) use table::open;

//! Delta tables: a version's files, from its log.
//!
//! [`table`] opens a version. [`log`] reads it through the kernel that deltalake stands on, or [`changes`] reads what
//! a range of versions changed; [`features`] refuses tables that ask for more than is known here. [`columns`] and
//! [`schema`] map the table's columns to those of its files, [`partition`] parses partition values, and [`details`]
//! keeps what `karat inspect` shows. The kernel does not say where it fails, and trusts some of what it reads:
//! [`checkpoint`] checks that, and [`blame`] finds the file and the line that a log fails at.

mod blame;
mod changes;
mod checkpoint;
mod columns;
mod details;
mod features;
mod log;
mod partition;
mod schema;
mod table;

pub(super) use table::open;

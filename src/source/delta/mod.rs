//! Reads the logs of Delta tables to find the files of a version.
//!
//! [`open`] opens the log at a location: [`log`] reads a version through the Delta kernel that deltalake uses, or [`changes`] reads what a range of
//! versions changed; [`features`] refuses tables with unsupported reader features. [`partition`] parses
//! partition values, and [`details`] collects what `karat inspect` shows. The kernel does not say where it
//! fails, and does not verify everything that it reads: [`checkpoint`] checks the rest, and [`blame`] finds
//! the file and the line at which a log fails.

mod blame;
pub(crate) mod changes;
mod checkpoint;
mod details;
mod features;
mod log;
mod open;
mod partition;

pub(crate) use changes::Change;
pub(crate) use details::details;
pub(crate) use log::{DeletedRows, LogFile, TableVersion};
pub(crate) use open::{exists, gone, open, url_of};
pub(crate) use partition::{partition_text, partition_value};

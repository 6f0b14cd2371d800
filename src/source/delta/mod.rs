//! The logs of Delta tables: which files make a version.
//!
//! [`log`] reads a version through the kernel that deltalake stands on, or [`changes`] reads what a range of versions
//! changed; [`features`] refuses tables that ask for more than is known here. [`partition`] parses partition values,
//! and [`details`] keeps what `karat inspect` shows. The kernel does not say where it fails, and trusts some of what it reads:
//! [`checkpoint`] checks that, and [`blame`] finds the file and the line that a log fails at.

mod blame;
pub(crate) mod changes;
mod checkpoint;
mod details;
mod features;
pub(crate) mod log;
mod partition;

pub(crate) use blame::blame;
pub(crate) use changes::Change;
pub(crate) use details::details;
pub(crate) use log::{Logged, LoggedFile, Refusal};
pub(crate) use partition::partition_value;

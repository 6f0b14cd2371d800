//! What is proved of metrics before rows are read.
//!
//! [`proof`] asks the statistics of files and row groups, and says which rows are left to be read. [`dictionaries`]
//! judges conditions on the distinct values of a column.

mod dictionaries;
#[expect(clippy::module_inception, reason = "the part that gives the folder its name")]
mod proof;

pub(super) use proof::{Proof, union};

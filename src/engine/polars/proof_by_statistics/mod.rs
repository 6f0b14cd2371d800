//! Proves metrics by statistics, before rows are read.
//!
//! [`proof`] evaluates metrics on the statistics of files and row groups, and keeps the ranges of rows that
//! are left to be read. [`dictionaries`] evaluates conditions on the distinct values of a column.

mod dictionaries;
mod proof;

pub(super) use proof::{Proof, union};

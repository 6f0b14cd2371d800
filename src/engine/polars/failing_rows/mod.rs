//! Finds failing rows and fetches them.
//!
//! [`second_pass`] runs one narrow scan that counts rows by conditions that need measured values, resolves
//! repeated hashes, fetches the first failing rows of each check, and, if a plan wants them, finds the numbers of all failing
//! rows. [`sampling`] builds the queries that select the first rows, and turns them into samples; [`every_row`] collects the
//! numbers of all. [`whole_rows`] fetches the other columns of rows that are shown, in a third scan.

mod every_row;
mod sampling;
mod second_pass;
mod whole_rows;

pub(super) use sampling::unreadable;
pub(super) use second_pass::{Part, PartResult, SecondScan};
pub(super) use whole_rows::add_whole_rows;

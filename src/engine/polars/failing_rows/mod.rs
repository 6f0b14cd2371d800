//! Finds failing rows and fetches them.
//!
//! If a plan wants the numbers of all failing rows, [`first_pass`] finds those of conditions while the first scan counts
//! them. [`second_pass`] runs one narrow scan that counts rows by conditions that need measured values, resolves
//! repeated hashes, and fetches the failing rows of the other checks. [`sampling`] builds the expressions and queries that
//! select the first rows and the numbers of all, and turns the first ones into samples. [`whole_rows`] fetches the other columns of
//! rows that are shown, in a third scan.

mod first_pass;
mod sampling;
mod second_pass;
mod whole_rows;

pub(super) use first_pass::{FirstScan, FoundRows};
pub(super) use sampling::unreadable;
pub(super) use second_pass::{Part, PartResult, SecondScan};
pub(super) use whole_rows::add_whole_rows;

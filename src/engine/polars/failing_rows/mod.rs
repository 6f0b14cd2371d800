//! Finds failing rows and fetches them.
//!
//! [`second_pass`] runs one narrow scan that counts rows by conditions that need measured values, resolves
//! repeated hashes, and fetches the first failing rows of each check. [`sampling`] builds the queries that
//! select these rows, and turns them into samples.

mod sampling;
mod second_pass;

pub(super) use sampling::unreadable;
pub(super) use second_pass::{Part, PartResult, SecondScan};

//! The rows that fail.
//!
//! [`second_pass`] counts what only measured values define, compares the keys whose hashes come twice, and fetches the
//! first failing rows of every check that has some, in one narrow scan. [`sampling`] selects these rows.

mod sampling;
mod second_pass;

pub(super) use sampling::unreadable;
pub(super) use second_pass::{Part, PartResult, SecondScan};

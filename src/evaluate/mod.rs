//! Measurements → outcomes: exactly one verdict for every declared check. Pure.

mod grouped;
mod judge;
mod outcome;

pub use judge::{Circumstances, judge, unread, without_partitions};
pub use outcome::{Counts, Outcome, Read, Verdict};

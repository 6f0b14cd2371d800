//! Measurements → outcomes: exactly one verdict for every declared check. The stage reads no data and no
//! clock.

mod grouped;
mod judge;
mod outcome;
#[cfg(test)]
mod tests;

pub use judge::{JudgeOptions, judge};
pub use outcome::{Counts, Evidence, Outcome, Verdict};

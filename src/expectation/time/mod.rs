//! Expectations on dates, timestamps and windows of time.

pub(super) mod fresh;
pub(super) mod no_gaps;
pub(super) mod no_overlaps;
mod windows;

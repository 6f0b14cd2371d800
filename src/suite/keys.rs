//! The keys that suites are made of, with what they mean, for those who write them.

use super::{dialect, options, read};

/// Keys with their meanings.
pub type Keys = &'static [(&'static str, &'static str)];

/// The keys of a suite.
pub const OF_SUITE: Keys = &read::KEYS;
/// The keys below `csv`.
pub const OF_CSV: Keys = &dialect::CSV_KEYS;
/// What may stand beside an expectation.
pub const OF_CHECK: Keys = &options::NAMES;

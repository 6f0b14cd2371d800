//! Divides the memory of a run among the holders of keys and values.

use std::sync::Arc;

use super::spill::Spills;

/// Bytes that the process and a scan take besides: the program, data decoded by the reader, and buffers of
/// threads.
const BESIDES: u64 = 64 << 20;
/// The reciprocal share of the remaining memory that is for held data: as much again may be in transit.
const PARTS: u64 = 2;
/// The reciprocal share of all memory that is the least for held data.
const LEAST: u64 = 8;
/// Number of bytes of a word.
const WORD: u64 = 8;

/// The budget of a run.
pub(in crate::engine::polars) struct Budget {
    /// Number of bytes of memory of the run.
    memory: u64,
    /// Number of holders of data that grows with the rows.
    holders: u64,
    spills: Arc<Spills>,
}

impl Budget {
    /// Divides `memory` bytes among `holders` of data that grows with the rows.
    pub(in crate::engine::polars) fn new(memory: u64, holders: usize) -> Self {
        Self { memory, holders: u64::try_from(holders.max(1)).unwrap_or(u64::MAX), spills: Arc::default() }
    }

    /// Returns the number of bytes that each holder may hold in memory.
    pub(in crate::engine::polars) fn bytes_each(&self) -> u64 {
        (self.memory.saturating_sub(BESIDES) / PARTS).max(self.memory / LEAST) / self.holders
    }

    /// Returns the allotment of one holder, for `rows` rows if their number is known.
    pub(in crate::engine::polars) fn allotment(&self, rows: Option<u64>) -> Allotment {
        let words = usize::try_from(self.bytes_each() / WORD).unwrap_or(usize::MAX);
        Allotment { words, spills: Arc::clone(&self.spills), rows: rows.unwrap_or_default() }
    }
}

/// The memory of one holder, and where it spills.
#[derive(Clone)]
pub(in crate::engine::polars) struct Allotment {
    /// Number of 64-bit words that fit in memory.
    pub(in crate::engine::polars) words: usize,
    /// Where data beyond that is spilled.
    pub(in crate::engine::polars) spills: Arc<Spills>,
    /// Number of rows; 0 if it is unknown.
    pub(in crate::engine::polars) rows: u64,
}

impl Allotment {
    /// Returns the number of bytes that fit in memory.
    pub(in crate::engine::polars) fn bytes(&self) -> usize {
        self.words.saturating_mul(size_of::<u64>())
    }
}

//! Hashes of keys, one for each row: those that come twice.
//!
//! They lie in partitions by their leading byte, so that threads add them side by side and sort what
//! fits in their caches. A partition that is full is sorted, and each hash kept once: what is held
//! grows with the distinct keys and not with the rows. If it grows beyond what may be held, the last
//! partitions are left to a further pass over the rows.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use polars_core::runtime::RAYON;

/// One for each value of the leading byte.
pub(super) const PARTITIONS: usize = 256;
/// By how much a partition grows: each time it is sorted once.
const GROWTH: usize = 4;

/// Hashes of rows.
pub(super) struct Hashes {
    /// All of them; those of other passes stay empty.
    partitions: Vec<Mutex<Partition>>,
    /// The first partition of this pass.
    first: usize,
    /// The one after the last partition of this pass.
    wanted_end: usize,
    /// The one after the last that is held: it only ever falls.
    end: AtomicUsize,
    /// How many hashes have a place in memory.
    held: AtomicUsize,
    /// How many may have one.
    most: usize,
    /// Held by the thread that makes room.
    shrinking: Mutex<()>,
}

#[derive(Default)]
struct Partition {
    /// Each at least once.
    hashes: Vec<u64>,
    /// Those of them that were there more than once.
    repeated: Vec<u64>,
    /// How many hashes have a place in memory, if only because they were there once.
    held: usize,
}

/// What the hashes of some partitions come to.
#[derive(Default)]
pub(super) struct Counted {
    /// How many came once.
    pub(super) once: u64,
    /// Those that came more than once.
    pub(super) repeated: Repeated,
    /// The partition after the last that was counted.
    pub(super) end: usize,
}

/// The hashes that came more than once, each once and in order within its partition.
pub(super) struct Repeated(Vec<Vec<u64>>);

impl Hashes {
    /// Of these partitions, as many of them as may be held.
    pub(super) fn of(partitions: Range<usize>, most: usize) -> Self {
        Self {
            partitions: (0..PARTITIONS).map(|_| Mutex::default()).collect(),
            first: partitions.start,
            wanted_end: partitions.end,
            end: AtomicUsize::new(partitions.end),
            held: AtomicUsize::new(0),
            most,
            shrinking: Mutex::default(),
        }
    }

    /// The partitions that were asked for.
    pub(super) fn partitions(&self) -> Range<usize> {
        self.first..self.wanted_end
    }

    /// Adds those of some rows. If all are different as far as is known, nothing is sorted yet, and
    /// there is no need to hold what is too much: then all are let go.
    pub(super) fn add(&self, hashes: &[u64], different: bool) {
        let mut ends = [0; PARTITIONS];
        for hash in hashes {
            ends[partition(*hash)] += 1;
        }
        let mut start = 0;
        for end in &mut ends {
            (start, *end) = (start + *end, start);
        }
        let mut ordered = vec![0; hashes.len()];
        for hash in hashes {
            let end = &mut ends[partition(*hash)];
            ordered[*end] = *hash;
            *end += 1;
        }
        for index in self.first..self.end.load(Ordering::Relaxed) {
            let start = index.checked_sub(1).map_or(0, |before| ends[before]);
            if start < ends[index] {
                self.change(index, |partition| partition.add(&ordered[start..ends[index]], different));
            }
        }
        if self.held.load(Ordering::Relaxed) > self.most {
            if different { self.keep(self.first) } else { self.shrink() }
        }
    }

    /// Counts them and lets them go.
    pub(super) fn take(&self) -> Counted {
        let end = self.end.load(Ordering::Relaxed);
        self.compact();
        let (mut once, mut repeated) = (0, vec![Vec::new(); PARTITIONS]);
        for (index, repeated) in repeated.iter_mut().enumerate().take(end).skip(self.first) {
            let partition = self.change(index, std::mem::take);
            once += (partition.hashes.len() - partition.repeated.len()) as u64;
            *repeated = partition.repeated;
        }
        Counted { once, repeated: Repeated(repeated), end }
    }

    /// Sorts all partitions.
    fn compact(&self) {
        RAYON.scope(|scope| {
            for index in self.first..self.end.load(Ordering::Relaxed) {
                scope.spawn(move |_| self.change(index, Partition::compact));
            }
        });
    }

    /// Makes room, unless it is being made: each hash is kept once, and if that is not enough, only
    /// half of the partitions, and again. The first one is kept whatever it takes.
    fn shrink(&self) {
        let Ok(_alone) = self.shrinking.try_lock() else { return };
        let end = || self.end.load(Ordering::Relaxed);
        if end() - self.first < 2 {
            return;
        }
        for index in self.first..end() {
            self.change(index, |partition| {
                partition.compact();
                partition.shrink();
            });
        }
        while end() - self.first > 1 && self.held.load(Ordering::Relaxed) > self.most / 2 {
            self.keep(self.first + (end() - self.first) / 2);
        }
    }

    /// Keeps only the partitions before this one.
    fn keep(&self, end: usize) {
        let before = self.end.fetch_min(end, Ordering::Relaxed);
        for index in end..before {
            self.change(index, |partition| *partition = Partition::default());
        }
    }

    /// Changes a partition, and what is held.
    fn change<T>(&self, index: usize, change: impl FnOnce(&mut Partition) -> T) -> T {
        // A poisoned lock only means that another thread panicked; the query fails for that reason, and what
        // it saw is dropped.
        let mut partition: MutexGuard<'_, Partition> =
            self.partitions[index].lock().unwrap_or_else(PoisonError::into_inner);
        let before = partition.held;
        let changed = change(&mut partition);
        // Modulo the width of the number, a difference below zero is right too.
        self.held.fetch_add(partition.held.wrapping_sub(before), Ordering::Relaxed);
        changed
    }
}

impl Partition {
    fn add(&mut self, hashes: &[u64], different: bool) {
        if self.hashes.len() + hashes.len() > self.hashes.capacity() {
            if !different {
                self.compact();
            }
            let wanted = self.hashes.len() + hashes.len();
            // What is half full was not worth sorting.
            if wanted > self.hashes.capacity() / 2 {
                self.hashes.reserve_exact(GROWTH * wanted - self.hashes.len());
            }
        }
        self.hashes.extend_from_slice(hashes);
        self.held = self.held.max(self.hashes.len() + self.repeated.len());
    }

    /// Keeps each hash once.
    fn compact(&mut self) {
        self.hashes.sort_unstable();
        let before = self.repeated.len();
        let runs = self.hashes.chunk_by(|left, right| left == right);
        self.repeated.extend(runs.filter(|run| run.len() > 1).map(|run| run[0]));
        if self.repeated.len() > before {
            self.hashes.dedup();
            self.repeated.sort_unstable();
            self.repeated.dedup();
        }
    }

    /// Gives back the memory that is not needed.
    fn shrink(&mut self) {
        self.hashes.shrink_to_fit();
        self.repeated.shrink_to_fit();
        self.held = self.hashes.len() + self.repeated.len();
    }
}

impl Counted {
    /// Of so many hashes that all came once.
    pub(super) fn all_once(hashes: u64) -> Self {
        Self { once: hashes, repeated: Repeated::default(), end: PARTITIONS }
    }

    /// Adds the partitions of a further pass.
    pub(super) fn add(&mut self, further: Self) {
        self.once += further.once;
        self.end = further.end;
        for (repeated, further) in self.repeated.0.iter_mut().zip(further.repeated.0) {
            repeated.extend(further);
        }
    }
}

impl Default for Repeated {
    fn default() -> Self {
        Self(vec![Vec::new(); PARTITIONS])
    }
}

impl Repeated {
    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }

    /// Whether a hash is one of them, in one of some partitions.
    pub(super) fn contains(&self, hash: u64, among: &Range<usize>) -> bool {
        let partition = partition(hash);
        among.contains(&partition) && self.0[partition].binary_search(&hash).is_ok()
    }

    /// The partitions in as few ranges as have so many hashes each, or are of one partition.
    pub(super) fn ranges(&self, most: usize) -> Vec<Range<usize>> {
        let (mut ranges, mut start, mut hashes) = (Vec::new(), 0, 0);
        for (index, partition) in self.0.iter().enumerate() {
            if hashes > 0 && hashes + partition.len() > most {
                ranges.push(start..index);
                (start, hashes) = (index, 0);
            }
            hashes += partition.len();
        }
        ranges.push(start..PARTITIONS);
        ranges
    }
}

/// The partition of a hash.
fn partition(hash: u64) -> usize {
    usize::from(hash.to_be_bytes()[0])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::collection::vec;
    use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

    use super::*;

    proptest! {
        #[test]
        fn hashes_that_come_twice_are_found(
            stretches in vec((vec(0_u64..400, 0..300), any::<bool>()), 0..12),
            factor in any::<u64>(),
            most in 0_usize..6_000,
        ) {
            let mut counts: BTreeMap<u64, u64> = BTreeMap::new();
            let stretch = |of: &[u64]| -> Vec<u64> { of.iter().map(|value| value.wrapping_mul(factor)).collect() };
            for hash in stretches.iter().flat_map(|(of, _)| stretch(of)) {
                *counts.entry(hash).or_default() += 1;
            }
            let mut counted = Counted::default();
            let mut passes = 0;
            while counted.end < PARTITIONS {
                let hashes = Hashes::of(counted.end..PARTITIONS, most);
                for (of, different) in &stretches {
                    // What is said to be different may be let go altogether, in the first pass.
                    hashes.add(&stretch(of), *different && passes == 0);
                }
                counted.add(hashes.take());
                passes += 1;
            }
            // With room for all of them, one pass is enough.
            let rows: usize = stretches.iter().map(|(of, _)| of.len()).sum();
            prop_assert!(passes == 1 || most < rows, "{} passes over {} rows", passes, rows);
            prop_assert_eq!(counted.once, counts.values().filter(|count| **count == 1).count() as u64);
            prop_assert_eq!(counted.repeated.is_empty(), counts.values().all(|count| *count == 1));
            for range in counted.repeated.ranges(most) {
                for (hash, count) in &counts {
                    let inside = range.contains(&partition(*hash));
                    prop_assert_eq!(counted.repeated.contains(*hash, &range), inside && *count > 1);
                }
            }
        }
    }
}

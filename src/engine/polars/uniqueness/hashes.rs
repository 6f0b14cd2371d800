//! Counts the hashes of keys, one for each row, to find those that are repeated.
//!
//! Hashes are partitioned by their leading byte, so that threads add them side by side and sort what fits in
//! their caches. A full partition is sorted and deduplicated: the memory grows with the distinct keys and not
//! with the rows. Hashes that exceed the memory limit are spilled to a file, and read back a partition at a
//! time.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use polars_core::runtime::RAYON;

use crate::engine::SpillError;
use crate::engine::polars::memory::{Allotment, Spilled};

/// Number of partitions: one for each value of the leading byte.
pub(super) const PARTITIONS: usize = 256;
/// Factor by which a full partition grows; it is sorted once each time.
const GROWTH: usize = 4;
/// Number of partitions that are compacted as a sample, to see if compacting all is worthwhile.
const TRIED: usize = 8;
/// Least number of hashes read at once, however little memory there is.
const LEAST: usize = 64;
/// Bytes of a hash.
const BYTES: usize = size_of::<u64>();

/// The hashes of all recorded rows, in memory or spilled.
pub(super) struct Hashes {
    partitions: Vec<Mutex<Partition>>,
    /// Number of hashes for which memory is allocated.
    held: AtomicUsize,
    room: Allotment,
    /// The hashes that did not fit in memory.
    spilled: Mutex<Option<Spilled>>,
    /// True once all hashes were dropped because keys were still known to be distinct.
    dropped: AtomicBool,
    failed: OnceLock<SpillError>,
}

#[derive(Default)]
struct Partition {
    /// Every hash of the partition, at least once.
    hashes: Vec<u64>,
    /// The hashes that occurred more than once.
    repeated: Vec<u64>,
    /// Number of hashes for which memory was touched, even if compacting has freed their places since.
    allocated: usize,
}

/// The result of counting hashes.
pub(super) enum Taken {
    /// All are counted.
    Counted(Counted),
    /// The hashes were dropped; only another scan can count them.
    Dropped,
}

/// Hashes counted by how often they occur.
pub(super) struct Counted {
    /// Number of hashes that occur once.
    pub(super) once: u64,
    /// Number of distinct hashes that occur more than once.
    pub(super) more: u64,
    /// The repeated hashes; none if they do not fit in memory.
    pub(super) repeated: Option<Repeated>,
}

/// The repeated hashes, deduplicated and sorted within each partition.
pub(super) struct Repeated(Vec<Vec<u64>>);

impl Hashes {
    pub(super) fn new(room: Allotment) -> Self {
        Self {
            partitions: (0..PARTITIONS).map(|_| Mutex::default()).collect(),
            held: AtomicUsize::new(0),
            room,
            spilled: Mutex::default(),
            dropped: AtomicBool::new(false),
            failed: OnceLock::new(),
        }
    }

    /// Adds the hashes of some rows. With `different`, all keys so far are known to be distinct: nothing is
    /// sorted yet, and if memory ends all hashes are dropped instead of spilled.
    pub(super) fn add(&self, hashes: &[u64], different: bool) {
        if self.is_given_up() {
            return;
        }
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
        let usual = with_slack(self.room.words / PARTITIONS);
        for index in 0..PARTITIONS {
            let start = index.checked_sub(1).map_or(0, |before| ends[before]);
            if start < ends[index] {
                self.change(index, |partition| {
                    partition.add(&ordered[start..ends[index]], different, usual);
                });
            }
        }
        if !self.has_room() {
            if different {
                self.dropped.store(true, Ordering::Relaxed);
                self.clear();
            } else if let Err(error) = self.make_room() {
                // The query continues for the other metrics; `take` returns the error.
                let _ = self.failed.set(error);
                self.clear();
            }
        }
    }

    fn is_given_up(&self) -> bool {
        self.dropped.load(Ordering::Relaxed) || self.failed.get().is_some()
    }

    fn has_room(&self) -> bool {
        self.held.load(Ordering::Relaxed) <= self.room.words
    }

    /// Counts the hashes and frees their memory.
    pub(super) fn take(&self) -> Result<Taken, SpillError> {
        if self.dropped.load(Ordering::Relaxed) {
            return Ok(Taken::Dropped);
        }
        if let Some(failed) = self.failed.get() {
            return Err(failed.clone());
        }
        let mut spilled = self.spilled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(spilled) = &mut *spilled {
            self.spill(spilled)?;
            self.clear();
        }
        let counting = Counting {
            spilled: spilled.as_ref(),
            room: self.room.words,
            counted: Mutex::new(Ok(Counted::default())),
        };
        RAYON.scope(|scope| {
            for (index, partition) in self.partitions.iter().enumerate() {
                let counting = &counting;
                scope.spawn(move |_| counting.add(index, std::mem::take(&mut *lock(partition))));
            }
        });
        let counted = counting.counted.into_inner().unwrap_or_else(PoisonError::into_inner);
        *spilled = None;
        counted.map(Taken::Counted)
    }

    /// Frees memory while other threads wait: compacts the partitions, and spills all of them if that does
    /// not help.
    fn make_room(&self) -> Result<(), SpillError> {
        let mut spilled = lock(&self.spilled);
        if self.has_room() {
            return Ok(());
        }
        let tried = || (0..TRIED).map(|index| lock(&self.partitions[index]).allocated).sum::<usize>();
        let before = tried();
        self.keep_once(0..TRIED);
        if tried() <= before / 2 {
            self.keep_once(TRIED..PARTITIONS);
            if self.held.load(Ordering::Relaxed) <= self.room.words / 2 {
                return Ok(());
            }
        }
        let spilled = match &mut *spilled {
            Some(spilled) => spilled,
            none => none.insert(self.room.spills.file(PARTITIONS, self.room.rows * BYTES as u64)?),
        };
        self.spill(spilled)
    }

    fn keep_once(&self, partitions: Range<usize>) {
        for index in partitions {
            self.change(index, |partition| {
                partition.compact();
                partition.shrink();
            });
        }
    }

    /// Spills all partitions. A repeated hash is written at least twice, so that it is still repeated when
    /// read back.
    fn spill(&self, spilled: &mut Spilled) -> Result<(), SpillError> {
        let mut bytes = Vec::new();
        for index in 0..PARTITIONS {
            bytes.clear();
            self.change(index, |partition| {
                let all = partition.hashes.iter().chain(&partition.repeated);
                bytes.extend(all.flat_map(|hash| hash.to_le_bytes()));
                // The allocations stay, for the hashes to come.
                partition.hashes.clear();
                partition.repeated.clear();
                partition.allocated = 0;
            });
            spilled.append(index, &bytes)?;
        }
        Ok(())
    }

    fn clear(&self) {
        for index in 0..PARTITIONS {
            self.change(index, |partition| *partition = Partition::default());
        }
    }

    /// Changes a partition and updates `held`.
    fn change<T>(&self, index: usize, change: impl FnOnce(&mut Partition) -> T) -> T {
        let mut partition = lock(&self.partitions[index]);
        let before = partition.allocated;
        let changed = change(&mut partition);
        // Wrapping addition also subtracts.
        self.held.fetch_add(partition.allocated.wrapping_sub(before), Ordering::Relaxed);
        changed
    }
}

/// A poisoned lock only means that another thread panicked; the query fails for that reason, and what it
/// saw is dropped.
fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Counts partitions in parallel.
struct Counting<'a> {
    spilled: Option<&'a Spilled>,
    /// Number of hashes that fit in memory.
    room: usize,
    counted: Mutex<Result<Counted, SpillError>>,
}

impl Counting<'_> {
    /// Counts one partition, both in memory and spilled.
    fn add(&self, index: usize, mut partition: Partition) {
        let Some(spilled) = self.spilled else {
            partition.compact();
            // These hashes fit in memory all along.
            self.counts(index, partition, usize::MAX);
            return;
        };
        // The other half is for the repeated hashes.
        let room = (self.room / 2 / RAYON.current_num_threads()).max(LEAST);
        let hashes = spilled.bytes_of(index) / BYTES as u64;
        let passes = hashes.div_ceil(room as u64).max(1);
        for pass in 0..passes {
            match one_pass(spilled, index, pass, passes) {
                Ok(partition) => self.counts(index, partition, self.room / 2),
                Err(error) => {
                    *lock(&self.counted) = Err(error);
                    return;
                }
            }
        }
    }

    /// Adds a compacted partition, or a range of one in ascending order. Keeps the repeated hashes only while
    /// there are at most `most`.
    fn counts(&self, index: usize, partition: Partition, most: usize) {
        let mut counted = lock(&self.counted);
        let Ok(counted) = &mut *counted else { return };
        counted.once += (partition.hashes.len() - partition.repeated.len()) as u64;
        counted.more += partition.repeated.len() as u64;
        if usize::try_from(counted.more).is_ok_and(|more| more <= most) {
            if let Some(repeated) = &mut counted.repeated {
                repeated.0[index].extend(partition.repeated);
            }
        } else {
            counted.repeated = None;
        }
    }
}

/// Returns `number` plus an eighth.
fn with_slack(number: usize) -> usize {
    number.saturating_add(number / 8)
}

/// Reads one of `passes` equal ranges of a spilled partition, compacted.
fn one_pass(spilled: &Spilled, index: usize, pass: u64, passes: u64) -> Result<Partition, SpillError> {
    let usual =
        usize::try_from(spilled.bytes_of(index) / BYTES as u64 / passes).map_or(usize::MAX, with_slack);
    let mut partition = Partition::default();
    let mut hashes = Vec::new();
    spilled.read(index, BYTES, |bytes| {
        hashes.clear();
        let all = bytes.as_chunks::<BYTES>().0.iter().map(|bytes| u64::from_le_bytes(*bytes));
        hashes.extend(all.filter(|hash| passes == 1 || part(*hash, passes) == pass));
        partition.add(&hashes, false, usual);
    })?;
    partition.compact();
    Ok(partition)
}

/// Returns the index of the equal part of its partition, out of `parts`, that a hash lies in.
pub(super) fn part(hash: u64, parts: u64) -> u64 {
    let within = u128::from(hash << 8) * u128::from(parts);
    u64::try_from(within >> u64::BITS).unwrap_or(u64::MAX)
}

impl Partition {
    /// Adds hashes. `usual` is the size that the partition rarely exceeds.
    fn add(&mut self, hashes: &[u64], different: bool, usual: usize) {
        if self.hashes.len() + hashes.len() > self.hashes.capacity() {
            if !different {
                self.compact();
            }
            let wanted = self.hashes.len() + hashes.len();
            // If compacting left it less than half full, there is room enough.
            if wanted > self.hashes.capacity() / 2 {
                // Allocating more than needed could take memory that is never returned.
                let roomy = (GROWTH * wanted).min(usual).max(with_slack(wanted));
                self.hashes.reserve_exact(roomy - self.hashes.len());
            }
        }
        self.hashes.extend_from_slice(hashes);
        self.allocated = self.allocated.max(self.hashes.len() + self.repeated.len());
    }

    /// Sorts the hashes and deduplicates them.
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

    /// Returns unused memory to the allocator.
    fn shrink(&mut self) {
        self.hashes.shrink_to_fit();
        self.repeated.shrink_to_fit();
        self.allocated = self.hashes.len() + self.repeated.len();
    }
}

impl Counted {
    /// The counts of `hashes` rows that are known to have distinct keys.
    pub(super) fn all_once(hashes: u64) -> Self {
        Self { once: hashes, ..Self::default() }
    }
}

impl Default for Counted {
    fn default() -> Self {
        Self { once: 0, more: 0, repeated: Some(Repeated(vec![Vec::new(); PARTITIONS])) }
    }
}

impl Repeated {
    /// True if a hash is repeated.
    pub(super) fn contains(&self, hash: u64) -> bool {
        self.0[partition(hash)].binary_search(&hash).is_ok()
    }
}

/// Returns the partition that a hash belongs to.
pub(super) fn partition(hash: u64) -> usize {
    usize::from(hash.to_be_bytes()[0])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use proptest::collection::vec;
    use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

    use super::*;
    use crate::engine::polars::memory::Spills;

    fn room(words: usize) -> Allotment {
        Allotment { words, spills: Arc::default(), rows: 0 }
    }

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
            let take = |may_be_different: bool| {
                let hashes = Hashes::new(room(most));
                for (of, different) in &stretches {
                    hashes.add(&stretch(of), *different && may_be_different);
                }
                hashes.take().unwrap()
            };
            let rows: usize = stretches.iter().map(|(of, _)| of.len()).sum();
            let counted = match take(true) {
                Taken::Counted(counted) => counted,
                Taken::Dropped => {
                    prop_assert!(most < rows);
                    let Taken::Counted(counted) = take(false) else { panic!("nothing was said to be different") };
                    counted
                }
            };
            let more = counts.values().filter(|count| **count > 1).count();
            prop_assert_eq!(counted.once, (counts.len() - more) as u64);
            prop_assert_eq!(counted.more, more as u64);
            let Some(repeated) = counted.repeated else {
                prop_assert!(more > most / 2);
                return Ok(());
            };
            for (hash, count) in &counts {
                prop_assert_eq!(repeated.contains(*hash), *count > 1);
            }
        }
    }

    #[test]
    fn what_cannot_be_spilled_is_an_error() {
        let spilled = Spills::default().file(1, 0).unwrap();
        let hashes = Hashes::new(room(10));
        // As if the disk were full.
        let read_only = std::fs::File::open("/dev/null").unwrap();
        *lock(&hashes.spilled) = Some(spilled.instead(read_only));
        hashes.add(&[1, 2, 3], false);
        assert!(hashes.failed.get().is_none());
        hashes.add(&(0..100).collect::<Vec<_>>(), false);
        hashes.add(&[1, 2, 3], false);
        assert_eq!(hashes.held.load(Ordering::Relaxed), 0);
        assert!(hashes.take().is_err());
    }
}

//! Hashes of keys, one for each row: those that come twice.
//!
//! They lie in partitions by their leading byte, so that threads add them side by side and sort what
//! fits in their caches. A partition that is full is sorted, and each hash kept once: what is held
//! grows with the distinct keys and not with the rows.

use std::sync::{Mutex, MutexGuard, PoisonError};

use polars_core::runtime::RAYON;

/// One for each value of the leading byte.
const PARTITIONS: usize = 256;
/// By how much a partition grows: each time it is sorted once.
const GROWTH: usize = 4;

/// Hashes of rows.
pub(super) struct Hashes {
    partitions: Vec<Mutex<Partition>>,
}

#[derive(Default)]
struct Partition {
    /// Each at least once.
    hashes: Vec<u64>,
    /// Those of them that were there more than once.
    repeated: Vec<u64>,
}

/// What hashes come to.
pub(super) struct Counted {
    /// How many came once.
    pub(super) once: u64,
    /// Those that came more than once.
    pub(super) repeated: Repeated,
}

/// The hashes that came more than once, each once and in order within its partition.
pub(super) struct Repeated(Vec<Vec<u64>>);

impl Counted {
    /// Of so many hashes that all came once.
    pub(super) fn all_once(hashes: u64) -> Self {
        Self { once: hashes, repeated: Repeated(Vec::new()) }
    }
}

impl Hashes {
    pub(super) fn new() -> Self {
        Self { partitions: (0..PARTITIONS).map(|_| Mutex::default()).collect() }
    }

    /// Adds those of some rows. If they are all different as far as is known, nothing is sorted yet.
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
        let mut start = 0;
        for (partition, end) in self.partitions.iter().zip(ends) {
            if start < end {
                locked(partition).add(&ordered[start..end], different);
            }
            start = end;
        }
    }

    /// Gives them away, counted.
    pub(super) fn take(&self) -> Counted {
        RAYON.scope(|scope| {
            for partition in &self.partitions {
                scope.spawn(move |_| locked(partition).compact());
            }
        });
        let (mut once, mut repeated) = (0, Vec::with_capacity(PARTITIONS));
        for partition in &self.partitions {
            let partition = std::mem::take(&mut *locked(partition));
            once += (partition.hashes.len() - partition.repeated.len()) as u64;
            repeated.push(partition.repeated);
        }
        Counted { once, repeated: Repeated(repeated) }
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
}

impl Repeated {
    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }

    pub(super) fn contains(&self, hash: u64) -> bool {
        self.0.get(partition(hash)).is_some_and(|repeated| repeated.binary_search(&hash).is_ok())
    }
}

/// The partition of a hash.
fn partition(hash: u64) -> usize {
    usize::from(hash.to_be_bytes()[0])
}

fn locked(partition: &Mutex<Partition>) -> MutexGuard<'_, Partition> {
    // Whoever panicked with it: that ends the query.
    partition.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::collection::vec;
    use proptest::prelude::{any, prop_assert_eq, proptest};

    use super::*;

    proptest! {
        #[test]
        fn hashes_that_come_twice_are_found(
            stretches in vec((vec(0_u64..400, 0..300), any::<bool>()), 0..12),
            factor in any::<u64>(),
        ) {
            let hashes = Hashes::new();
            let mut counts: BTreeMap<u64, u64> = BTreeMap::new();
            for (stretch, different) in stretches {
                let stretch: Vec<u64> = stretch.iter().map(|value| value.wrapping_mul(factor)).collect();
                hashes.add(&stretch, different);
                for hash in stretch {
                    *counts.entry(hash).or_default() += 1;
                }
            }
            let Counted { once, repeated } = hashes.take();
            prop_assert_eq!(once, counts.values().filter(|count| **count == 1).count() as u64);
            prop_assert_eq!(repeated.is_empty(), counts.values().all(|count| *count == 1));
            for (hash, count) in counts {
                prop_assert_eq!(repeated.contains(hash), count > 1);
            }
        }
    }
}

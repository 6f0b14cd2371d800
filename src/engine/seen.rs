//! What one scan sees of the keys of a grouping's rows.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use polars::prelude::{Column, DataType as PlType, PolarsResult, polars_bail};

use super::hashes::{Counted, Hashes, PARTITIONS};
use super::keys::{Hash, Rows};
use super::rising::{Stretch, Stretches, stretch};

/// What was seen of the keys of rows.
pub(super) struct Seen {
    hash: Hash,
    /// The engine's types of the keys, whose hashes differ from those of other types.
    types: OnceLock<Vec<PlType>>,
    order: Mutex<Order>,
    hashes: Hashes,
    /// Whether the order of keys may tell that all are different.
    may_rise: bool,
    /// How many rows it was shown since that was last asked, grouped or not.
    shown: AtomicU64,
}

/// What the order of keys tells.
struct Order {
    /// The rows so far.
    rows: u64,
    /// The stretches that they make, as long as keys rise on each and no two overlap.
    rising: Option<Stretches>,
}

impl Seen {
    /// Nothing yet, and by what keys are hashed, of which at most so many are held.
    pub(super) fn new(hash: Hash, most: usize) -> Self {
        Self::of(hash, 0..PARTITIONS, most, Some(Stretches::default()))
    }

    /// The same for a further scan, of some partitions of the hashes. The order of keys has told nothing.
    pub(super) fn again(hash: Hash, partitions: Range<usize>, most: usize) -> Self {
        Self::of(hash, partitions, most, None)
    }

    /// Nothing yet, of what this one was for.
    pub(super) fn anew(&self, hash: Hash, most: usize) -> Self {
        let rising = self.may_rise.then(Stretches::default);
        Self::of(hash, self.hashes.partitions(), most, rising)
    }

    fn of(hash: Hash, partitions: Range<usize>, most: usize, rising: Option<Stretches>) -> Self {
        let may_rise = rising.is_some();
        let order = Mutex::new(Order { rows: 0, rising });
        let hashes = Hashes::of(partitions, most);
        Self { hash, types: OnceLock::new(), order, hashes, may_rise, shown: AtomicU64::new(0) }
    }

    fn order(&self) -> MutexGuard<'_, Order> {
        // A poisoned lock only means that another thread panicked; the query fails for that reason, and what
        // it saw is dropped.
        self.order.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds the rows that are grouped.
    pub(super) fn see(&self, rows: &Rows) -> PolarsResult<()> {
        self.shown.fetch_add(rows.height() as u64, Ordering::Relaxed);
        self.add(&rows.grouped_keys()?)
    }

    /// How many rows it was shown since this was last asked.
    pub(super) fn take_shown(&self) -> u64 {
        self.shown.swap(0, Ordering::Relaxed)
    }

    /// Adds rows with these keys.
    fn add(&self, keys: &[Column]) -> PolarsResult<()> {
        let rows = keys.first().map_or(0, Column::len);
        if rows == 0 {
            return Ok(());
        }
        let types: Vec<PlType> = keys.iter().map(|key| key.dtype().clone()).collect();
        if *self.types.get_or_init(|| types.clone()) != types {
            polars_bail!(ComputeError: "keys of one column have different types");
        }
        let rises_so_far = self.order().rising.is_some();
        let stretch = if rises_so_far { stretch(keys)? } else { None };
        let rises = self.order().add(rows as u64, stretch);
        self.hashes.add(&(self.hash)(keys)?, rises);
        Ok(())
    }

    /// What all of them come to.
    pub(super) fn counted(&self) -> Counted {
        let order = self.order();
        if order.rising.is_some() { Counted::all_once(order.rows) } else { self.hashes.take() }
    }
}

impl Order {
    /// Adds rows, and the stretch that they make if their keys rise; and whether all keys do so far.
    fn add(&mut self, rows: u64, stretch: Option<Stretch>) -> bool {
        self.rows += rows;
        let rises = self.rising.as_mut().zip(stretch).is_some_and(|(rising, stretch)| rising.add(stretch));
        if !rises {
            self.rising = None;
        }
        rises
    }
}

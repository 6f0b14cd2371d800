//! What one scan sees of the keys of a grouping's rows.

use std::ops::Range;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use polars::prelude::{Column, DataType as PlType, PolarsResult, polars_bail};

use super::hashes::{Counted, Hashes, PARTITIONS};
use super::keys::Hash;
use super::rising::{Stretch, Stretches, stretch};

/// What was seen of the keys of rows.
pub(super) struct Seen {
    hash: Hash,
    /// The engine's types of the keys, whose hashes differ from those of other types.
    types: OnceLock<Vec<PlType>>,
    order: Mutex<Order>,
    hashes: Hashes,
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

    fn of(hash: Hash, partitions: Range<usize>, most: usize, rising: Option<Stretches>) -> Self {
        let order = Mutex::new(Order { rows: 0, rising });
        Self { hash, types: OnceLock::new(), order, hashes: Hashes::of(partitions, most) }
    }

    fn order(&self) -> MutexGuard<'_, Order> {
        // Whoever panicked with it: that ends the query.
        self.order.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds rows with these keys.
    pub(super) fn add(&self, keys: &[Column]) -> PolarsResult<()> {
        let rows = keys.first().map_or(0, Column::len);
        if rows == 0 {
            return Ok(());
        }
        let types: Vec<PlType> = keys.iter().map(|key| key.dtype().clone()).collect();
        if *self.types.get_or_init(|| types.clone()) != types {
            polars_bail!(ComputeError: "keys of one column have different types");
        }
        let may_rise = self.order().rising.is_some();
        let stretch = if may_rise { stretch(keys)? } else { None };
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

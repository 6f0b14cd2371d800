//! What one scan sees of the keys of a grouping's rows.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use polars::prelude::{Column, DataType as PlType, PolarsResult, polars_bail};

use super::hashes::{Counted, Hashes, Taken};
use super::sorted_stretches::{Stretch, Stretches, stretch};
use crate::engine::SpillError;
use crate::engine::polars::memory::Allotment;
use crate::engine::polars::query::{Hash, Rows};

/// What was seen of the keys of rows.
pub(super) struct Recorder {
    hash: Hash,
    /// The engine's types of the keys, whose hashes differ from those of other types.
    types: OnceLock<Vec<PlType>>,
    order: Mutex<Order>,
    hashes: Hashes,
    /// Whether a hash may be that of different keys.
    inexact: AtomicBool,
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

/// What the keys of all rows come to.
pub(super) struct RecordedKeys {
    /// How many rows there are.
    pub(in crate::engine::polars) rows: u64,
    /// Their hashes.
    pub(super) counted: Counted,
    /// Whether these are different of different keys for certain.
    pub(in crate::engine::polars) exact: bool,
}

impl Recorder {
    /// Nothing yet, and by what keys are hashed, of which at most so many are held.
    pub(super) fn new(hash: Hash, room: Allotment) -> Self {
        Self::start(hash, room, Some(Stretches::default()))
    }

    /// The same for a further scan, because the order of keys has told nothing.
    pub(super) fn hashing_only(hash: Hash, room: Allotment) -> Self {
        Self::start(hash, room, None)
    }

    fn start(hash: Hash, room: Allotment, rising: Option<Stretches>) -> Self {
        Self {
            hash,
            types: OnceLock::new(),
            order: Mutex::new(Order { rows: 0, rising }),
            hashes: Hashes::new(room),
            inexact: AtomicBool::new(false),
            shown: AtomicU64::new(0),
        }
    }

    fn order(&self) -> MutexGuard<'_, Order> {
        // A poisoned lock only means that another thread panicked; the query fails for that reason, and what
        // it saw is dropped.
        self.order.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds the rows that are grouped.
    pub(super) fn record(&self, rows: &Rows) -> PolarsResult<()> {
        self.shown.fetch_add(rows.height() as u64, Ordering::Relaxed);
        self.add(&rows.grouped_keys()?)
    }

    /// How many rows it was shown since this was last asked.
    pub(super) fn take_rows_shown(&self) -> u64 {
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
        let hashed = (self.hash)(keys)?;
        self.inexact.fetch_or(!hashed.exact, Ordering::Relaxed);
        self.hashes.add(&hashed.hashes, rises);
        Ok(())
    }

    /// What all of them come to; nothing, if a further scan must tell.
    pub(in crate::engine::polars) fn finish(&self) -> Result<Option<RecordedKeys>, SpillError> {
        let order = self.order();
        let counted = match order.rising {
            Some(_) => Taken::Counted(Counted::all_once(order.rows)),
            None => self.hashes.take()?,
        };
        Ok(match counted {
            Taken::Counted(counted) => {
                let exact = !self.inexact.load(Ordering::Relaxed);
                Some(RecordedKeys { rows: order.rows, counted, exact })
            }
            Taken::LetGo => None,
        })
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

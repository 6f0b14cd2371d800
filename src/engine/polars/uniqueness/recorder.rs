//! Records the keys of a grouping's rows during one scan: their order while they ascend, and their hashes.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use polars::prelude::{Column, DataType as PlType, PolarsResult, polars_bail};

use super::hashes::{Counted, Hashes, Taken};
use super::sorted_stretches::{Stretch, Stretches, stretch};
use crate::engine::SpillError;
use crate::engine::polars::memory::Allotment;
use crate::engine::polars::query::{Hash, Rows};

/// Records the keys of rows. Polars calls it from several threads.
pub(super) struct Recorder {
    hash: Hash,
    /// Polars' types of the keys. Equal keys of different types have different hashes, so all batches must
    /// agree.
    types: OnceLock<Vec<PlType>>,
    order: Mutex<Order>,
    hashes: Hashes,
    /// True if different keys may share a hash.
    inexact: AtomicBool,
    /// Number of rows passed to `record` since [`take_rows_shown`](Self::take_rows_shown), whether they
    /// belong to the grouping or not.
    shown: AtomicU64,
}

/// The order of the keys so far.
struct Order {
    /// Number of rows recorded.
    rows: u64,
    /// The ascending stretches, as long as no two of them overlap; `None` once some keys do not ascend.
    rising: Option<Stretches>,
}

/// The keys of all recorded rows.
pub(super) struct RecordedKeys {
    /// Number of rows.
    pub(in crate::engine::polars) rows: u64,
    /// Their hashes, counted.
    pub(super) counted: Counted,
    /// True if different keys are sure to have different hashes.
    pub(in crate::engine::polars) exact: bool,
}

impl Recorder {
    /// An empty recorder that first relies on the order of keys, and holds hashes within `room`.
    pub(super) fn new(hash: Hash, room: Allotment) -> Self {
        Self::start(hash, room, Some(Stretches::default()))
    }

    /// An empty recorder for a further scan, after keys turned out not to ascend.
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

    /// Records the rows that belong to the grouping.
    pub(super) fn record(&self, rows: &Rows) -> PolarsResult<()> {
        self.shown.fetch_add(rows.height() as u64, Ordering::Relaxed);
        self.add(&rows.grouped_keys()?)
    }

    /// Returns the number of rows passed to `record` since the last call.
    pub(super) fn take_rows_shown(&self) -> u64 {
        self.shown.swap(0, Ordering::Relaxed)
    }

    /// Records rows with these keys.
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

    /// Returns the recorded keys, or `None` if only a further scan can count them.
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
            Taken::Dropped => None,
        })
    }
}

impl Order {
    /// Adds rows and the stretch they form, if any. Returns true while all keys ascend.
    fn add(&mut self, rows: u64, stretch: Option<Stretch>) -> bool {
        self.rows += rows;
        let rises = self.rising.as_mut().zip(stretch).is_some_and(|(rising, stretch)| rising.add(stretch));
        if !rises {
            self.rising = None;
        }
        rises
    }
}

//! Counts duplicates that are too many for memory: one scan spills the keys and numbers of all rows,
//! partitioned by hash; then each partition is grouped in memory.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash as Hashable;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use polars::prelude::{
    BooleanChunked, Column, DataType as PlType, Expr, IntoColumn as _, NewChunkedArray as _, PlSmallStr,
    PolarsResult, Scalar, len, polars_bail,
};
use polars_core::runtime::RAYON;

use super::hashes::{PARTITIONS, part, partition};
use super::uniqueness::Scan;
use crate::data::{ColumnPath, DataType, Value};
use crate::engine::polars::expression::to_polars;
use crate::engine::polars::memory::{Allotment, Spilled};
use crate::engine::polars::metrics::key;
use crate::engine::polars::query::{COUNTED, FirstRows, Hash, Rows, cell, encoded, of_rows};
use crate::engine::{EngineError, SpillError};
use crate::metric::{GroupStatistic, Grouping, Measured, MetricId};
use crate::predicate::Typed;
use crate::source::files::ROW_COLUMN;

/// Bytes of a record before its key: the hash, the row number, and the length of the key.
const HEAD: usize = 20;
/// Upper bound on the memory of a group, as a multiple of its spilled record.
const GROUP: u64 = 8;
/// Least number of bytes grouped at once, however little memory there is.
const LEAST: usize = 4 << 10;
/// Column that counts the rows of the recording query.
const ROWS: &str = "\u{1}rows";
const SEEN: &str = "\u{1}seen";

/// The keys of rows, partitioned by hash.
pub(super) struct SpilledKeys {
    hash: Hash,
    /// True if a hash identifies its key, so that keys need not be stored.
    exact: bool,
    partitions: Vec<Mutex<Vec<u8>>>,
    /// Number of bytes in memory, and their limit.
    held: AtomicUsize,
    most: usize,
    spilled: Mutex<Spilled>,
    failed: OnceLock<SpillError>,
    /// Number of rows passed to `record`.
    shown: AtomicU64,
}

/// Statistics of the groups.
#[derive(Default)]
struct Groups {
    distinct: u64,
    singles: u64,
    duplicated_rows: u64,
    /// The first rows of the first duplicated groups, as many as are needed.
    first_rows: BTreeSet<u64>,
}

impl SpilledKeys {
    /// Measures statistics of a grouping by further scans.
    pub(super) fn measure(
        grouping: &Grouping,
        statistics: &[(MetricId, &GroupStatistic)],
        hash: Hash,
        exact: bool,
        room: &Allotment,
        scan: &mut Scan<'_>,
    ) -> Result<Vec<(MetricId, Measured)>, EngineError> {
        let limits = statistics.iter().filter_map(|(_, statistic)| match statistic {
            GroupStatistic::DuplicatedKeys { limit } => Some(*limit),
            _ => None,
        });
        // As many failing rows have at most as many keys, and these are among the first ones.
        let limit = limits.max().map_or(0, |limit| limit.max(COUNTED));
        let spilled = room.spills.file(PARTITIONS, room.rows * HEAD as u64)?;
        let keys = Arc::new(Self {
            hash,
            exact,
            partitions: (0..PARTITIONS).map(|_| Mutex::default()).collect(),
            held: AtomicUsize::new(0),
            most: room.bytes(),
            spilled: Mutex::new(spilled),
            failed: OnceLock::new(),
            shown: AtomicU64::new(0),
        });
        let recorder = keys.recording_expression(grouping);
        let recorded =
            scan(true, &|frame| frame.clone().select([recorder.clone().alias(SEEN), len().alias(ROWS)]))?;
        if let Some(failed) = keys.failed.get() {
            return Err(failed.clone().into());
        }
        if cell(&recorded, ROWS, 0)?.as_count() != Some(keys.shown.load(Ordering::Relaxed)) {
            return Err(EngineError::Query { reason: "it did not show every row once".into() });
        }
        let groups = keys.groups(limit)?;
        let of = |statistic: &GroupStatistic| match statistic {
            GroupStatistic::Distinct => Measured::Count(groups.distinct),
            GroupStatistic::Singles => Measured::Count(groups.singles),
            GroupStatistic::DuplicatedRows => Measured::Count(groups.duplicated_rows),
            _ => Measured::Keys(Vec::new()),
        };
        let mut values: Vec<_> = statistics.iter().map(|(id, statistic)| (*id, of(statistic))).collect();
        if !groups.first_rows.is_empty() {
            let found = keys_of(grouping, groups.first_rows, scan)?;
            for ((_, value), (_, statistic)) in values.iter_mut().zip(statistics) {
                if matches!(statistic, GroupStatistic::DuplicatedKeys { .. }) {
                    *value = Measured::Keys(found.clone());
                }
            }
        }
        Ok(values)
    }

    /// Returns an expression that records the keys of rows as a side effect, and counts the rows.
    fn recording_expression(self: &Arc<Self>, grouping: &Grouping) -> Expr {
        let keys = Arc::clone(self);
        let recorded = of_rows(&numbered(grouping), PlType::Boolean, move |rows| {
            keys.record(rows)?;
            Ok(Column::new_scalar(PlSmallStr::EMPTY, Scalar::from(true), rows.grouped.len()))
        });
        recorded.sum()
    }

    fn record(&self, rows: &Rows) -> PolarsResult<()> {
        self.shown.fetch_add(rows.height() as u64, Ordering::Relaxed);
        let grouped = rows.grouped_keys()?;
        let Some((numbers, keys)) = grouped.split_last() else {
            polars_bail!(ComputeError: "the number of rows is wanted");
        };
        if numbers.is_empty() || self.failed.get().is_some() {
            return Ok(());
        }
        let hashes = (self.hash)(keys)?.hashes;
        let encoded = if self.exact { None } else { Some(encoded(keys)?) };
        let numbers = numbers.cast(&PlType::UInt64)?;
        let mut records = vec![Vec::new(); PARTITIONS];
        for (row, (hash, number)) in hashes.into_iter().zip(numbers.u64()?.iter()).enumerate() {
            let key = encoded.as_ref().and_then(|encoded| encoded.get(row)).unwrap_or_default();
            let record: &mut Vec<u8> = &mut records[partition(hash)];
            record.extend(hash.to_le_bytes());
            record.extend(number.unwrap_or_default().to_le_bytes());
            let Ok(length) = u32::try_from(key.len()) else {
                polars_bail!(ComputeError: "a key has {} bytes", key.len());
            };
            record.extend(length.to_le_bytes());
            record.extend(key);
        }
        for (partition, records) in self.partitions.iter().zip(records) {
            self.held.fetch_add(records.len(), Ordering::Relaxed);
            lock(partition).extend(records);
        }
        if self.held.load(Ordering::Relaxed) > self.most
            && let Err(error) = self.spill()
        {
            // The query continues; `measure` returns the error.
            let _ = self.failed.set(error);
        }
        Ok(())
    }

    /// Spills all that is in memory, while threads that need memory wait.
    fn spill(&self) -> Result<(), SpillError> {
        let mut spilled = lock(&self.spilled);
        for (index, partition) in self.partitions.iter().enumerate() {
            let records = std::mem::take(&mut *lock(partition));
            self.held.fetch_sub(records.len(), Ordering::Relaxed);
            spilled.append(index, &records)?;
        }
        Ok(())
    }

    /// Groups all rows by their keys.
    fn groups(&self, limit: usize) -> Result<Groups, SpillError> {
        self.spill()?;
        let spilled = lock(&self.spilled);
        let groups = Mutex::new(Ok(Groups::default()));
        let room = (self.most / RAYON.current_num_threads()).max(LEAST) as u64;
        RAYON.scope(|scope| {
            for index in 0..PARTITIONS {
                let (groups, spilled) = (&groups, &*spilled);
                scope.spawn(move |_| {
                    let passes = (spilled.bytes_of(index) * GROUP).div_ceil(room);
                    for pass in 0..passes {
                        let found = if self.exact {
                            one_pass(spilled, index, pass, passes, |hash, _| hash)
                        } else {
                            one_pass(spilled, index, pass, passes, |_, key| Box::<[u8]>::from(key))
                        };
                        let mut groups = lock(groups);
                        match (&mut *groups, found) {
                            (Ok(groups), Ok(found)) => groups.add(found, limit),
                            (groups @ Ok(_), Err(error)) => *groups = Err(error),
                            (Err(_), _) => return,
                        }
                    }
                });
            }
        });
        groups.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The rows with one key.
struct Group {
    rows: u64,
    first: u64,
}

impl Groups {
    fn add(&mut self, groups: Vec<Group>, limit: usize) {
        self.distinct += groups.len() as u64;
        for group in groups {
            if group.rows == 1 {
                self.singles += 1;
                continue;
            }
            self.duplicated_rows += group.rows;
            self.first_rows.insert(group.first);
            if self.first_rows.len() > limit {
                self.first_rows.pop_last();
            }
        }
    }
}

/// Returns the groups of one of `passes` equal ranges of a partition.
fn one_pass<K: Eq + Hashable>(
    spilled: &Spilled,
    index: usize,
    pass: u64,
    passes: u64,
    key: impl Fn(u64, &[u8]) -> K,
) -> Result<Vec<Group>, SpillError> {
    let mut groups: HashMap<K, Group> = HashMap::new();
    let mut unread: Vec<u8> = Vec::new();
    spilled.read(index, 1, |bytes| {
        unread.extend(bytes);
        let mut rest = unread.as_slice();
        while let Some((record, after)) = Record::first(rest) {
            rest = after;
            if passes == 1 || part(record.hash, passes) == pass {
                let group =
                    groups.entry(key(record.hash, record.key)).or_insert(Group { rows: 0, first: u64::MAX });
                group.rows += 1;
                group.first = group.first.min(record.row);
            }
        }
        let read = unread.len() - rest.len();
        unread.drain(..read);
    })?;
    Ok(groups.into_values().collect())
}

/// A spilled row with its key.
struct Record<'a> {
    hash: u64,
    row: u64,
    key: &'a [u8],
}

impl<'a> Record<'a> {
    /// Splits off the first record, if it is complete, and returns the rest.
    fn first(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (head, rest) = bytes.split_first_chunk::<HEAD>()?;
        let (hash, head) = head.split_first_chunk()?;
        let (row, length) = head.split_first_chunk()?;
        let length = usize::try_from(u32::from_le_bytes(*length.first_chunk()?)).ok()?;
        let (key, rest) = rest.split_at_checked(length)?;
        Some((Self { hash: u64::from_le_bytes(*hash), row: u64::from_le_bytes(*row), key }, rest))
    }
}

/// Fetches the keys of rows with these numbers, in the order of the numbers.
fn keys_of(
    grouping: &Grouping,
    rows: BTreeSet<u64>,
    scan: &mut Scan<'_>,
) -> Result<Vec<Vec<Value>>, EngineError> {
    let kept = FirstRows::new(rows.len(), None);
    let only_numbers = Grouping { keys: vec![row_number()], filter: grouping.filter.clone() };
    let is_one = of_rows(&only_numbers, PlType::Boolean, move |some| {
        let is_one = |number: Option<u64>| number.is_some_and(|number| rows.contains(&number));
        let numbers = some.keys[0].cast(&PlType::UInt64)?;
        let among: Vec<bool> = numbers.u64()?.iter().map(is_one).collect();
        Ok(BooleanChunked::from_slice(PlSmallStr::EMPTY, &among).into_column())
    });
    let number = to_polars(&row_number());
    let fields = grouping.keys.iter().enumerate();
    let fields = fields.map(|(index, key)| to_polars(key).alias(format!("k{index}"))).collect();
    let keep = kept.keep(&is_one, number, fields).alias(SEEN);
    scan(true, &|frame| frame.clone().select([keep.clone()]))?;
    // The number comes first.
    let parts = |row| Ok(key(row)?.into_iter().skip(1).collect());
    kept.rows().into_iter().map(parts).collect()
}

/// Returns a grouping with the row number as its last key.
fn numbered(grouping: &Grouping) -> Grouping {
    let keys = grouping.keys.iter().cloned().chain([row_number()]).collect();
    Grouping { keys, filter: grouping.filter.clone() }
}

fn row_number() -> Typed {
    Typed::column(&ColumnPath::column(ROW_COLUMN), &DataType::INT64)
}

/// A poisoned lock only means that another thread panicked; the query fails for that reason.
fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

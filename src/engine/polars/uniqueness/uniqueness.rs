//! Finds duplicate keys without grouping all rows: by the order of keys, or else by their hashes.
//!
//! The judging pass hashes the keys of every row to 64 bits, beside all else that it measures. If keys ascend
//! from row to row, as in files sorted by them, there are no duplicates. Otherwise the hashes are sorted: if
//! none is repeated, no key is. A repeated hash is either a duplicate or a hash collision, so the rows with
//! repeated hashes, usually few, are grouped by their keys in the second scan. The result is exact whatever
//! hashes collide.
//!
//! The hashes take 8 bytes for each distinct key. They are collected over all parts of the table, so that
//! files can be read a group at a time. Hashes that exceed their memory are spilled. If even the repeated
//! ones exceed it, a further scan spills the keys themselves, and groups them there.

use std::sync::Arc;

use polars::prelude::{
    Column, DataFrame, DataType as PlType, Expr, LazyFrame, PlSmallStr, PolarsResult, Scalar, len,
};

use super::collisions::CollisionCheck;
use super::recorder::{RecordedKeys, Recorder};
use super::spilled_keys::SpilledKeys;
use crate::engine::polars::memory::{Allotment, Budget};
use crate::engine::polars::query::{Hash, Rows, cell, hash, isolate, of_rows};
use crate::engine::{EngineError, SpillError};
use crate::metric::{GroupStatistic, Grouping, Measured, MetricId, Statistics};
use crate::plan::Plan;

/// Approximate bytes that a group takes in Polars, with two integers as its key.
const GROUP_BYTES: u64 = 150;
/// Column that counts the rows of the recording query.
const ROWS: &str = "\u{1}rows";

/// The groupings of a plan that only need duplicates to be found.
pub(in crate::engine::polars) struct Uniqueness<'a> {
    groupings: Vec<RecordedGrouping<'a>>,
    /// Where the hashes of each grouping are held.
    room: Allotment,
    recording: Recording,
}

/// The functions that recorders use. Tests replace them.
#[derive(Clone, Copy)]
pub(in crate::engine::polars) struct Recording {
    /// Computes the hashes of keys.
    pub(super) hash: Hash,
    /// Records some rows.
    pub(super) record: fn(&Recorder, &Rows) -> PolarsResult<()>,
}

impl Default for Recording {
    fn default() -> Self {
        Self { hash, record: Recorder::record }
    }
}

/// One of the groupings, with its recorder.
struct RecordedGrouping<'a> {
    grouping: &'a Grouping,
    statistics: Statistics<'a>,
    /// Records the keys of the current scan.
    recorder: Arc<Recorder>,
    state: State,
}

/// The progress and the usability of the recorded keys.
enum State {
    /// Every row so far was recorded.
    Whole,
    /// The recording query failed, or the hashes were dropped: a further scan starts again.
    Broken,
    /// All rows were recorded.
    Recorded(RecordedKeys),
    /// The recorded keys could not be spilled.
    Failed(SpillError),
    /// Polars did not pass each row to the recorder exactly once, or failed: the grouping must be executed.
    Distrusted,
}

/// The results of all groupings.
#[derive(Default)]
pub(in crate::engine::polars) struct Resolved<'a> {
    /// Values of metrics.
    pub(in crate::engine::polars) values: Vec<(MetricId, Measured)>,
    /// The groupings whose repeated hashes the second scan must resolve.
    pub(in crate::engine::polars) collisions: Vec<CollisionCheck<'a>>,
    /// Metrics that must be measured by grouping.
    pub(in crate::engine::polars) to_group: Vec<MetricId>,
    /// Metrics that failed, with their errors.
    pub(in crate::engine::polars) failed: Vec<(Vec<MetricId>, EngineError)>,
}

/// Runs one query on all rows, with their numbers if the flag is set.
pub(super) type Scan<'a> =
    dyn FnMut(bool, &dyn Fn(&LazyFrame) -> LazyFrame) -> Result<DataFrame, EngineError> + 'a;

impl<'a> Uniqueness<'a> {
    /// Returns the groupings of a plan that are worth recording, given the number of rows to expect, if it is known,
    /// and the memory budget.
    pub(in crate::engine::polars) fn of_plan(
        recording: Recording,
        plan: &'a Plan,
        rows: Option<u64>,
        budget: &Budget,
    ) -> Self {
        let mut groupings = plan.groupings_of_repeated();
        // Few groups are cheaper to make than to record, but their number is unknown. So may be the rows of a lazy frame.
        let may_be_too_many = rows.is_some_and(|rows| rows.saturating_mul(GROUP_BYTES) > budget.bytes_each());
        groupings.retain(|(_, statistics)| {
            may_be_too_many || statistics.iter().any(|(_, statistic)| statistic.is_of_duplicates())
        });
        let room = budget.allotment(rows);
        let groupings = groupings.into_iter().map(|(grouping, statistics)| {
            let recorder = Arc::new(Recorder::new(recording.hash, room.clone()));
            RecordedGrouping { grouping, statistics, recorder, state: State::Whole }
        });
        Self { groupings: groupings.collect(), room, recording }
    }

    /// Returns whether a metric is measured here.
    pub(in crate::engine::polars) fn measures(&self, metric: MetricId) -> bool {
        let statistics = self.groupings.iter().flat_map(|grouping| &grouping.statistics);
        statistics.into_iter().any(|(id, _)| *id == metric)
    }

    /// Returns expressions to select once on all rows of a part of the table. They are evaluated for their
    /// side effect, recording keys; pass their results to [`verify`](Self::verify).
    pub(in crate::engine::polars) fn recorders(&self) -> Vec<Expr> {
        self.recorders_of(&self.recording())
    }

    /// Returns the indices of the groupings that are still recorded.
    fn recording(&self) -> Vec<usize> {
        self.in_state(|state| matches!(state, State::Whole))
    }

    fn in_state(&self, is: impl Fn(&State) -> bool) -> Vec<usize> {
        (0..self.groupings.len()).filter(|number| is(&self.groupings[*number].state)).collect()
    }

    fn recorders_of(&self, numbers: &[usize]) -> Vec<Expr> {
        let recorder = |number: &usize| {
            self.groupings[*number]
                .recording_expression(self.recording.record)
                .alias(format!("\u{1}seen{number}"))
        };
        let mut recorders: Vec<Expr> = numbers.iter().map(recorder).collect();
        if !recorders.is_empty() {
            recorders.push(len().alias(ROWS));
        }
        recorders
    }

    /// Compares the rows passed to the recorders with the rows that the same query counted. Polars does
    /// evaluate an expression once for every row, but does not promise it: a row not recorded could be a
    /// duplicate missed.
    pub(in crate::engine::polars) fn verify(&mut self, recorded: &DataFrame) -> Result<(), EngineError> {
        self.verify_of(&self.recording(), recorded)
    }

    fn verify_of(&mut self, numbers: &[usize], recorded: &DataFrame) -> Result<(), EngineError> {
        let rows = cell(recorded, ROWS, 0)?.as_count();
        for number in numbers {
            let grouping = &mut self.groupings[*number];
            if rows != Some(grouping.recorder.take_rows_shown()) {
                grouping.end_as(State::Distrusted, self.recording.hash, &self.room);
            }
        }
        Ok(())
    }

    /// Discards the recorded keys after their query failed; a further scan records them again.
    pub(in crate::engine::polars) fn restart(&mut self) {
        for number in self.recording() {
            self.groupings[number].end_as(State::Broken, self.recording.hash, &self.room);
        }
    }

    /// Finishes the statistics of all groupings after all rows were read. Runs further scans where memory or
    /// a failed query makes them necessary.
    pub(in crate::engine::polars) fn resolve(
        mut self,
        scan: &mut Scan<'_>,
    ) -> Result<Resolved<'a>, EngineError> {
        let hash = self.recording.hash;
        loop {
            for number in self.recording() {
                let grouping = &mut self.groupings[number];
                let state = match grouping.recorder.finish() {
                    Ok(Some(keys)) => State::Recorded(keys),
                    Ok(None) => State::Broken,
                    Err(error) => State::Failed(error),
                };
                grouping.end_as(state, hash, &self.room);
            }
            let unfinished = self.in_state(|state| matches!(state, State::Broken));
            if unfinished.is_empty() {
                break;
            }
            let isolated = isolate(&unfinished, &mut |numbers| {
                for number in numbers {
                    let grouping = &mut self.groupings[*number];
                    grouping.recorder = Arc::new(Recorder::hashing_only(hash, self.room.clone()));
                    grouping.state = State::Whole;
                }
                let recorders = self.recorders_of(numbers);
                let recorded = scan(false, &|frame| frame.clone().select(&recorders))?;
                self.verify_of(numbers, &recorded)
            })?;
            for (number, _) in isolated.failed {
                self.groupings[number].end_as(State::Distrusted, hash, &self.room);
            }
        }
        let mut resolved = Resolved::default();
        for grouping in self.groupings {
            grouping.resolve(hash, &self.room, scan, &mut resolved)?;
        }
        Ok(resolved)
    }
}

impl<'a> RecordedGrouping<'a> {
    /// Returns an expression that records the keys of rows as a side effect, and counts the rows.
    fn recording_expression(&self, record: fn(&Recorder, &Rows) -> PolarsResult<()>) -> Expr {
        let recorder = Arc::clone(&self.recorder);
        let recorded = of_rows(self.grouping, PlType::Boolean, move |rows| {
            record(&recorder, rows)?;
            Ok(Column::new_scalar(PlSmallStr::EMPTY, Scalar::from(true), rows.grouped.len()))
        });
        recorded.sum()
    }

    /// Ends the recording in a state, and frees the recorded keys.
    fn end_as(&mut self, state: State, hash: Hash, room: &Allotment) {
        self.state = state;
        self.recorder = Arc::new(Recorder::hashing_only(hash, room.clone()));
    }

    /// Finishes the statistics of one grouping. Repeated hashes that may be collisions, or whose keys are
    /// asked for, are left to the second scan; if there are too many of them, a further scan groups the
    /// spilled keys.
    fn resolve(
        self,
        hash: Hash,
        room: &Allotment,
        scan: &mut Scan<'_>,
        resolved: &mut Resolved<'a>,
    ) -> Result<(), EngineError> {
        let Self { grouping, statistics, state, .. } = self;
        let ids = || statistics.iter().map(|(id, _)| *id).collect();
        let keys = match state {
            State::Recorded(keys) => keys,
            State::Failed(error) => {
                resolved.failed.push((ids(), error.into()));
                return Ok(());
            }
            State::Whole | State::Broken | State::Distrusted => {
                resolved.to_group.extend(ids());
                return Ok(());
            }
        };
        let asks_for_keys =
            statistics.iter().any(|(_, of)| matches!(of, GroupStatistic::DuplicatedKeys { .. }));
        if keys.counted.more == 0 || (keys.exact && !asks_for_keys) {
            resolved.values.extend(statistics.into_iter().map(|(id, of)| (id, statistic_of(of, &keys))));
            return Ok(());
        }
        // Each repeated hash becomes a group in memory.
        let fit = keys.counted.more.saturating_mul(GROUP_BYTES) <= room.bytes() as u64;
        if let (true, Some(repeated)) = (fit, keys.counted.repeated) {
            resolved.collisions.push(CollisionCheck::new(
                grouping,
                statistics,
                hash,
                keys.counted.once,
                repeated,
            ));
            return Ok(());
        }
        match SpilledKeys::measure(grouping, &statistics, hash, keys.exact, room, scan) {
            Ok(values) => resolved.values.extend(values),
            Err(error) if error.is_of_query() => resolved.failed.push((ids(), error)),
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

/// Returns a statistic of a grouping whose keys have distinct hashes.
fn statistic_of(statistic: &GroupStatistic, keys: &RecordedKeys) -> Measured {
    match statistic {
        GroupStatistic::Distinct => Measured::Count(keys.counted.once + keys.counted.more),
        GroupStatistic::Singles => Measured::Count(keys.counted.once),
        GroupStatistic::DuplicatedRows => Measured::Count(keys.rows - keys.counted.once),
        // There are no repeated keys, or none are asked for; no other statistic is recorded.
        _ => Measured::Keys(Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use polars::prelude::{IntoLazy as _, ParquetWriter, PolarsResult, df};

    use super::*;
    use crate::engine::Control;
    use crate::engine::polars::engine::PolarsEngine;
    use crate::engine::polars::open;
    use crate::engine::polars::query::Hashed;
    use crate::engine::polars::snapshot::Snapshot;
    use crate::engine::{Execution, Measurements};
    use crate::expectation::OtherSchemas as Known;
    use crate::plan::bind;
    use crate::plan::{BindOptions, FailingCount, JudgedBy};
    use crate::source::At;
    use crate::source::store::StorageOptions;
    use crate::suite::Suite;

    const SUITE: &str = "{suite: s, columns: {n: [unique, {distinct_count: {min: 0}}]}}";

    /// The results of the engine for the keys of a column `n`.
    #[derive(Debug, PartialEq)]
    struct Found {
        duplicated: u64,
        distinct: u64,
        /// The positions of the failing rows that were shown.
        rows: Vec<Option<u64>>,
    }

    /// Measures the plan with a way of recording keys, and returns the results and the cost.
    fn measured(
        recording: Recording,
        group_bytes: u64,
        memory: u64,
        snapshot: &Snapshot,
    ) -> (Found, Execution) {
        let options = BindOptions {
            samples: 3,
            all_rows: false,
            key: &[],
            now: chrono::DateTime::UNIX_EPOCH,
            selected: &|_| true,
            others: &Known::default(),
        };
        let plan = bind(&Suite::from_yaml(SUITE).unwrap(), &snapshot.schema, &options).unwrap();
        let control = Control { memory, ..Control::default() };
        let engine = PolarsEngine { group_bytes };
        let measured = engine.measure_recording(recording, &plan, snapshot, &BTreeMap::new(), control);
        let Measurements { measured, samples, execution, .. } = measured.unwrap();
        let Ok(JudgedBy::Rows { failing: FailingCount::Metric(duplicated), .. }) = &plan.checks[0].judged_by
        else {
            panic!("{plan:?}");
        };
        let Ok(JudgedBy::Measured { metrics: distinct, .. }) = &plan.checks[1].judged_by else {
            panic!("{plan:?}")
        };
        let [duplicated, distinct] =
            [*duplicated, distinct[0]].map(|of| measured[of].as_ref().unwrap().count().unwrap());
        let rows = samples[0].rows.iter().map(|row| row.position).collect();
        (Found { duplicated, distinct, rows }, execution)
    }

    /// Measures a frame with a hash function, and returns the results and the number of further scans.
    fn hashed(hash: Hash, memory: u64, keys: &[i64]) -> (Found, u64) {
        let snapshot = Snapshot::from_lazy("memory", df!("n" => keys).unwrap().lazy()).unwrap();
        let recording = Recording { hash, ..Recording::default() };
        let (found, execution) = measured(recording, PolarsEngine::default().group_bytes, memory, &snapshot);
        (found, execution.scans - 1)
    }

    fn found(duplicated: u64, distinct: u64, rows: &[u64]) -> Found {
        Found { duplicated, distinct, rows: rows.iter().copied().map(Some).collect() }
    }

    /// A hash function with few distinct values, or a single one.
    fn colliding<const DIFFERENT: i64>(keys: &[Column]) -> PolarsResult<Hashed> {
        let hash = |key: Option<i64>| (key.unwrap_or(0) % DIFFERENT).unsigned_abs() << 60;
        Ok(Hashed { hashes: keys[0].i64()?.iter().map(hash).collect(), exact: false })
    }

    #[test]
    fn whatever_hashes_collide_what_is_told_is_exact() {
        for (by, memory) in [hash, colliding::<1>, colliding::<3>].into_iter().zip([0, 2_000, u64::MAX]) {
            assert_eq!(hashed(by, memory, &[9, 4, 7, 4, 1, 2, 7, 7, 8]).0, found(5, 6, &[1, 2, 3]));
            assert_eq!(hashed(by, memory, &[9, 4, 7, 5, 1]).0, found(0, 5, &[]));
        }
    }

    #[test]
    fn further_scans_are_those_that_doubt_or_memory_need() {
        let scans = |by, memory, keys: &[i64]| hashed(by, memory, keys).1;
        assert_eq!(scans(hash, u64::MAX, &[9, 4, 5]), 0);
        assert_eq!(scans(hash, u64::MAX, &[9, 4, 4]), 1);
        assert_eq!(scans(colliding::<1>, u64::MAX, &[9, 4, 5]), 1);
        assert_eq!(scans(colliding::<1>, u64::MAX, &[9, 4, 4]), 2);
        // While keys ascend, no hash is needed, nor held.
        assert_eq!(scans(colliding::<1>, 0, &[3, 4, 9]), 0);
        // Spilled hashes need no further scan. If there are too many repeated keys, the keys are spilled too,
        // then the keys that are shown are fetched, and then their rows. The keys descend, in whatever
        // batches and in whatever order these come.
        let fall: Vec<i64> = (0..10_000).rev().collect();
        assert_eq!(scans(hash, 0, &fall), 0);
        assert_eq!(scans(colliding::<3>, 0, &[9, 4, 5, 9, 4, 5]), 3);
        // While keys ascend, hashes that exceed the memory are dropped; once a key is smaller, one more scan
        // counts them all.
        let falls: Vec<i64> = (0..300_000).chain([3]).collect();
        assert_eq!(scans(hash, 0, &falls), 4);
    }

    /// Number of batches that the engine has shown.
    static BATCHES: AtomicUsize = AtomicUsize::new(0);

    /// Records the first batch `TIMES` times, as if the engine had evaluated it that often.
    fn first_batch<const TIMES: usize>(recorder: &Recorder, rows: &Rows) -> PolarsResult<()> {
        let times = if BATCHES.fetch_add(1, Ordering::SeqCst) == 0 { TIMES } else { 1 };
        (0..times).try_for_each(|_| recorder.record(rows))
    }

    /// Records nothing, as if the engine had pruned the recorder.
    #[expect(clippy::unnecessary_wraps, reason = "it stands for what may fail")]
    fn never(_: &Recorder, _: &Rows) -> PolarsResult<()> {
        Ok(())
    }

    #[test]
    fn keys_that_the_engine_did_not_show_once_each_are_grouped() {
        let folder = tempfile::tempdir().unwrap();
        // No key is repeated within a file.
        for (file, keys) in [[4_i64, 9, 2], [9, 1, 4], [7, 8, 9]].iter().enumerate() {
            let mut frame = df!("n" => keys).unwrap();
            let file = std::fs::File::create(folder.path().join(format!("{file}.parquet"))).unwrap();
            ParquetWriter::new(file).finish(&mut frame).unwrap();
        }
        let uri = folder.path().display().to_string();
        let files = open(&uri, At::Latest, &StorageOptions::default()).unwrap();
        let frame = df!("n" => [4_i64, 9, 2, 9, 1, 4, 7, 8, 9]).unwrap().lazy();
        let frame = Snapshot::from_lazy("memory", frame).unwrap();
        let ways = [Recorder::record, first_batch::<0>, first_batch::<2>, never];
        for (snapshot, group_bytes) in [(&files, 1), (&files, u64::MAX), (&frame, u64::MAX)] {
            for (index, record) in ways.into_iter().enumerate() {
                BATCHES.store(0, Ordering::SeqCst);
                let recording = Recording { record, ..Recording::default() };
                let (measured, execution) = measured(recording, group_bytes, u64::MAX, snapshot);
                assert_eq!(measured, found(5, 6, &[0, 1, 3]), "{index}");
                // One scan to judge, one for the rows, and between them one to group the rows.
                assert_eq!(execution.scans, if index == 0 { 2 } else { 3 }, "{index}");
            }
        }
    }
}

//! Whether keys come twice, told without grouping: by their order, or else by their hashes.
//!
//! The judging pass hashes the keys of every row to 64 bits beside all that it does. If keys rise from
//! row to row, as they do where files are sorted by them, that tells that none comes twice. Else the
//! hashes are sorted: if none comes twice, no key does. If some do, so may keys, or two different
//! keys have one hash: the rows with these hashes, few as a rule, are grouped by their keys in the
//! second pass. Whatever hashes collide, what is told is exact.
//!
//! The hashes take 8 bytes for each distinct key. Those of parts of the rows add up, so that
//! uniqueness can be told a group of files at a time. Where they would take more memory than they
//! may, further scans tell the keys whose hashes the first one had to leave out; keys that rise to
//! the end need none. Where the groups of repeated keys would take more, they too are made in several
//! scans.

use std::sync::Arc;

use polars::prelude::{Column, DataFrame, DataType as PlType, Expr, LazyFrame, PlSmallStr, Scalar};

use super::EngineError;
use super::doubtful::Doubtful;
use super::hashes::{Counted, PARTITIONS};
use super::keys::{Hash, hash, of_rows};
use super::seen::Seen;
use crate::data::Value;
use crate::metric::{GroupStatistic, Grouping, Statistics};
use crate::plan::Plan;

/// The bytes that a group takes in the engine, about, where its keys are two integers.
const GROUP_BYTES: u64 = 150;
/// Groupings may take one of so many parts of the memory: a scan needs some too.
const PARTS: u64 = 2;

/// The groupings of a plan of which no more is asked than whether keys come twice.
#[derive(Default)]
pub(super) struct Uniqueness<'a> {
    sought: Vec<Sought<'a>>,
    /// How many bytes each of them may take.
    most: u64,
}

/// One of them.
struct Sought<'a> {
    grouping: &'a Grouping,
    statistics: Statistics<'a>,
    hash: Hash,
    /// What the scans so far have told.
    counted: Counted,
    /// What the next one sees.
    seen: Arc<Seen>,
}

/// What was told of groupings.
#[derive(Default)]
pub(super) struct Told<'a> {
    /// Values of metrics, by their positions.
    pub(super) values: Vec<(usize, Value)>,
    /// The groupings that the second pass must tell.
    pub(super) doubtful: Vec<Doubtful<'a>>,
}

/// Runs one query on all rows, which say their numbers if they are asked to.
pub(super) type Scan<'a> =
    dyn FnMut(bool, &dyn Fn(&LazyFrame) -> LazyFrame) -> Result<DataFrame, EngineError> + 'a;

impl<'a> Uniqueness<'a> {
    /// Those of a plan for so many rows, as far as that is known, in so many bytes of memory.
    pub(super) fn of(plan: &'a Plan, rows: Option<u64>, memory: u64) -> Self {
        Self::by(hash, plan, rows, memory)
    }

    pub(super) fn by(hash: Hash, plan: &'a Plan, rows: Option<u64>, memory: u64) -> Self {
        let mut groupings = plan.groupings_of_repeated();
        let most = memory / PARTS / u64::try_from(groupings.len().max(1)).unwrap_or(u64::MAX);
        // Few groups are sooner made than told by hashes; but whether they are few is not known.
        let may_be_too_many = rows.is_some_and(|rows| rows.saturating_mul(GROUP_BYTES) > most);
        groupings.retain(|(_, statistics)| {
            may_be_too_many || statistics.iter().any(|(_, statistic)| statistic.is_of_duplicates())
        });
        let sought = groupings.into_iter().map(|(grouping, statistics)| {
            let seen = Arc::new(Seen::new(hash, hashes_in(most)));
            Sought { grouping, statistics, hash, counted: Counted::default(), seen }
        });
        Self { sought: sought.collect(), most }
    }

    /// Whether it tells a metric, by its position.
    pub(super) fn tells(&self, metric: usize) -> bool {
        let statistics = self.sought.iter().flat_map(|sought| &sought.statistics);
        statistics.into_iter().any(|(position, _)| *position == metric)
    }

    /// What is to be selected of each part of the rows, once. The values do not matter.
    pub(super) fn expressions(&self) -> Vec<Expr> {
        let unfinished = self.sought.iter().filter(|sought| !sought.is_finished());
        unfinished
            .enumerate()
            .map(|(index, sought)| sought.expression().alias(format!("\u{1}seen{index}")))
            .collect()
    }

    /// What all rows tell, once they are seen; with further scans, where memory makes them necessary.
    pub(super) fn told(mut self, scan: &mut Scan<'_>) -> Result<Told<'a>, EngineError> {
        loop {
            for sought in self.sought.iter_mut().filter(|sought| !sought.is_finished()) {
                sought.count(hashes_in(self.most));
            }
            let expressions = self.expressions();
            if expressions.is_empty() {
                break;
            }
            scan(false, &|frame| frame.clone().select(&expressions))?;
        }
        let most_groups = usize::try_from(self.most / GROUP_BYTES).unwrap_or(usize::MAX);
        let mut told = Told::default();
        for Sought { grouping, statistics, hash, counted, .. } in self.sought {
            if counted.repeated.is_empty() {
                let once = |(position, of): (usize, &GroupStatistic)| (position, of_single(of, counted.once));
                told.values.extend(statistics.into_iter().map(once));
                continue;
            }
            let ranges = counted.repeated.ranges(most_groups);
            let doubtful = Doubtful::new((grouping, statistics), hash, counted);
            if let [_] = ranges.as_slice() {
                told.doubtful.push(doubtful);
                continue;
            }
            let parts =
                ranges.into_iter().map(|range| scan(true, &|frame| doubtful.query(frame, 0, range.clone())));
            told.values.extend(doubtful.found(&parts.collect::<Result<Vec<_>, _>>()?)?.values);
        }
        Ok(told)
    }
}

/// How many hashes have room in so many bytes.
fn hashes_in(bytes: u64) -> usize {
    usize::try_from(bytes / 8).unwrap_or(usize::MAX)
}

impl Sought<'_> {
    fn is_finished(&self) -> bool {
        self.counted.end == PARTITIONS
    }

    fn expression(&self) -> Expr {
        let seen = Arc::clone(&self.seen);
        let see = of_rows(self.grouping, PlType::Boolean, move |rows| {
            seen.add(&rows.grouped_keys()?)?;
            Ok(Column::new_scalar(PlSmallStr::EMPTY, Scalar::from(true), rows.grouped.len()))
        });
        see.sum()
    }

    /// Counts what was seen, and makes ready for the next scan.
    fn count(&mut self, most: usize) {
        let start = self.counted.end;
        self.counted.add(self.seen.counted());
        let end = self.counted.end;
        // As many partitions as had room, if any.
        let next = if end > start { PARTITIONS.min(end + (end - start)) } else { PARTITIONS };
        self.seen = Arc::new(Seen::again(self.hash, end..next, most));
    }
}

/// A statistic of so many groups of one row each.
fn of_single(statistic: &GroupStatistic, groups: u64) -> Value {
    match statistic {
        GroupStatistic::Distinct | GroupStatistic::Singles => Value::Integer(groups.into()),
        GroupStatistic::DuplicatedRows => Value::Integer(0),
        GroupStatistic::DuplicatedKeys { .. } => Value::List(Vec::new()),
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use polars::prelude::{IntoLazy as _, PolarsResult, df};

    use super::super::execute::execute;
    use super::super::judging::{self, Judged};
    use super::super::others::Others;
    use super::super::proof::Proof;
    use super::super::second::{Second, second};
    use super::*;
    use crate::expectation::Others as Known;
    use crate::plan::{BindOptions, bind};
    use crate::source::{Snapshot, Trust};
    use crate::suite::Suite;

    const SUITE: &str = "{suite: s, columns: {n: [unique, {distinct_count: {min: 0}}]}}";

    /// The duplicated rows, the distinct keys, the rows shown, and how many further scans that took.
    fn measured(hash: Hash, memory: u64, keys: &[i64]) -> (Value, Value, Vec<Option<u64>>, usize) {
        let snapshot = Snapshot::from_lazy("memory", df!("n" => keys).unwrap().lazy()).unwrap();
        let options = BindOptions {
            samples: 3,
            key: &[],
            now: chrono::DateTime::UNIX_EPOCH,
            selected: &|_| true,
            others: &Known::default(),
        };
        let plan = bind(&Suite::from_yaml(SUITE).unwrap(), &snapshot.schema, &options).unwrap();
        let position = |wanted: &GroupStatistic| {
            let groupings = plan.groupings_of_repeated();
            groupings[0].1.iter().find(|(_, statistic)| *statistic == wanted).unwrap().0
        };
        let uniqueness = Uniqueness::by(hash, &plan, None, memory);
        let frame = snapshot.frame(&[], false).unwrap();
        let beside = (&Others::default(), &uniqueness);
        let wanted: Vec<usize> = (0..plan.metrics.len()).collect();
        let Judged { mut values, .. } =
            judging::measure((&snapshot, &frame), (&plan.metrics, &wanted), beside, Vec::new()).unwrap();
        let mut scans = 0;
        let told = uniqueness.told(&mut |places, query| {
            scans += 1;
            let frame = snapshot.frame(&[], places)?;
            Ok(execute(vec![query(&frame)], &snapshot)?.frames.remove(0))
        });
        let Told { values: told, mut doubtful } = told.unwrap();
        let give = |told: Vec<(usize, Value)>, values: &mut Vec<Value>| {
            for (position, value) in told {
                values[position] = value;
            }
        };
        give(told, &mut values);
        let proof = Proof::of(&plan, &snapshot, Trust::None).unwrap();
        loop {
            let Second { samples, told, collided, executed, .. } =
                second((&plan, &values), (&doubtful, &proof), &[], &snapshot).unwrap();
            scans += usize::from(executed.scans > 0);
            give(told, &mut values);
            if !collided {
                let value = |statistic| values[position(&statistic)].clone();
                let rows = samples[0].rows.iter().map(|row| row.position).collect();
                let counts = [GroupStatistic::DuplicatedRows, GroupStatistic::Distinct].map(value);
                let [duplicated, distinct] = counts;
                return (duplicated, distinct, rows, scans);
            }
            doubtful.clear();
        }
    }

    /// Hashes that tell few keys apart, or none.
    fn colliding<const DIFFERENT: i64>(keys: &[Column]) -> PolarsResult<Vec<u64>> {
        Ok(keys[0].i64()?.iter().map(|key| (key.unwrap_or(0) % DIFFERENT).unsigned_abs() << 60).collect())
    }

    #[test]
    fn whatever_hashes_collide_what_is_told_is_exact() {
        let integer = Value::Integer;
        for (by, memory) in [hash, colliding::<1>, colliding::<3>].into_iter().zip([0, 2_000, u64::MAX]) {
            let keys = [9, 4, 7, 4, 1, 2, 7, 7, 8];
            let (duplicated, distinct, rows, _) = measured(by, memory, &keys);
            assert_eq!((duplicated, distinct), (integer(5), integer(6)));
            assert_eq!(rows, [Some(1), Some(2), Some(3)]);
            let (duplicated, distinct, rows, _) = measured(by, memory, &[9, 4, 7, 5, 1]);
            assert_eq!((duplicated, distinct, rows), (integer(0), integer(5), Vec::new()));
        }
    }

    #[test]
    fn further_scans_are_those_that_doubt_or_memory_need() {
        let scans = |by, memory, keys: &[i64]| measured(by, memory, keys).3;
        assert_eq!(scans(hash, u64::MAX, &[9, 4, 5]), 0);
        assert_eq!(scans(hash, u64::MAX, &[9, 4, 4]), 1);
        assert_eq!(scans(colliding::<1>, u64::MAX, &[9, 4, 5]), 1);
        assert_eq!(scans(colliding::<1>, u64::MAX, &[9, 4, 4]), 2);
        // Of keys that rise, no hash is asked, nor need it be held.
        assert_eq!(scans(colliding::<1>, 0, &[3, 4, 9]), 0);
        // With room for no hash, of each they are told by themselves. With room for one group, each is
        // made by itself, and then the rows are fetched.
        assert!(scans(hash, 0, &[9, 4, 5]) >= 2);
        assert_eq!(scans(colliding::<3>, 300, &[9, 4, 5, 9, 4, 5]), 4);
    }
}

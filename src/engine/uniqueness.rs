//! Whether keys come twice, told without grouping: by their order, or else by their hashes.
//!
//! The judging pass hashes the keys of every row to 64 bits beside all that it does. If keys rise from
//! row to row, as they do where files are sorted by them, that tells that none comes twice. Else the
//! hashes are sorted: if none comes twice, no key does. If some do, so may keys, or two different
//! keys have one hash: the rows with these hashes, few as a rule, are grouped by their keys in the
//! second pass. Whatever hashes collide, what is told is exact.
//!
//! The hashes take 8 bytes for each distinct key. Those of parts of the rows add up, so that
//! uniqueness can be told a group of files at a time.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use polars::prelude::{
    BooleanChunked, Column, DataFrame, DataType as PlType, Expr, IntoColumn as _, LazyFrame,
    NewChunkedArray as _, PlSmallStr, PolarsResult, Scalar, polars_bail,
};

use super::EngineError;
use super::groups::{groups_among, normal, statistic};
use super::hashes::{Counted, Hashes, Repeated};
use super::keys::{Hash, hash, of_rows};
use super::rising::{Stretches, stretch};
use super::values::cell;
use crate::data::Value;
use crate::metric::{GroupStatistic, Grouping};
use crate::plan::Plan;

/// How many keys only share their hash with others.
const COLLIDED: &str = "\u{1}collided";

/// The groupings of a plan of which no more is asked than whether keys come twice.
#[derive(Default)]
pub(super) struct Uniqueness<'a>(Vec<Sought<'a>>);

/// One of them.
struct Sought<'a> {
    grouping: &'a Grouping,
    metrics: Metrics<'a>,
    seen: Arc<Seen>,
}

/// Statistics of a grouping, with their positions in the plan's metrics.
type Metrics<'a> = Vec<(usize, &'a GroupStatistic)>;

/// A grouping with hashes that come twice.
pub(super) struct Doubtful<'a> {
    /// The grouping.
    pub(super) grouping: &'a Grouping,
    metrics: Metrics<'a>,
    hash: Hash,
    /// How many keys come once for certain.
    once: u64,
    repeated: Arc<Repeated>,
}

/// What a further scan found of one.
pub(super) struct Found {
    /// Values of metrics, by their positions.
    pub(super) values: Vec<(usize, Value)>,
    /// Whether different keys have one hash.
    pub(super) collided: bool,
}

/// What was told of groupings.
#[derive(Default)]
pub(super) struct Told<'a> {
    /// Values of metrics, by their positions.
    pub(super) values: Vec<(usize, Value)>,
    /// The groupings that the rows must be read for once more.
    pub(super) doubtful: Vec<Doubtful<'a>>,
}

impl<'a> Uniqueness<'a> {
    pub(super) fn of(plan: &'a Plan) -> Self {
        Self::by(hash, plan)
    }

    fn by(hash: Hash, plan: &'a Plan) -> Self {
        let sought = plan.uniqueness().into_iter();
        Self(
            sought
                .map(|(grouping, metrics)| Sought { grouping, metrics, seen: Arc::new(Seen::by(hash)) })
                .collect(),
        )
    }

    /// Whether it tells a metric, by its position.
    pub(super) fn tells(&self, metric: usize) -> bool {
        self.0.iter().any(|sought| sought.metrics.iter().any(|(position, _)| *position == metric))
    }

    /// What is to be selected of each part of the rows, once. The values do not matter.
    pub(super) fn expressions(&self) -> Vec<Expr> {
        let expression = |(index, sought): (usize, &Sought<'_>)| {
            let seen = Arc::clone(&sought.seen);
            let see = of_rows(sought.grouping, PlType::Boolean, move |rows| {
                seen.add(&rows.grouped_keys()?)?;
                Ok(Column::new_scalar(PlSmallStr::EMPTY, Scalar::from(true), rows.grouped.len()))
            });
            see.sum().alias(format!("\u{1}seen{index}"))
        };
        self.0.iter().enumerate().map(expression).collect()
    }

    /// What all rows tell, once they are seen.
    pub(super) fn told(self) -> Told<'a> {
        let mut told = Told::default();
        for Sought { grouping, metrics, seen } in self.0 {
            let Counted { once, repeated } = seen.counted();
            if repeated.is_empty() {
                told.values.extend(metrics.into_iter().map(|(position, of)| (position, of_single(of, once))));
            } else {
                let (hash, repeated) = (seen.hash, Arc::new(repeated));
                told.doubtful.push(Doubtful { grouping, metrics, hash, once, repeated });
            }
        }
        told
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

impl Doubtful<'_> {
    /// Whether a row is grouped and has one of the hashes that come twice; never null.
    pub(super) fn condition(&self) -> Expr {
        let (hash, repeated) = (self.hash, Arc::clone(&self.repeated));
        of_rows(self.grouping, PlType::Boolean, move |rows| {
            let hashes = hash(&rows.keys)?;
            let each = rows.grouped.iter().zip(hashes);
            let among: Vec<bool> =
                each.map(|(grouped, hash)| grouped == Some(true) && repeated.contains(hash)).collect();
            Ok(BooleanChunked::from_slice(PlSmallStr::EMPTY, &among).into_column())
        })
    }

    /// Its statistics, of the rows with those hashes; over a frame that numbers its rows.
    pub(super) fn query(&self, frame: &LazyFrame, number: usize) -> LazyFrame {
        let of = |of: &GroupStatistic| statistic(self.grouping, of);
        let columns = self.metrics.iter().map(|(position, wanted)| of(wanted).alias(name(*position)));
        let columns = columns.chain([of(&GroupStatistic::Singles).alias(COLLIDED)]);
        groups_among(frame, self.grouping, self.condition(), number).select(columns.collect::<Vec<_>>())
    }

    /// What that query found.
    pub(super) fn found(&self, result: &DataFrame) -> Result<Found, EngineError> {
        let mut values = Vec::with_capacity(self.metrics.len());
        for (position, wanted) in &self.metrics {
            let value = normal(wanted, cell(result, &name(*position), 0)?);
            let value = match (wanted, value.as_count()) {
                (GroupStatistic::Distinct | GroupStatistic::Singles, Some(count)) => {
                    Value::Integer((count + self.once).into())
                }
                _ => value,
            };
            values.push((*position, value));
        }
        let collided = cell(result, COLLIDED, 0)?.as_count().is_some_and(|keys| keys > 0);
        Ok(Found { values, collided })
    }
}

/// What was seen of the keys of rows.
struct Seen {
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
    fn by(hash: Hash) -> Self {
        let order = Order { rows: 0, rising: Some(Stretches::default()) };
        Self { hash, types: OnceLock::new(), order: Mutex::new(order), hashes: Hashes::new() }
    }

    fn order(&self) -> MutexGuard<'_, Order> {
        // Whoever panicked with it: that ends the query.
        self.order.lock().unwrap_or_else(PoisonError::into_inner)
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
        let may_rise = self.order().rising.is_some();
        let stretch = if may_rise { stretch(keys)? } else { None };
        let rises = {
            let mut order = self.order();
            order.rows += rows as u64;
            let rises =
                order.rising.as_mut().zip(stretch).is_some_and(|(rising, stretch)| rising.add(stretch));
            if !rises {
                order.rising = None;
            }
            rises
        };
        self.hashes.add(&(self.hash)(keys)?, rises);
        Ok(())
    }

    /// What all of them come to.
    fn counted(&self) -> Counted {
        let order = self.order();
        if order.rising.is_some() { Counted::all_once(order.rows) } else { self.hashes.take() }
    }
}

fn name(position: usize) -> PlSmallStr {
    PlSmallStr::from(format!("u{position}"))
}

#[cfg(test)]
mod tests {
    use polars::prelude::{IntoLazy as _, df};

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

    /// The duplicated rows, the distinct keys, the rows shown, and how often they had to be fetched.
    fn measured(hash: Hash, keys: &[i64]) -> (Value, Value, Vec<Option<u64>>, usize) {
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
            let uniqueness = plan.uniqueness();
            uniqueness[0].1.iter().find(|(_, statistic)| *statistic == wanted).unwrap().0
        };
        let uniqueness = Uniqueness::by(hash, &plan);
        let frame = snapshot.frame(&[], false).unwrap();
        let beside = (&Others::default(), &uniqueness);
        let wanted: Vec<usize> = (0..plan.metrics.len()).collect();
        let Judged { mut values, .. } =
            judging::measure((&snapshot, &frame), (&plan.metrics, &wanted), beside, Vec::new()).unwrap();
        let Told { values: told, mut doubtful } = uniqueness.told();
        let give = |told: Vec<(usize, Value)>, values: &mut Vec<Value>| {
            for (position, value) in told {
                values[position] = value;
            }
        };
        give(told, &mut values);
        let proof = Proof::of(&plan.metrics, &snapshot, Trust::None).unwrap();
        let mut scans = 0;
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
        for by in [hash, colliding::<1>, colliding::<3>] {
            let keys = [9, 4, 7, 4, 1, 2, 7, 7, 8];
            let (duplicated, distinct, rows, _) = measured(by, &keys);
            assert_eq!((duplicated, distinct), (integer(5), integer(6)));
            assert_eq!(rows, [Some(1), Some(2), Some(3)]);
            let (duplicated, distinct, rows, _) = measured(by, &[9, 4, 7, 5, 1]);
            assert_eq!((duplicated, distinct, rows), (integer(0), integer(5), Vec::new()));
        }
        assert_eq!(measured(hash, &[9, 4, 4]).3, 1);
        assert_eq!(measured(hash, &[9, 4, 5]).3, 0);
        assert_eq!(measured(colliding::<1>, &[9, 4, 4]).3, 2);
        assert_eq!(measured(colliding::<1>, &[9, 4, 5]).3, 1);
        // Of keys that rise, no hash is asked.
        assert_eq!(measured(colliding::<1>, &[3, 4, 9]).3, 0);
    }
}

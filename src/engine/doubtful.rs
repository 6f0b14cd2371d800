//! Groupings with hashes that come twice: the rows that have them are grouped by their keys.

use std::ops::Range;
use std::sync::Arc;

use polars::prelude::{
    BooleanChunked, DataFrame, DataType as PlType, Expr, IntoColumn as _, LazyFrame, NewChunkedArray as _,
    PlSmallStr,
};

use super::EngineError;
use super::groups::{first_rows, groups_among, statistic};
use super::hashes::{Counted, PARTITIONS, Repeated};
use super::keys::{Hash, of_rows};
use super::values::cell;
use crate::data::Value;
use crate::metric::{GroupStatistic, Grouping, Statistics};

/// How many keys only share their hash with others.
const COLLIDED: &str = "\u{1}collided";

/// A grouping with hashes that come twice.
pub(super) struct Doubtful<'a> {
    /// The grouping.
    pub(super) grouping: &'a Grouping,
    statistics: Statistics<'a>,
    hash: Hash,
    /// How many keys come once for certain.
    once: u64,
    repeated: Arc<Repeated>,
}

/// What is found of one.
pub(super) struct Found {
    /// Values of metrics, by their positions.
    pub(super) values: Vec<(usize, Value)>,
    /// Whether different keys have one hash.
    pub(super) collided: bool,
}

impl<'a> Doubtful<'a> {
    pub(super) fn new(
        (grouping, statistics): (&'a Grouping, Statistics<'a>),
        hash: Hash,
        Counted { once, repeated, .. }: Counted,
    ) -> Self {
        Self { grouping, statistics, hash, once, repeated: Arc::new(repeated) }
    }

    /// The metrics that it tells, by their positions.
    pub(super) fn metrics(&self) -> impl Iterator<Item = usize> {
        self.statistics.iter().map(|(position, _)| *position)
    }

    /// Whether a row is grouped and has one of the hashes that come twice; never null.
    pub(super) fn condition(&self) -> Expr {
        self.condition_within(0..PARTITIONS)
    }

    /// The same of the hashes in some partitions.
    fn condition_within(&self, partitions: Range<usize>) -> Expr {
        let (hash, repeated) = (self.hash, Arc::clone(&self.repeated));
        of_rows(self.grouping, PlType::Boolean, move |rows| {
            let hashes = hash(&rows.keys)?;
            let is_among = |hash| repeated.contains(hash, &partitions);
            let each = rows.grouped.iter().zip(hashes);
            let among: Vec<bool> =
                each.map(|(grouped, hash)| grouped == Some(true) && is_among(hash)).collect();
            Ok(BooleanChunked::from_slice(PlSmallStr::EMPTY, &among).into_column())
        })
    }

    /// Its statistics of the rows with those hashes in some partitions; over a frame that numbers its
    /// rows. `query` tells apart the queries of one execution.
    pub(super) fn query(&self, frame: &LazyFrame, query: usize, partitions: Range<usize>) -> LazyFrame {
        let mut columns = vec![statistic(self.grouping, &GroupStatistic::Singles).alias(COLLIDED)];
        for (position, wanted) in &self.statistics {
            columns.push(statistic(self.grouping, wanted).alias(name(*position)));
            if let GroupStatistic::DuplicatedKeys { limit } = wanted {
                columns.push(first_rows(*limit).alias(first_name(*position)));
            }
        }
        groups_among(frame, self.grouping, self.condition_within(partitions), query).select(columns)
    }

    /// What such queries found, which together were of all partitions.
    pub(super) fn found(&self, parts: &[DataFrame]) -> Result<Found, EngineError> {
        let mut values = Vec::with_capacity(self.statistics.len());
        for (position, wanted) in &self.statistics {
            let value = match wanted {
                GroupStatistic::DuplicatedKeys { limit } => first_keys(parts, *position, *limit)?,
                GroupStatistic::Distinct | GroupStatistic::Singles => {
                    Value::Integer((sum(parts, &name(*position))? + self.once).into())
                }
                _ => Value::Integer(sum(parts, &name(*position))?.into()),
            };
            values.push((*position, value));
        }
        Ok(Found { values, collided: sum(parts, COLLIDED)? > 0 })
    }
}

/// The sum of counts; of no groups they may be null.
fn sum(parts: &[DataFrame], column: &str) -> Result<u64, EngineError> {
    let mut sum = 0;
    for part in parts {
        sum += cell(part, column, 0)?.as_count().unwrap_or_default();
    }
    Ok(sum)
}

/// The keys whose first rows come first.
fn first_keys(parts: &[DataFrame], position: usize, limit: usize) -> Result<Value, EngineError> {
    let mut keys: Vec<(u64, Value)> = Vec::new();
    for part in parts {
        let rows = cell(part, &first_name(position), 0)?;
        let found = cell(part, &name(position), 0)?;
        if let (Value::List(rows), Value::List(found)) = (rows, found) {
            keys.extend(rows.iter().map(|row| row.as_count().unwrap_or(u64::MAX)).zip(found));
        }
    }
    keys.sort_by_key(|(row, _)| *row);
    Ok(Value::List(keys.into_iter().take(limit).map(|(_, key)| key).collect()))
}

fn name(position: usize) -> PlSmallStr {
    PlSmallStr::from(format!("u{position}"))
}

fn first_name(position: usize) -> PlSmallStr {
    PlSmallStr::from(format!("first{position}"))
}

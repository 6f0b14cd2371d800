//! Resolves repeated hashes: groups the rows that carry one by their actual keys, so that hash collisions
//! never count as duplicates.

use std::sync::Arc;

use polars::prelude::{
    BooleanChunked, DataFrame, DataType as PlType, Expr, IntoColumn as _, LazyFrame, NewChunkedArray as _,
    PlSmallStr,
};

use super::hashes::Repeated;
use crate::engine::EngineError;
use crate::engine::polars::metrics::groups::{groups_among, statistic};
use crate::engine::polars::metrics::of_groups;
use crate::engine::polars::query::{Hash, cell, count, of_rows};
use crate::metric::{GroupStatistic, Grouping, Measured, MetricId, Statistics};

/// Column that counts the keys whose hash is repeated although the key itself is not: hash collisions.
const COLLIDED: &str = "\u{1}collided";

/// The check that separates the duplicates of one grouping from its hash collisions, by grouping the rows
/// whose hashes are repeated.
pub(in crate::engine::polars) struct CollisionCheck<'a> {
    /// The grouping.
    pub(in crate::engine::polars) grouping: &'a Grouping,
    statistics: Statistics<'a>,
    hash: Hash,
    /// Number of keys whose hash occurs once, and which are therefore unique.
    once: u64,
    repeated: Arc<Repeated>,
}

/// The exact statistics of a grouping after its repeated hashes were resolved.
pub(in crate::engine::polars) struct ResolvedCollisions {
    /// Values of metrics.
    pub(in crate::engine::polars) values: Vec<(MetricId, Measured)>,
    /// True if two different keys share a hash.
    pub(in crate::engine::polars) collided: bool,
}

impl<'a> CollisionCheck<'a> {
    pub(super) fn new(
        grouping: &'a Grouping,
        statistics: Statistics<'a>,
        hash: Hash,
        once: u64,
        repeated: Repeated,
    ) -> Self {
        Self { grouping, statistics, hash, once, repeated: Arc::new(repeated) }
    }

    /// Returns the metrics that this check measures.
    pub(in crate::engine::polars) fn metrics(&self) -> impl Iterator<Item = MetricId> {
        self.statistics.iter().map(|(id, _)| *id)
    }

    /// Returns a condition, never null, that is true if a row belongs to the grouping and its hash is
    /// repeated.
    pub(in crate::engine::polars) fn condition(&self) -> Expr {
        let (hash, repeated) = (self.hash, Arc::clone(&self.repeated));
        of_rows(self.grouping, PlType::Boolean, move |rows| {
            let hashes = hash(&rows.keys)?.hashes;
            let is_among = |hash| repeated.contains(hash);
            let each = rows.grouped.iter().zip(hashes);
            let among: Vec<bool> =
                each.map(|(grouped, hash)| grouped == Some(true) && is_among(hash)).collect();
            Ok(BooleanChunked::from_slice(PlSmallStr::EMPTY, &among).into_column())
        })
    }

    /// Returns a query for the statistics of the rows with repeated hashes, over a frame that numbers its
    /// rows. `query` must be unique among the queries of one execution.
    pub(in crate::engine::polars) fn query(&self, frame: &LazyFrame, query: usize) -> LazyFrame {
        let mut columns = vec![statistic(self.grouping, &GroupStatistic::Singles).alias(COLLIDED)];
        for (id, wanted) in &self.statistics {
            columns.push(statistic(self.grouping, wanted).alias(name(*id)));
        }
        groups_among(frame, self.grouping, self.condition(), query).select(columns)
    }

    /// Reads the result of [`query`](Self::query), and adds the keys with unique hashes.
    pub(in crate::engine::polars) fn read_result(
        &self,
        groups: &DataFrame,
    ) -> Result<ResolvedCollisions, EngineError> {
        let mut values = Vec::with_capacity(self.statistics.len());
        for (id, wanted) in &self.statistics {
            let value = match (wanted, of_groups(wanted, cell(groups, &name(*id), 0)?)?) {
                // The query leaves out keys whose hash occurs once.
                (GroupStatistic::Distinct | GroupStatistic::Singles, Measured::Count(there)) => {
                    Measured::Count(there + self.once)
                }
                (_, value) => value,
            };
            values.push((*id, value));
        }
        Ok(ResolvedCollisions { values, collided: count(groups, COLLIDED)? > 0 })
    }
}

fn name(id: MetricId) -> PlSmallStr {
    PlSmallStr::from(format!("u{}", id.number()))
}

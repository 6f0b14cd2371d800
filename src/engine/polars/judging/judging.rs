//! Builds the queries of the judging pass and reads their results: all metrics as one execution over one scan.

use std::collections::HashMap;

use polars::prelude::{DataFrame, Expr, LazyFrame, PlSmallStr, lit};
use polars_core::prelude::AnyValue;

use super::joins;
use super::others::Others;
use crate::data::{DataType, Value};
use crate::engine::EngineError;
use crate::engine::polars::expression::to_polars;
use crate::engine::polars::memory::Allotment;
use crate::engine::polars::metrics::groups::{groups_within, outer_key, placed_groups, statistic};
use crate::engine::polars::metrics::lists::{list, listed};
use crate::engine::polars::metrics::ranks::Ranks;
use crate::engine::polars::metrics::{
    Numbers, Room, Running, aggregate, count, groups, lists, ranks, sequences, shaped,
};
use crate::engine::polars::query::{Executed, cell, execute_counted, value};
use crate::engine::polars::snapshot::Snapshot;
use crate::metric::{
    Correspondence, Group, Grouping, Lookup, MOST_GROUPS, Measured, Metric, MetricId, PerMetric, Sequence,
};
use crate::predicate::Typed;

/// A query and the metrics that its columns measure.
struct Query<'a> {
    over: Over<'a>,
    /// The keys by which the metrics are grouped, for a value of each group; empty for one value of all rows.
    by: &'a [Typed],
    metrics: Vec<Column>,
    /// True if a metric needs row numbers.
    placed: bool,
}

/// A metric, and the metric whose column holds its result: metrics over the same list of values share a column.
struct Column {
    of: MetricId,
    told_by: MetricId,
}

/// What the expressions of a query aggregate.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Over<'a> {
    Rows,
    Groups(&'a Grouping),
    Sequence(&'a Sequence),
    Unmatched(&'a Lookup),
    Beside(&'a Correspondence),
}

/// The inputs that all executions of a judging pass share.
#[derive(Clone, Copy)]
pub(in crate::engine::polars) struct Judging<'a> {
    pub(in crate::engine::polars) snapshot: &'a Snapshot,
    pub(in crate::engine::polars) metrics: &'a PerMetric<Metric>,
    pub(in crate::engine::polars) others: &'a Others<'a>,
    /// Where metrics hold state that grows with the rows.
    pub(in crate::engine::polars) room: &'a Allotment,
}

/// The request for one execution.
pub(in crate::engine::polars) struct Asked<'a> {
    /// The rows to measure.
    pub(in crate::engine::polars) frame: &'a LazyFrame,
    /// The metrics to measure.
    pub(in crate::engine::polars) wanted: &'a [MetricId],
    /// Expressions evaluated on every row for their side effect.
    pub(in crate::engine::polars) recorders: Vec<Expr>,
    /// Further queries.
    pub(in crate::engine::polars) further: Vec<LazyFrame>,
}

/// The results of one execution.
pub(in crate::engine::polars) struct Judged {
    /// The results of the requested metrics.
    pub(in crate::engine::polars) values: Vec<(MetricId, Measured)>,
    /// The results of the recorders, if there were any.
    pub(in crate::engine::polars) recorded: Option<DataFrame>,
    /// One frame for each further query.
    pub(super) fetched: Vec<DataFrame>,
}

impl Judging<'_> {
    /// Measures metrics and runs further queries as one execution; adds its cost to `took`.
    pub(in crate::engine::polars) fn measure(
        &self,
        asked: Asked<'_>,
        took: &mut Executed,
    ) -> Result<Judged, EngineError> {
        let Asked { frame, wanted, mut recorders, further } = asked;
        let mut queries: Vec<Query<'_>> = Vec::new();
        let mut numbers: HashMap<(Over<'_>, &[Typed]), usize> = HashMap::new();
        let records = !recorders.is_empty();
        let running = Running::of(wanted.iter().map(|id| &self.metrics[*id]));
        recorders.extend(running.expressions());
        let ranks = Ranks::of(wanted.iter().map(|id| &self.metrics[*id]), self.room);
        recorders.extend(ranks.expressions());
        if !recorders.is_empty() {
            numbers.insert((Over::Rows, &[]), 0);
            queries.push(Query { over: Over::Rows, by: &[], metrics: Vec::new(), placed: false });
        }
        for id in wanted.iter().copied() {
            let metric = &self.metrics[id];
            if Numbers::of(metric).is_some() || ranks::wanted(metric).is_some() {
                continue;
            }
            let Some((over, by)) = place(metric) else { continue };
            let number = *numbers.entry((over, by)).or_insert_with(|| {
                queries.push(Query { over, by, metrics: Vec::new(), placed: false });
                queries.len() - 1
            });
            let numbers = listed(own(metric), !by.is_empty());
            let alike = |column: &&Column| {
                numbers.is_some() && listed(own(&self.metrics[column.told_by]), !by.is_empty()) == numbers
            };
            let told_by = queries[number].metrics.iter().find(alike).map_or(id, |column| column.told_by);
            queries[number].metrics.push(Column { of: id, told_by });
            queries[number].placed |= metric.asks_for_places();
        }
        let mut frames = Vec::with_capacity(queries.len() + further.len());
        for (number, query) in queries.iter().enumerate() {
            let told = query.metrics.iter().filter(|column| column.of == column.told_by);
            let told = told.map(|column| query.expression(&self.metrics[column.of]).alias(name(column.of)));
            let mut columns: Vec<Expr> = told.collect();
            // The recorders belong to the first query, which is over all rows.
            columns.append(&mut recorders);
            frames.push(query.frame(frame, number, columns, self.others)?);
        }
        frames.extend(further);
        let mut frames = execute_counted(frames, self.snapshot, took)?;
        let fetched = frames.split_off(queries.len());
        let mut values = Vec::with_capacity(wanted.len());
        if let Some(frame) = frames.first() {
            running.saw_all_rows(frame)?;
            ranks.saw_all_rows(frame)?;
        }
        for id in wanted {
            let metric = &self.metrics[*id];
            let value = running.tells(metric).map_or_else(|| ranks.tells(metric), |value| Ok(Some(value)))?;
            values.extend(value.map(|value| (*id, Measured::Scalar(value))));
        }
        let mut room = Room::new();
        for (query, frame) in queries.iter().zip(&frames) {
            for column in &query.metrics {
                let found = query.value(frame, column.told_by, &self.metrics[column.of], &mut room)?;
                values.push((column.of, found));
            }
        }
        let recorded = frames.into_iter().next().filter(|_| records);
        Ok(Judged { values, recorded, fetched })
    }
}

/// True if a metric is measured on the rows of the snapshot.
pub(in crate::engine::polars) fn is_measured(metric: &Metric) -> bool {
    place(metric).is_some()
}

/// The rows or groups that a metric is measured over, with its grouping keys; `None` for metrics of another dataset and
/// for queries.
fn place(metric: &Metric) -> Option<(Over<'_>, &[Typed])> {
    Some(match metric {
        Metric::Count(_) | Metric::Aggregate { .. } | Metric::Correlation { .. } => (Over::Rows, &[]),
        Metric::Group { grouping, .. } => (Over::Groups(grouping), &[]),
        Metric::Misplaced(sequence) => (Over::Sequence(sequence), &[]),
        Metric::Unmatched { lookup, .. } => (Over::Unmatched(lookup), &[]),
        Metric::Differences(correspondence) => (Over::Beside(correspondence), &[]),
        Metric::Of { .. } | Metric::Selected(_) | Metric::SelectedApart { .. } => return None,
        Metric::Each { by, metric } => (place(metric)?.0, by),
    })
}

impl Query<'_> {
    /// A redundant key that forms no further groups: Polars panics when it groups in memory by a single key of 128
    /// bits.
    fn further_key(&self, key: &Expr) -> Option<Expr> {
        let is_wide = matches!(
            self.by,
            [Typed { data_type: DataType::Decimal { .. } | DataType::Integer { bits: 128.., .. }, .. }]
        );
        is_wide.then(|| key.clone().is_null().alias(by_name(self.by.len())))
    }

    fn expression(&self, metric: &Metric) -> Expr {
        match listed(own(metric), !self.by.is_empty()) {
            Some(numbers) => list(numbers),
            None => expression(metric),
        }
    }

    /// Reads a metric from its column: one value, or a list of groups with their values.
    fn value(
        &self,
        result: &DataFrame,
        told_by: MetricId,
        metric: &Metric,
        room: &mut Room,
    ) -> Result<Measured, EngineError> {
        let column = result.column(&name(told_by))?;
        let is_list = listed(own(metric), !self.by.is_empty()).is_some();
        let mut value = |row| {
            Ok::<_, EngineError>(match column.get(row)? {
                AnyValue::List(values) if is_list => {
                    Measured::Scalar(lists::told(own(metric), &values, room)?)
                }
                any => shaped(metric, value(&any))?,
            })
        };
        if self.by.is_empty() {
            return value(0);
        }
        if result.height() > MOST_GROUPS {
            return Ok(Measured::TooManyGroups);
        }
        let keys = |row| {
            let keys = (0..self.by.len()).map(|key| cell(result, &by_name(key), row));
            keys.collect::<Result<Vec<Value>, EngineError>>()
        };
        let group = |row| Ok(Group { keys: keys(row)?, found: value(row)? });
        (0..result.height()).map(group).collect::<Result<_, _>>().map(Measured::Groups)
    }

    fn frame(
        &self,
        frame: &LazyFrame,
        number: usize,
        columns: Vec<Expr>,
        others: &Others<'_>,
    ) -> Result<LazyFrame, EngineError> {
        let by = self.by.iter().enumerate();
        Ok(match self.over {
            Over::Rows if self.by.is_empty() => frame.clone().select(columns),
            Over::Rows => {
                let mut keys: Vec<Expr> =
                    by.map(|(key, typed)| to_polars(typed).alias(by_name(key))).collect();
                keys.extend(self.by.first().and_then(|key| self.further_key(&to_polars(key))));
                frame.clone().group_by(keys).agg(columns)
            }
            Over::Groups(grouping) if self.placed => placed_groups(frame, grouping, number).select(columns),
            Over::Groups(grouping) if self.by.is_empty() => {
                groups::groups(frame, grouping, number).select(columns)
            }
            Over::Groups(grouping) => {
                let mut outer: Vec<Expr> = by.map(|(key, _)| outer_key(key).alias(by_name(key))).collect();
                outer.extend(self.further_key(&outer_key(0)));
                groups_within(frame, grouping, self.by, number).group_by(outer).agg(columns)
            }
            Over::Sequence(sequence) => {
                sequences::in_order(frame, sequence, Vec::new(), number).select(columns)
            }
            Over::Unmatched(lookup) => {
                joins::unmatched(frame, lookup, others.keys(lookup)?, number)?.select(columns)
            }
            Over::Beside(correspondence) => {
                joins::beside(frame, correspondence, others.rows(correspondence)?, number).select(columns)
            }
        })
    }
}

fn expression(metric: &Metric) -> Expr {
    match metric {
        Metric::Count(condition) => count(condition),
        Metric::Aggregate { function, of, filter } => aggregate(*function, of, filter),
        // Measured by exact sums.
        Metric::Correlation { .. } => lit(polars::prelude::Null {}),
        Metric::Group { grouping, statistic: wanted } => statistic(grouping, wanted),
        Metric::Misplaced(sequence) => sequences::misplaced(sequence).sum(),
        Metric::Unmatched { lookup, told } => joins::told(lookup, told),
        Metric::Differences(correspondence) => joins::differences(correspondence),
        Metric::Each { metric, .. } => expression(metric),
        Metric::Of { metric, .. } => expression(metric),
        // A query of its own.
        Metric::Selected(_) | Metric::SelectedApart { .. } => lit(polars::prelude::Null {}),
    }
}

/// The metric itself, or the metric that is measured for each group.
fn own(metric: &Metric) -> &Metric {
    match metric {
        Metric::Each { metric, .. } => metric,
        other => other,
    }
}

fn name(metric: MetricId) -> String {
    format!("m{}", metric.number())
}

fn by_name(key: usize) -> PlSmallStr {
    PlSmallStr::from(format!("\u{1}by{key}"))
}

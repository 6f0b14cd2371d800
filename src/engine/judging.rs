//! The judging pass: every metric of a plan as one execution over one scan.

use std::collections::HashMap;

use polars::prelude::{DataFrame, Expr, LazyFrame, PlSmallStr, lit};

use super::EngineError;
use super::execute::{Executed, execute_counted};
use super::groups::{groups_within, outer_key, placed_groups, statistic};
use super::others::Others;
use super::scalars::{aggregate, correlation, count, nearest_of_group, whole};
use super::values::cell;
use super::{groups, joins, sequences};
use crate::data::Value;
use crate::metric::{
    Aggregate, Correspondence, Grouping, Interpolation, Lookup, MOST_GROUPS, Metric, Sequence, Unmatched,
};
use crate::predicate::{Typed, to_polars};
use crate::source::Snapshot;

/// A query and the metrics that its columns measure.
struct Query<'a> {
    over: Over<'a>,
    /// The keys of the groups that each get values of their own; none for one value of all rows.
    by: &'a [Typed],
    metrics: Vec<usize>,
    /// Whether one of them asks where rows stand.
    placed: bool,
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

/// What metrics are measured on, and with.
#[derive(Clone, Copy)]
pub(super) struct Judging<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) metrics: &'a [Metric],
    pub(super) others: &'a Others<'a>,
}

/// What one execution is asked for.
pub(super) struct Asked<'a> {
    /// The rows.
    pub(super) frame: &'a LazyFrame,
    /// The positions of metrics.
    pub(super) wanted: &'a [usize],
    /// What is evaluated on every row for its side effect, in a query of its own.
    pub(super) recorders: Vec<Expr>,
    /// Further queries.
    pub(super) further: Vec<LazyFrame>,
}

/// What was measured.
pub(super) struct Judged {
    /// The values of the wanted metrics, by their positions.
    pub(super) values: Vec<(usize, Value)>,
    /// What the recorders gave, if there were any.
    pub(super) recorded: Option<DataFrame>,
    /// One frame for each further query.
    pub(super) fetched: Vec<DataFrame>,
}

impl Judging<'_> {
    /// Measures metrics, and runs further queries, as one execution; what it takes is added to `took`.
    pub(super) fn measure(&self, asked: Asked<'_>, took: &mut Executed) -> Result<Judged, EngineError> {
        let Asked { frame, wanted, mut recorders, further } = asked;
        let mut queries: Vec<Query<'_>> = Vec::new();
        let mut numbers: HashMap<(Over<'_>, &[Typed]), usize> = HashMap::new();
        let records = !recorders.is_empty();
        if records {
            numbers.insert((Over::Rows, &[]), 0);
            queries.push(Query { over: Over::Rows, by: &[], metrics: Vec::new(), placed: false });
        }
        for index in wanted.iter().copied() {
            let metric = &self.metrics[index];
            let Some((over, by)) = place(metric) else { continue };
            let number = *numbers.entry((over, by)).or_insert_with(|| {
                queries.push(Query { over, by, metrics: Vec::new(), placed: false });
                queries.len() - 1
            });
            queries[number].metrics.push(index);
            queries[number].placed |= metric.asks_for_places();
        }
        let mut frames = Vec::with_capacity(queries.len() + further.len());
        for (number, query) in queries.iter().enumerate() {
            let expressions =
                query.metrics.iter().map(|index| expression(&self.metrics[*index]).alias(name(*index)));
            let mut columns: Vec<Expr> = expressions.collect();
            // They see the rows of the first query, which is over all of them.
            columns.append(&mut recorders);
            frames.push(query.frame(frame, number, columns, self.others)?);
        }
        frames.extend(further);
        let mut frames = execute_counted(frames, self.snapshot, took)?;
        let fetched = frames.split_off(queries.len());
        let mut values = Vec::with_capacity(wanted.len());
        for (query, frame) in queries.iter().zip(&frames) {
            for index in &query.metrics {
                values.push((*index, query.value(frame, *index, &self.metrics[*index])?));
            }
        }
        let recorded = frames.into_iter().next().filter(|_| records);
        Ok(Judged { values, recorded, fetched })
    }
}

/// Whether a metric is measured on the rows of the snapshot.
pub(super) fn is_measured(metric: &Metric) -> bool {
    place(metric).is_some()
}

/// Where a metric is measured; nowhere here, if it is another dataset's.
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
    /// What its result says of a metric: one value, or a list of the groups with their values.
    fn value(&self, result: &DataFrame, index: usize, metric: &Metric) -> Result<Value, EngineError> {
        let value = |row| Ok::<_, EngineError>(normal(metric, cell(result, &name(index), row)?));
        if self.by.is_empty() {
            return value(0);
        }
        if result.height() > MOST_GROUPS {
            return Ok(Value::Null);
        }
        let keys = |row| {
            let keys = (0..self.by.len()).map(|key| cell(result, &by_name(key), row));
            keys.collect::<Result<Vec<Value>, EngineError>>()
        };
        let group = |row| Ok(Value::List(vec![Value::List(keys(row)?), value(row)?]));
        (0..result.height()).map(group).collect::<Result<_, _>>().map(Value::List)
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
                let keys: Vec<Expr> = by.map(|(key, typed)| to_polars(typed).alias(by_name(key))).collect();
                frame.clone().group_by(keys).agg(columns)
            }
            Over::Groups(grouping) if self.placed => placed_groups(frame, grouping, number).select(columns),
            Over::Groups(grouping) if self.by.is_empty() => {
                groups::groups(frame, grouping, number).select(columns)
            }
            Over::Groups(grouping) => {
                let outer: Vec<Expr> = by.map(|(key, _)| outer_key(key).alias(by_name(key))).collect();
                groups_within(frame, grouping, self.by, number).group_by(outer).agg(columns)
            }
            Over::Sequence(sequence) => {
                sequences::in_order(frame, sequence, Vec::new(), number).select(columns)
            }
            Over::Unmatched(lookup) => {
                joins::unmatched(frame, lookup, others.keys(lookup)?, number).select(columns)
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
        Metric::Correlation { left, right, filter } => correlation(left, right, filter),
        Metric::Group { grouping, statistic: wanted } => statistic(grouping, wanted),
        Metric::Misplaced(sequence) => sequences::misplaced(sequence).sum(),
        Metric::Unmatched { lookup, told } => joins::told(lookup, told),
        Metric::Differences(correspondence) => joins::differences(correspondence),
        Metric::Each { metric, .. } => of_group(metric),
        Metric::Of { metric, .. } => expression(metric),
        // A query of its own.
        Metric::Selected(_) | Metric::SelectedApart { .. } => lit(polars::prelude::Null {}),
    }
}

fn of_group(metric: &Metric) -> Expr {
    match metric {
        Metric::Aggregate {
            function: Aggregate::Quantile { at, interpolation: Interpolation::Nearest },
            of,
            filter,
        } => nearest_of_group(*at, of, filter),
        other => expression(other),
    }
}

fn name(index: usize) -> String {
    format!("m{index}")
}

fn by_name(key: usize) -> PlSmallStr {
    PlSmallStr::from(format!("\u{1}by{key}"))
}

/// Of no rows the engine's sums are 0, but where it says null, a count is 0 too.
fn normal(metric: &Metric, value: Value) -> Value {
    match (metric, value) {
        (Metric::Each { metric, .. }, value) => normal(metric, value),
        (Metric::Group { statistic, .. }, value) => groups::normal(statistic, value),
        (
            Metric::Count(_) | Metric::Misplaced(_) | Metric::Unmatched { told: Unmatched::Rows, .. },
            Value::Null,
        ) => Value::Integer(0),
        (Metric::Aggregate { function: Aggregate::Sum, of, .. }, value) => whole(value, of),
        (Metric::Unmatched { told: Unmatched::Keys { .. }, .. }, Value::Null) => Value::List(Vec::new()),
        (_, value) => value,
    }
}

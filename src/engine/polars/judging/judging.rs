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
    Numbers, Room, Running, Tallies, aggregate, count, groups, lists, ranks, sequences, state,
};
use crate::engine::polars::query::{Executed, cell, execute_counted, value};
use crate::engine::polars::snapshot::Snapshot;
use crate::metric::{
    Correspondence, Group, Grouping, Lookup, MOST_GROUPS, Measured, Metric, MetricId, PerMetric, Sequence,
    State,
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
    /// The states of the requested metrics.
    pub(in crate::engine::polars) values: Vec<(MetricId, State)>,
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
        let tallies = Tallies::of(wanted.iter().map(|id| &self.metrics[*id]));
        recorders.extend(tallies.expressions());
        if !recorders.is_empty() {
            numbers.insert((Over::Rows, &[]), 0);
            queries.push(Query { over: Over::Rows, by: &[], metrics: Vec::new(), placed: false });
        }
        for id in wanted.iter().copied() {
            let metric = &self.metrics[id];
            let is_recorded = Numbers::of(metric).is_some() || ranks::wanted(metric).is_some();
            if is_recorded || matches!(metric, Metric::Tally(_)) {
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
            tallies.saw_all_rows(frame)?;
        }
        for id in wanted {
            let metric = &self.metrics[*id];
            values.extend(tallies.tells(metric).map(|state| (*id, state)));
            let quantile = || Ok(ranks.tells(metric)?.map(|value| State::Whole(Measured::Scalar(value))));
            let state =
                running.tells(metric).map_or_else(quantile, |state| Ok::<_, EngineError>(Some(state)))?;
            values.extend(state.map(|state| (*id, state)));
        }
        let mut room = Room::new();
        for (query, frame) in queries.iter().zip(&frames) {
            for column in &query.metrics {
                let found = query.state(frame, column.told_by, &self.metrics[column.of], &mut room)?;
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
        Metric::Tally(_) => (Over::Rows, &[]),
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

    /// Reads a metric from its column: its state over all rows, or a list of groups with their values.
    fn state(
        &self,
        result: &DataFrame,
        told_by: MetricId,
        metric: &Metric,
        room: &mut Room,
    ) -> Result<State, EngineError> {
        let column = result.column(&name(told_by))?;
        if self.by.is_empty() {
            return state(metric, value(&column.get(0)?));
        }
        if result.height() > MOST_GROUPS {
            return Ok(State::Whole(Measured::TooManyGroups));
        }
        let is_list = listed(own(metric), true).is_some();
        let mut found = |row| {
            Ok::<_, EngineError>(match column.get(row)? {
                AnyValue::List(values) if is_list => lists::told(own(metric), &values, room)?,
                any => state(own(metric), value(&any))?.finish(),
            })
        };
        let keys = |row| {
            let keys = (0..self.by.len()).map(|key| cell(result, &by_name(key), row));
            keys.collect::<Result<Vec<Value>, EngineError>>()
        };
        let group = |row| Ok(Group { keys: keys(row)?, found: found(row)? });
        let groups = (0..result.height()).map(group).collect::<Result<_, EngineError>>()?;
        Ok(State::Whole(Measured::Groups(groups)))
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
        // Measured by exact sums, and by counts of values.
        Metric::Correlation { .. } | Metric::Tally(_) => lit(polars::prelude::Null {}),
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

#[cfg(test)]
mod tests {
    use polars::prelude::{Int128Chunked, IntoColumn as _, IntoLazy as _, IntoSeries as _, NamedFrom as _};
    use polars_core::prelude::{NewChunkedArray as _, Series};
    use proptest::collection::vec;
    use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_assert_eq, prop_oneof, proptest};

    use super::*;
    use crate::data::ColumnPath;
    use crate::metric::Aggregate;

    /// A row of numbers of every kind; those of decimals are their digits.
    #[derive(Clone, Debug)]
    struct Row {
        small: Option<i64>,
        wide: Option<i128>,
        narrow_digits: Option<i128>,
        wide_digits: Option<i128>,
        double: Option<f64>,
        float: Option<f32>,
        text: Option<String>,
        passes: bool,
    }

    const MOST: i128 = 10_i128.pow(38) - 1;

    fn nullable<T: Clone + std::fmt::Debug>(
        of: impl Strategy<Value = T>,
    ) -> impl Strategy<Value = Option<T>> {
        proptest::option::weighted(0.8, of)
    }

    fn row() -> impl Strategy<Value = Row> {
        let double = || {
            const SPECIAL: [f64; 8] = [0.0, -0.0, f64::MIN_POSITIVE, 5e-324, f64::MAX, -f64::MAX, 0.1, 1e300];
            const ENDLESS: [f64; 3] = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
            prop_oneof![
                8 => -1e3_f64..1e3,
                4 => proptest::sample::select(&SPECIAL[..]),
                4 => any::<f64>().prop_map(|any| if any.is_finite() { any } else { 1.0 }),
                1 => proptest::sample::select(&ENDLESS[..]),
            ]
        };
        let wide = || prop_oneof![any::<i128>(), Just(i128::MAX), Just(i128::MIN), -9_i128..9];
        let digits = || prop_oneof![Just(MOST), Just(-MOST), -MOST..MOST, -999_i128..999];
        let numbers =
            (nullable(any::<i64>()), nullable(wide()), nullable(-99_999_i128..99_999), nullable(digits()));
        let others = (nullable(double()), nullable(any::<f32>()), nullable("[a-c]{0,2}"), any::<bool>());
        (numbers, others).prop_map(|((small, wide, narrow_digits, wide_digits), others)| {
            let (double, float, text, passes) = others;
            Row { small, wide, narrow_digits, wide_digits, double, float, text, passes }
        })
    }

    fn frame(rows: &[Row]) -> DataFrame {
        fn column<T>(rows: &[Row], of: impl Fn(&Row) -> T) -> Vec<T> {
            rows.iter().map(of).collect()
        }
        let decimals = |name: &str, digits: Vec<Option<i128>>, precision, scale| {
            let digits = Int128Chunked::from_slice_options(name.into(), &digits);
            digits.into_decimal_unchecked(precision, scale).into_series()
        };
        let columns = [
            Series::new("small".into(), column(rows, |row| row.small)),
            Series::new("wide".into(), column(rows, |row| row.wide)),
            decimals("narrow_digits", column(rows, |row| row.narrow_digits), 7, 3),
            decimals("wide_digits", column(rows, |row| row.wide_digits), 38, 2),
            Series::new("double".into(), column(rows, |row| row.double)),
            Series::new("float".into(), column(rows, |row| row.float)),
            Series::new("text".into(), column(rows, |row| row.text.clone())),
            Series::new("passes".into(), column(rows, |row| row.passes)),
        ];
        DataFrame::new(rows.len(), columns.map(Series::into_column).to_vec()).unwrap()
    }

    /// Every metric that merges, of every column, with a filter and without.
    fn metrics() -> PerMetric<Metric> {
        let numbers = [
            ("small", DataType::Integer { bits: 64, signed: true }),
            ("wide", DataType::Integer { bits: 128, signed: true }),
            ("narrow_digits", DataType::Decimal { precision: 7, scale: 3 }),
            ("wide_digits", DataType::Decimal { precision: 38, scale: 2 }),
            ("double", DataType::Float { bits: 64 }),
            ("float", DataType::Float { bits: 32 }),
        ];
        let of = |name: &str, data_type: &DataType| Typed::column(&ColumnPath::column(name), data_type);
        let mut metrics = PerMetric::default();
        for filter in [Typed::always(), of("passes", &DataType::Boolean)] {
            metrics.push(Metric::Count(filter.clone()));
            let mut aggregate = |function, of: Typed| {
                metrics.push(Metric::Aggregate { function, of, filter: filter.clone() });
            };
            for (name, data_type) in &numbers {
                for function in [Aggregate::Min, Aggregate::Max, Aggregate::Sum, Aggregate::StandardDeviation]
                {
                    aggregate(function, of(name, data_type));
                }
            }
            for function in [Aggregate::Min, Aggregate::Max] {
                aggregate(function, of("text", &DataType::String));
            }
            for (left, right) in numbers.iter().zip(&numbers[1..]) {
                let (left, right) = (of(left.0, &left.1), of(right.0, &right.1));
                let present = [filter.clone(), left.clone().is_not_null(), right.clone().is_not_null()];
                metrics.push(Metric::Correlation { left, right, filter: Typed::all(present) });
            }
        }
        metrics
    }

    fn measured(metrics: &PerMetric<Metric>, rows: &[Row]) -> Vec<(MetricId, State)> {
        let frame = frame(rows).lazy();
        let snapshot = Snapshot::from_lazy("memory", frame.clone()).unwrap();
        let room = Allotment { words: usize::MAX, spills: std::sync::Arc::default(), rows: 0 };
        let judging = Judging { snapshot: &snapshot, metrics, others: &Others::default(), room: &room };
        let wanted: Vec<MetricId> = metrics.ids().collect();
        let asked = Asked { frame: &frame, wanted: &wanted, recorders: Vec::new(), further: Vec::new() };
        let mut values = judging.measure(asked, &mut Executed::default()).unwrap().values;
        values.sort_by_key(|(id, _)| *id);
        values
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
        #[test]
        fn states_of_parts_merge_in_any_order_to_that_of_the_whole(
            rows in vec(row(), 0..40),
            cuts in vec(0_usize..40, 0..5),
            picks in vec(any::<proptest::sample::Index>(), 12),
        ) {
            let metrics = metrics();
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(rows.len())).collect();
            cuts.extend([0, rows.len()]);
            cuts.sort_unstable();
            let parts: Vec<_> = cuts.windows(2).map(|cut| measured(&metrics, &rows[cut[0]..cut[1]])).collect();
            for (id, whole) in measured(&metrics, &rows) {
                let of_part = |part: &Vec<(MetricId, State)>| part[id.number()].1.clone();
                let empty = metrics[id].empty_state().unwrap();
                let mut states: Vec<State> = parts.iter().map(of_part).chain([empty]).collect();
                let mut picks = picks.iter();
                while states.len() > 1 {
                    let taken = states.swap_remove(picks.next().unwrap().index(states.len()));
                    let into = picks.next().unwrap().index(states.len());
                    states[into].merge(taken).unwrap();
                }
                let merged = states.remove(0);
                prop_assert_eq!(&merged, &whole, "{}", metrics[id]);
                prop_assert_eq!(merged.finish(), whole.finish(), "{}", metrics[id]);
            }
        }
    }
}

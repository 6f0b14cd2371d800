//! Builds the queries of the judging pass and reads their results: all metrics as one execution over one
//! scan.

use std::collections::HashMap;

use polars::prelude::{DataFrame, Expr, LazyFrame, PlSmallStr, lit};
use polars_core::prelude::AnyValue;

use super::joins;
use super::others::Others;
use crate::data::{DataType, Value};
use crate::engine::polars::expression::to_polars;
use crate::engine::polars::memory::Allotment;
use crate::engine::polars::metrics::groups::{groups_with_first_rows, groups_within, outer_key, statistic};
use crate::engine::polars::metrics::lists::{list, list_input};
use crate::engine::polars::metrics::quantile_values::QuantileValues;
use crate::engine::polars::metrics::{
    MetricInput, Room, RunningTotals, Tallies, aggregate, count, groups, lists, quantile_values, sequences,
    state,
};
use crate::engine::polars::query::{QueryCost, cell, execute_counted, value};
use crate::engine::polars::snapshot::Snapshot;
use crate::engine::{Control, EngineError};
use crate::metric::{
    Correspondence, Group, Grouping, Lookup, MOST_GROUPS, Measured, Metric, MetricId, PerMetric, Sequence,
    State,
};
use crate::predicate::Typed;

/// A query and the metrics that its columns measure.
struct Query<'a> {
    domain: Domain<'a>,
    /// The keys by which the metrics are grouped, for a value of each group; empty for one value of all rows.
    by: &'a [Typed],
    metrics: Vec<Column>,
    /// True if a metric needs row numbers.
    needs_row_numbers: bool,
}

/// A metric, and the metric whose column holds its result: metrics over the same list of values share a
/// column.
struct Column {
    of: MetricId,
    result_of: MetricId,
}

/// The rows or groups that the expressions of a query aggregate.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Domain<'a> {
    Rows,
    Groups(&'a Grouping),
    Sequence(&'a Sequence),
    Unmatched(&'a Lookup),
    Correspondence(&'a Correspondence),
}

/// The inputs that all executions of a judging pass share.
#[derive(Clone, Copy)]
pub(in crate::engine::polars) struct Judging<'a> {
    pub(in crate::engine::polars) snapshot: &'a Snapshot,
    pub(in crate::engine::polars) metrics: &'a PerMetric<Metric>,
    pub(in crate::engine::polars) others: &'a Others<'a>,
    /// Where metrics hold state that grows with the rows.
    pub(in crate::engine::polars) room: &'a Allotment,
    pub(in crate::engine::polars) control: Control<'a>,
}

/// The request for one execution.
pub(in crate::engine::polars) struct JudgingRequest<'a> {
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
pub(in crate::engine::polars) struct JudgingResult {
    /// The states of the requested metrics.
    pub(in crate::engine::polars) values: Vec<(MetricId, State)>,
    /// The results of the recorders, if there were any.
    pub(in crate::engine::polars) recorded: Option<DataFrame>,
    /// One frame for each further query.
    pub(super) fetched: Vec<DataFrame>,
}

impl Judging<'_> {
    /// Measures metrics and runs further queries as one execution; adds its cost to `cost`.
    pub(in crate::engine::polars) fn measure(
        &self,
        request: JudgingRequest<'_>,
        cost: &mut QueryCost,
    ) -> Result<JudgingResult, EngineError> {
        let JudgingRequest { frame, wanted, mut recorders, further } = request;
        let mut queries: Vec<Query<'_>> = Vec::new();
        let mut numbers: HashMap<(Domain<'_>, &[Typed]), usize> = HashMap::new();
        let records = !recorders.is_empty();
        let totals = RunningTotals::of(wanted.iter().map(|id| &self.metrics[*id]));
        recorders.extend(totals.expressions());
        let quantiles = QuantileValues::of(wanted.iter().map(|id| &self.metrics[*id]), self.room);
        recorders.extend(quantiles.expressions());
        let tallies = Tallies::of(wanted.iter().map(|id| &self.metrics[*id]));
        recorders.extend(tallies.expressions());
        if !recorders.is_empty() {
            numbers.insert((Domain::Rows, &[]), 0);
            queries.push(Query {
                domain: Domain::Rows,
                by: &[],
                metrics: Vec::new(),
                needs_row_numbers: false,
            });
        }
        for id in wanted.iter().copied() {
            let metric = &self.metrics[id];
            let is_recorded =
                MetricInput::of(metric).is_some() || quantile_values::quantile_input(metric).is_some();
            if is_recorded || matches!(metric, Metric::Tally(_)) {
                continue;
            }
            let Some((domain, by)) = domain_of(metric) else { continue };
            let number = *numbers.entry((domain, by)).or_insert_with(|| {
                queries.push(Query { domain, by, metrics: Vec::new(), needs_row_numbers: false });
                queries.len() - 1
            });
            let numbers = list_input(own(metric), !by.is_empty());
            let alike = |column: &&Column| {
                numbers.is_some()
                    && list_input(own(&self.metrics[column.result_of]), !by.is_empty()) == numbers
            };
            let result_of = queries[number].metrics.iter().find(alike).map_or(id, |column| column.result_of);
            queries[number].metrics.push(Column { of: id, result_of });
            queries[number].needs_row_numbers |= metric.needs_row_numbers();
        }
        let mut frames = Vec::with_capacity(queries.len() + further.len());
        for (number, query) in queries.iter().enumerate() {
            let own_results = query.metrics.iter().filter(|column| column.of == column.result_of);
            let own_results =
                own_results.map(|column| query.expression(&self.metrics[column.of]).alias(name(column.of)));
            let mut columns: Vec<Expr> = own_results.collect();
            // The recorders belong to the first query, which is over all rows.
            columns.append(&mut recorders);
            frames.push(query.frame(frame, number, columns, self.others)?);
        }
        frames.extend(further);
        let mut frames = execute_counted(frames, self.snapshot, self.control, cost)?;
        let fetched = frames.split_off(queries.len());
        let mut values = Vec::with_capacity(wanted.len());
        if let Some(frame) = frames.first() {
            totals.verify(frame)?;
            quantiles.verify(frame)?;
            tallies.verify(frame)?;
        }
        for id in wanted {
            let metric = &self.metrics[*id];
            values.extend(tallies.state_of(metric).map(|state| (*id, state)));
            let quantile =
                || Ok(quantiles.value_of(metric)?.map(|value| State::Whole(Measured::Scalar(value))));
            let state =
                totals.state_of(metric).map_or_else(quantile, |state| Ok::<_, EngineError>(Some(state)))?;
            values.extend(state.map(|state| (*id, state)));
        }
        let mut room = Room::new();
        for (query, frame) in queries.iter().zip(&frames) {
            for column in &query.metrics {
                let found = query.state(frame, column.result_of, &self.metrics[column.of], &mut room)?;
                values.push((column.of, found));
            }
        }
        let recorded = frames.into_iter().next().filter(|_| records);
        Ok(JudgingResult { values, recorded, fetched })
    }
}

/// Returns whether a metric is measured on the rows of the snapshot.
pub(in crate::engine::polars) fn is_measured(metric: &Metric) -> bool {
    domain_of(metric).is_some()
}

/// Returns the rows or groups that a metric is measured over, with its grouping keys; `None` for metrics of
/// another dataset and for queries.
fn domain_of(metric: &Metric) -> Option<(Domain<'_>, &[Typed])> {
    Some(match metric {
        Metric::Count(_) | Metric::Aggregate { .. } | Metric::Correlation { .. } => (Domain::Rows, &[]),
        Metric::Tally(_) => (Domain::Rows, &[]),
        Metric::Group { grouping, .. } => (Domain::Groups(grouping), &[]),
        Metric::OutOfOrder(sequence) => (Domain::Sequence(sequence), &[]),
        Metric::Unmatched { lookup, .. } => (Domain::Unmatched(lookup), &[]),
        Metric::Differences(correspondence) => (Domain::Correspondence(correspondence), &[]),
        Metric::OtherDataset { .. } | Metric::QueryRows(_) | Metric::QueryDifference { .. } => return None,
        Metric::Each { by, metric } => (domain_of(metric)?.0, by),
    })
}

impl Query<'_> {
    /// Returns a redundant key that forms no further groups: Polars panics when it groups in memory by a
    /// single key of 128 bits.
    fn further_key(&self, key: &Expr) -> Option<Expr> {
        let is_wide = matches!(
            self.by,
            [Typed { data_type: DataType::Decimal { .. } | DataType::Integer { bits: 128.., .. }, .. }]
        );
        is_wide.then(|| key.clone().is_null().alias(by_name(self.by.len())))
    }

    fn expression(&self, metric: &Metric) -> Expr {
        match list_input(own(metric), !self.by.is_empty()) {
            Some(numbers) => list(numbers),
            None => expression(metric),
        }
    }

    /// Reads a metric from its column: its state over all rows, or a list of groups with their values.
    fn state(
        &self,
        result: &DataFrame,
        result_of: MetricId,
        metric: &Metric,
        room: &mut Room,
    ) -> Result<State, EngineError> {
        let column = result.column(&name(result_of))?;
        if self.by.is_empty() {
            return state(metric, value(&column.get(0)?));
        }
        if result.height() > MOST_GROUPS {
            return Ok(State::Whole(Measured::TooManyGroups));
        }
        let is_list = list_input(own(metric), true).is_some();
        let mut found = |row| {
            Ok::<_, EngineError>(match column.get(row)? {
                AnyValue::List(values) if is_list => lists::from_list(own(metric), &values, room)?,
                any => state(own(metric), value(&any))?.finish(),
            })
        };
        let keys = |row| {
            let keys = (0..self.by.len()).map(|key| cell(result, &by_name(key), row));
            keys.collect::<Result<Vec<Value>, EngineError>>()
        };
        let group = |row| Ok(Group { keys: keys(row)?, result: found(row)? });
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
        Ok(match self.domain {
            Domain::Rows if self.by.is_empty() => frame.clone().select(columns),
            Domain::Rows => {
                let mut keys: Vec<Expr> =
                    by.map(|(key, typed)| to_polars(typed).alias(by_name(key))).collect();
                keys.extend(self.by.first().and_then(|key| self.further_key(&to_polars(key))));
                frame.clone().group_by(keys).agg(columns)
            }
            Domain::Groups(grouping) if self.needs_row_numbers => {
                groups_with_first_rows(frame, grouping, number).select(columns)
            }
            Domain::Groups(grouping) if self.by.is_empty() => {
                groups::groups(frame, grouping, number).select(columns)
            }
            Domain::Groups(grouping) => {
                let mut outer: Vec<Expr> = by.map(|(key, _)| outer_key(key).alias(by_name(key))).collect();
                outer.extend(self.further_key(&outer_key(0)));
                groups_within(frame, grouping, self.by, number).group_by(outer).agg(columns)
            }
            Domain::Sequence(sequence) => {
                sequences::in_order(frame, sequence, Vec::new(), number).select(columns)
            }
            Domain::Unmatched(lookup) => {
                joins::unmatched(frame, lookup, others.keys(lookup)?, number)?.select(columns)
            }
            Domain::Correspondence(correspondence) => {
                joins::full_join(frame, correspondence, others.rows(correspondence)?, number).select(columns)
            }
        })
    }
}

fn expression(metric: &Metric) -> Expr {
    match metric {
        Metric::Count(condition) => count(condition),
        Metric::Aggregate { function, of, filter } => aggregate(*function, of, filter),
        // Exact sums measure the correlation, and counts of values the tally.
        Metric::Correlation { .. } | Metric::Tally(_) => lit(polars::prelude::Null {}),
        Metric::Group { grouping, statistic: wanted } => statistic(grouping, wanted),
        Metric::OutOfOrder(sequence) => sequences::out_of_order(sequence).sum(),
        Metric::Unmatched { lookup, result } => joins::unmatched_metric(lookup, result),
        Metric::Differences(correspondence) => joins::differences(correspondence),
        Metric::Each { metric, .. } => expression(metric),
        Metric::OtherDataset { metric, .. } => expression(metric),
        // The metric is a query of its own.
        Metric::QueryRows(_) | Metric::QueryDifference { .. } => lit(polars::prelude::Null {}),
    }
}

/// Returns the metric that is measured for each group, or else the metric itself.
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

    /// A row of numbers of every type; decimals are given by their unscaled digits.
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
        let judging = Judging {
            snapshot: &snapshot,
            metrics,
            others: &Others::default(),
            room: &room,
            control: Control::default(),
        };
        let wanted: Vec<MetricId> = metrics.ids().collect();
        let request =
            JudgingRequest { frame: &frame, wanted: &wanted, recorders: Vec::new(), further: Vec::new() };
        let mut values = judging.measure(request, &mut QueryCost::default()).unwrap().values;
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

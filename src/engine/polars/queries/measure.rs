//! Measures metrics that are SQL queries.

use std::collections::BTreeMap;

use polars::prelude::{LazyFrame, len};
use polars_core::prelude::DataFrame;

use super::difference::{QueryResult, bag_difference};
use super::rows::{rows, sorted};
use crate::data::{Dataset, Value};
use crate::engine::polars::Snapshot;
use crate::engine::polars::expression::to_polars;
use crate::engine::polars::judging::Others;
use crate::engine::polars::query::{QueryCost, count, execute_counted, guarded, nothing_given, value};
use crate::engine::{Control, EngineError, Execution, MetricError, OtherRead};
use crate::metric::{Measured, Metric, MetricId, QueryRows, Selection};
use crate::plan::Plan;
use crate::predicate::Fit;

/// Maximum number of rows of a result that are shown.
const SHOWN: usize = 20;

/// Measures the metrics that are queries, each by executions of its own. Adds results and failures to
/// `others`; a query that fails affects no other metric.
pub(in crate::engine::polars) fn measure(
    plan: &Plan,
    queries: &[MetricId],
    snapshot: &Snapshot,
    snapshots: &BTreeMap<Dataset, &Snapshot>,
    control: Control<'_>,
    others: &mut Others<'_>,
    execution: &mut Execution,
) -> Result<(), EngineError> {
    for id in queries.iter().copied() {
        let metric = &plan.metrics[id];
        let measured = guarded(|| match metric {
            // If there is personal data, no row is shown.
            Metric::QueryRows(selection) => {
                measure_selection(snapshot, selection, !plan.privacy.hides_any(), control, execution)
            }
            Metric::QueryDifference { here, dataset, there, fits } => match snapshots.get(dataset) {
                Some(other) => {
                    let here = QueryOn { snapshot, selection: here };
                    let there = QueryOn { snapshot: other, selection: there };
                    differences(&here, &there, fits, control, execution, read_of(&mut others.reads, dataset))
                }
                None => Err(EngineError::Query { reason: "another dataset was not read".into() }),
            },
            _ => Err(EngineError::Query { reason: "it is no query".into() }),
        });
        match measured {
            Ok(value) => {
                others.values.insert(id, value);
            }
            Err(EngineError::Cancelled) => return Err(EngineError::Cancelled),
            Err(error) => {
                others.failed.insert(id, MetricError::failed(metric, &error));
            }
        }
    }
    Ok(())
}

/// Returns the record of the cost of reading a dataset.
fn read_of<'a>(reads: &'a mut [OtherRead], dataset: &Dataset) -> Option<&'a mut OtherRead> {
    let name = dataset.to_string();
    reads.iter_mut().find(|read| read.dataset == name)
}

/// Counts the rows that a selection returns, and with `show` fetches the first of them.
fn measure_selection(
    snapshot: &Snapshot,
    selection: &Selection,
    show: bool,
    control: Control<'_>,
    execution: &mut Execution,
) -> Result<Measured, EngineError> {
    let selected = selected(snapshot, selection)?;
    let mut queries = vec![selected.clone().select([len().alias("rows")])];
    if show {
        let relation = &selection.query.relation;
        // The rows that are shown must not depend on chance.
        let ordered =
            if relation.is_ordered() { selected } else { sorted(selected, &relation.by_all_columns()) };
        queries.push(ordered.limit(SHOWN.try_into().unwrap_or_default()));
    }
    let mut cost = QueryCost::default();
    let frames = execute_counted(queries, snapshot, control, &mut cost);
    execution.add(&cost);
    let frames = frames?;
    let rows = frames.first().map_or(Err(nothing_given()), |frame| count(frame, "rows"))?;
    let names = &selection.query.names;
    let first = frames.get(1).map_or(Ok(Vec::new()), |frame| rows_of(frame, names))?;
    Ok(Measured::QueryRows(QueryRows { rows, first }))
}

/// Returns the rows of a frame, each with the names of its columns.
fn rows_of(frame: &DataFrame, names: &[String]) -> Result<Vec<Vec<(String, Value)>>, EngineError> {
    let row = |row| {
        let cells = frame.columns().iter().zip(names);
        let cells = cells.map(|(column, name)| Ok((name.clone(), value(&column.get(row)?))));
        cells.collect::<Result<Vec<_>, EngineError>>()
    };
    (0..frame.height()).map(row).collect()
}

/// A query, and the data that it runs on.
struct QueryOn<'a> {
    snapshot: &'a Snapshot,
    selection: &'a Selection,
}

impl QueryOn<'_> {
    /// Fetches all rows that the query returns, and adds the cost to `cost`.
    fn fetch(&self, control: Control<'_>, cost: &mut QueryCost) -> Result<DataFrame, EngineError> {
        let frames =
            execute_counted(vec![selected(self.snapshot, self.selection)?], self.snapshot, control, cost);
        frames?.pop().ok_or_else(nothing_given)
    }
}

/// Compares two selections as bags of rows, and adds the cost to `execution` and `read`.
fn differences(
    here: &QueryOn<'_>,
    there: &QueryOn<'_>,
    fits: &[Fit],
    control: Control<'_>,
    execution: &mut Execution,
    read: Option<&mut OtherRead>,
) -> Result<Measured, EngineError> {
    let (mut cost, mut cost_there) = (QueryCost::default(), QueryCost::default());
    let left = here.fetch(control, &mut cost);
    // The cost counts even if the read failed.
    execution.add(&cost);
    let left = left?;
    let right = there.fetch(control, &mut cost_there);
    if let Some(read) = read {
        read.scans += cost_there.scans;
        read.rows_read += cost_there.rows;
    }
    let right = right?;
    let left = QueryResult { frame: left, columns: &here.selection.query.relation.columns };
    let right = QueryResult { frame: right, columns: &there.selection.query.relation.columns };
    bag_difference(left, right, fits, control).map(Measured::QueryDifference)
}

/// Returns the rows of a query over the filtered rows of the table.
fn selected(snapshot: &Snapshot, selection: &Selection) -> Result<LazyFrame, EngineError> {
    let frame = snapshot.frame(&[snapshot.all_rows()], false)?;
    let frame = if selection.filter.is_always() { frame } else { frame.filter(to_polars(&selection.filter)) };
    rows(&selection.query.relation, &frame)
}

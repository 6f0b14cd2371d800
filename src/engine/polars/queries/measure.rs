//! Measures metrics that are SQL queries.

use std::collections::BTreeMap;

use polars::prelude::{LazyFrame, len};
use polars_core::prelude::DataFrame;

use super::apart::{Given, apart};
use super::rows::{rows, sorted};
use crate::data::{Dataset, Value};
use crate::engine::polars::Snapshot;
use crate::engine::polars::expression::to_polars;
use crate::engine::polars::judging::Others;
use crate::engine::polars::query::{Executed, count, execute_counted, guarded, nothing_given, value};
use crate::engine::{Control, EngineError, Execution, MetricError, OtherRead};
use crate::metric::{Measured, Metric, MetricId, Selected, Selection};
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
        control.go_on()?;
        let measured = guarded(|| match metric {
            // If there is personal data, no row is shown.
            Metric::Selected(selection) => given(snapshot, selection, !plan.privacy.hides_any(), execution),
            Metric::SelectedApart { here, dataset, there, fits } => match snapshots.get(dataset) {
                Some(other) => {
                    let here = Asked { snapshot, selection: here };
                    let there = Asked { snapshot: other, selection: there };
                    differences(&here, &there, fits, execution, read_of(&mut others.reads, dataset))
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
fn given(
    snapshot: &Snapshot,
    selection: &Selection,
    show: bool,
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
    let mut took = Executed::default();
    let frames = execute_counted(queries, snapshot, &mut took);
    execution.add(&took);
    let frames = frames?;
    let rows = frames.first().map_or(Err(nothing_given()), |frame| count(frame, "rows"))?;
    let names = &selection.query.names;
    let first = frames.get(1).map_or(Ok(Vec::new()), |frame| records(frame, names))?;
    Ok(Measured::Selected(Selected { rows, first }))
}

/// Returns the rows of a frame, each with the names of its columns.
fn records(frame: &DataFrame, names: &[String]) -> Result<Vec<Vec<(String, Value)>>, EngineError> {
    let row = |row| {
        let cells = frame.columns().iter().zip(names);
        let cells = cells.map(|(column, name)| Ok((name.clone(), value(&column.get(row)?))));
        cells.collect::<Result<Vec<_>, EngineError>>()
    };
    (0..frame.height()).map(row).collect()
}

/// A query, and the data that it runs on.
struct Asked<'a> {
    snapshot: &'a Snapshot,
    selection: &'a Selection,
}

impl Asked<'_> {
    /// Fetches all rows that the query returns, and adds the cost to `took`.
    fn fetch(&self, took: &mut Executed) -> Result<DataFrame, EngineError> {
        let frames = execute_counted(vec![selected(self.snapshot, self.selection)?], self.snapshot, took);
        frames?.pop().ok_or_else(nothing_given)
    }
}

/// Compares two selections as bags of rows, and adds the cost to `execution` and `read`.
fn differences(
    here: &Asked<'_>,
    there: &Asked<'_>,
    fits: &[Fit],
    execution: &mut Execution,
    read: Option<&mut OtherRead>,
) -> Result<Measured, EngineError> {
    let (mut took, mut took_there) = (Executed::default(), Executed::default());
    let left = here.fetch(&mut took);
    // The cost counts even if the read failed.
    execution.add(&took);
    let left = left?;
    let right = there.fetch(&mut took_there);
    if let Some(read) = read {
        read.scans += took_there.scans;
        read.rows_read += took_there.rows;
    }
    let right = right?;
    let left = Given { frame: left, columns: &here.selection.query.relation.columns };
    let right = Given { frame: right, columns: &there.selection.query.relation.columns };
    apart(left, right, fits).map(Measured::SelectedApart)
}

/// Returns the rows of a query over the filtered rows of the table.
fn selected(snapshot: &Snapshot, selection: &Selection) -> Result<LazyFrame, EngineError> {
    let frame = snapshot.frame(&[snapshot.all_rows()], false)?;
    let frame = if selection.filter.is_always() { frame } else { frame.filter(to_polars(&selection.filter)) };
    rows(&selection.query.relation, &frame)
}

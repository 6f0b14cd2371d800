//! What queries give.

use std::collections::BTreeMap;

use polars::prelude::{LazyFrame, len};
use polars_core::prelude::DataFrame;

use super::super::EngineError;
use super::super::execute::{Executed, execute};
use super::super::measurements::{Execution, OtherRead};
use super::super::values::{cell, value};
use super::apart::{Given, apart};
use super::rows::{rows, sorted};
use crate::data::{Dataset, Value};
use crate::metric::{Metric, Selection};
use crate::predicate::{Fit, to_polars};
use crate::source::Snapshot;

/// How many rows of a result are shown.
const SHOWN: usize = 20;

/// The values of metrics that are queries, by their positions. Without `show` no value of a row is told.
pub(in crate::engine) fn measure(
    metrics: &[Metric],
    snapshot: &Snapshot,
    others: &BTreeMap<Dataset, Snapshot>,
    show: bool,
    (execution, reads): (&mut Execution, &mut [OtherRead]),
) -> BTreeMap<usize, Value> {
    let mut values = BTreeMap::new();
    for (position, metric) in metrics.iter().enumerate() {
        let measured = match metric {
            Metric::Selected(selection) => given(snapshot, selection, show, execution),
            Metric::SelectedApart { here, dataset, there, fits } => match others.get(dataset) {
                Some(other) => {
                    let reads = (&mut *execution, read_of(reads, dataset));
                    differences((snapshot, here), (other, there), fits, reads)
                }
                None => Err(EngineError::Query { reason: "another dataset was not read".to_owned() }),
            },
            _ => continue,
        };
        let value = match measured {
            Ok(value) => value,
            // The engine's words may quote values.
            Err(_) if !show => {
                failed("the query failed; its message is withheld, since it may quote personal data")
            }
            Err(error) => failed(&error.to_string()),
        };
        values.insert(position, value);
    }
    values
}

/// What is told of reading a dataset.
fn read_of<'a>(reads: &'a mut [OtherRead], dataset: &Dataset) -> Option<&'a mut OtherRead> {
    let name = dataset.to_string();
    reads.iter_mut().find(|read| read.dataset == name)
}

fn failed(reason: &str) -> Value {
    Value::Struct(vec![("error".to_owned(), Value::String(reason.to_owned()))])
}

/// The rows that a selection gives: how many, and the first of them.
fn given(
    snapshot: &Snapshot,
    selection: &Selection,
    show: bool,
    execution: &mut Execution,
) -> Result<Value, EngineError> {
    let selected = selected(snapshot, selection)?;
    let mut queries = vec![selected.clone().select([len().alias("rows")])];
    if show {
        let relation = &selection.query.relation;
        // Which rows are shown must not hang on chance.
        let ordered =
            if relation.is_ordered() { selected } else { sorted(selected, &relation.by_all_columns()) };
        queries.push(ordered.limit(SHOWN.try_into().unwrap_or_default()));
    }
    let executed = execute(queries, snapshot)?;
    execution.add(&executed);
    let Executed { frames, .. } = executed;
    let count = frames.first().map_or(Ok(Value::Null), |frame| cell(frame, "rows", 0))?;
    let names = &selection.query.names;
    let first = frames.get(1).map_or(Ok(Vec::new()), |frame| records(frame, names))?;
    Ok(Value::Struct(vec![("rows".to_owned(), count), ("first".to_owned(), Value::List(first))]))
}

/// The rows of a frame, each with the names of its columns.
fn records(frame: &DataFrame, names: &[String]) -> Result<Vec<Value>, EngineError> {
    let row = |row| {
        let cells = frame.columns().iter().zip(names);
        let cells = cells.map(|(column, name)| Ok((name.clone(), value(&column.get(row)?))));
        cells.collect::<Result<Vec<_>, EngineError>>().map(Value::Struct)
    };
    (0..frame.height()).map(row).collect()
}

/// How two selections differ as bags of rows.
fn differences(
    (here, own): (&Snapshot, &Selection),
    (there, other): (&Snapshot, &Selection),
    fits: &[Fit],
    (execution, read): (&mut Execution, Option<&mut OtherRead>),
) -> Result<Value, EngineError> {
    let fetch = |snapshot, selection| -> Result<(DataFrame, u64, u64), EngineError> {
        let Executed { mut frames, scans, rows, .. } =
            execute(vec![selected(snapshot, selection)?], snapshot)?;
        let frame =
            frames.pop().ok_or_else(|| EngineError::Query { reason: "a query gave nothing".to_owned() })?;
        Ok((frame, scans, rows))
    };
    let (left, scans, rows) = fetch(here, own)?;
    execution.scans += scans;
    execution.rows_read += rows;
    let (right, scans, rows) = fetch(there, other)?;
    if let Some(read) = read {
        read.scans += scans;
        read.rows_read += rows;
    }
    let left = Given { frame: left, columns: &own.query.relation.columns };
    let right = Given { frame: right, columns: &other.query.relation.columns };
    apart(left, right, fits)
}

/// The rows of a query, over those of the table that it is asked of.
fn selected(snapshot: &Snapshot, selection: &Selection) -> Result<LazyFrame, EngineError> {
    let frame = snapshot.frame(&[snapshot.all_rows()], false)?;
    let frame = if selection.filter.is_always() { frame } else { frame.filter(to_polars(&selection.filter)) };
    rows(&selection.query.relation, &frame)
}

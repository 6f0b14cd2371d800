//! Queries in SQL, each an execution of its own: one that fails is no other check's affair.

use std::collections::BTreeMap;

use polars::prelude::{
    DataType as PlType, Expr, IntoLazy as _, JoinArgs, JoinType, LazyFrame, PlSmallStr, len, lit,
};
use polars::sql::SQLContext;
use polars_core::prelude::DataFrame;

use super::execute::{Executed, execute, execute_in_memory};
use super::values::{cell, value};
use super::{
    EngineError,
    measurements::{Execution, OtherRead},
};
use crate::data::{Dataset, Value};
use crate::metric::{Metric, Selection};
use crate::predicate::{QUERY_TABLE, to_polars};
use crate::source::{Snapshot, caught};

/// How many rows of a result are shown.
const SHOWN: usize = 20;

/// The values of metrics that are queries, by their positions. Without `show` no value of a row is told.
pub(super) fn measure(
    metrics: &[Metric],
    snapshot: &Snapshot,
    others: &BTreeMap<Dataset, Snapshot>,
    show: bool,
    (execution, reads): (&mut Execution, &mut [OtherRead]),
) -> BTreeMap<usize, Value> {
    let mut values = BTreeMap::new();
    for (position, metric) in metrics.iter().enumerate() {
        let measured = match metric {
            Metric::Selected(selection) => rows(snapshot, selection, show, execution),
            Metric::SelectedApart { here, dataset, there } => match others.get(dataset) {
                Some(other) => apart((snapshot, here), (other, there), (execution, read_of(reads, dataset))),
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
fn rows(
    snapshot: &Snapshot,
    selection: &Selection,
    show: bool,
    execution: &mut Execution,
) -> Result<Value, EngineError> {
    let selected = selected(snapshot, selection)?;
    let mut queries = vec![selected.clone().select([len().alias("rows")])];
    if show {
        queries.push(selected.limit(SHOWN.try_into().unwrap_or_default()));
    }
    let executed = execute(queries, snapshot)?;
    execution.add(&executed);
    let Executed { frames, .. } = executed;
    let count = frames.first().map_or(Ok(Value::Null), |frame| cell(frame, "rows", 0))?;
    let first = frames.get(1).map_or(Ok(Vec::new()), records)?;
    Ok(Value::Struct(vec![("rows".to_owned(), count), ("first".to_owned(), Value::List(first))]))
}

/// The rows of a frame, each with the names of its columns.
fn records(frame: &DataFrame) -> Result<Vec<Value>, EngineError> {
    let row = |row| {
        let cells =
            frame.columns().iter().map(|column| Ok((column.name().to_string(), value(&column.get(row)?))));
        cells.collect::<Result<Vec<_>, EngineError>>().map(Value::Struct)
    };
    (0..frame.height()).map(row).collect()
}

/// How two selections differ as bags of rows.
fn apart(
    (here, own): (&Snapshot, &Selection),
    (there, other): (&Snapshot, &Selection),
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
    let (rows, others) = (left.height(), right.height());
    if left.width() != right.width() {
        let reason = format!("the queries give {} and {} columns", left.width(), right.width());
        return Err(EngineError::Query { reason });
    }
    let types: Vec<PlType> = left.dtypes();
    let keys: Vec<Expr> = (0..types.len()).map(|index| Expr::Column(name(index))).collect();
    let bag = |mut frame: DataFrame, count: &str| -> Result<LazyFrame, EngineError> {
        frame.set_column_names(&(0..types.len()).map(name).collect::<Vec<_>>())?;
        let cast = keys.iter().zip(&types).map(|(key, data_type)| key.clone().strict_cast(data_type.clone()));
        let counted = [len().cast(PlType::Int64).alias(count)];
        Ok(frame.lazy().select(cast.collect::<Vec<_>>()).group_by(keys.clone()).agg(counted))
    };
    let mut side_by_side = JoinArgs::new(JoinType::Full);
    side_by_side.nulls_equal = true;
    let compared = bag(left, "here")?.join(bag(right, "there")?, keys.clone(), keys.clone(), side_by_side);
    let count = |name: &str| Expr::Column(name.into()).fill_null(lit(0_i64));
    let more = |left: Expr, right: Expr| {
        let more = left - right;
        more.clone().filter(more.gt(lit(0))).sum()
    };
    let Executed { frames, .. } = execute_in_memory(vec![compared.select([
        more(count("there"), count("here")).alias("missing"),
        more(count("here"), count("there")).alias("unexpected"),
    ])])?;
    let found = |name| frames.first().map_or(Ok(Value::Null), |frame| cell(frame, name, 0));
    let size = |size: usize| Value::Integer(i128::try_from(size).unwrap_or(i128::MAX));
    Ok(Value::Struct(vec![
        ("rows".to_owned(), size(rows)),
        ("other".to_owned(), size(others)),
        ("missing".to_owned(), found("missing")?),
        ("unexpected".to_owned(), found("unexpected")?),
    ]))
}

fn selected(snapshot: &Snapshot, selection: &Selection) -> Result<LazyFrame, EngineError> {
    // What is not read must not be taken for a value.
    let read = snapshot.schema.fields.iter().filter(|field| field.data_type.is_read());
    let read: Vec<Expr> = read.map(|field| Expr::Column(field.name.as_str().into())).collect();
    let frame = snapshot.frame(&[snapshot.all_rows()], false)?.select(read);
    let frame = if selection.filter.is_always() { frame } else { frame.filter(to_polars(&selection.filter)) };
    let run = || {
        let mut context = SQLContext::new();
        context.register(QUERY_TABLE, frame);
        context.execute(&selection.text)
    };
    let selected =
        caught(run).map_err(|panic| EngineError::Query { reason: format!("it panicked: {panic}") })?;
    Ok(selected?)
}

/// A name for a column by its place: two queries may call it differently.
fn name(index: usize) -> PlSmallStr {
    PlSmallStr::from(format!("{index}"))
}

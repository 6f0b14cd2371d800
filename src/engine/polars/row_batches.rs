//! Reads rows as record batches, in their order, a batch at a time: no more than a few batches are in memory. They are made on a
//! thread of the reader's, while others are taken.

use std::ops::{ControlFlow, Range};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use arrow::datatypes::SchemaRef;
use polars::prelude::{
    BooleanChunked, Column, DataFrame, DataType as PlType, Expr, IntoColumn as _, LazyFrame,
    NewChunkedArray as _, PlSmallStr, PolarsError, PolarsResult, lit,
};
use polars_plan::callback::PlanCallback;
use roaring::RoaringTreemap;

use super::expression::{computed, polars_type, value_series};
use super::query::{QueryCost, execute_counted, value};
use super::record_batch::{batch_of, schema_of};
use super::recycled::Recycled;
use super::snapshot::{Rows, Snapshot};
use crate::data::{ColumnPath, DataType};
use crate::engine::{Control, EngineError, RowBatch, RowRequest};
use crate::privacy::{Masked, Privacy};
use crate::source::files::ROW_COLUMN;

/// Number of batches that wait while others are taken.
const WAITING: usize = 16;

/// With this memory, in bytes, the files of a table are read at once.
const AMPLE: u64 = 4 << 30;

/// The rows that are read at once at most where memory is little.
const MOST_IN_PART: usize = 1 << 20;

/// The rows of a batch at most: few enough that their memory is used again, and not given back and asked for anew.
const MOST_ROWS: usize = 1 << 14;

/// Reads rows, and gives them to `take` until it breaks off.
pub(super) fn read_rows(
    snapshot: &Snapshot,
    request: RowRequest<'_>,
    control: Control<'_>,
    take: &mut dyn FnMut(RowBatch) -> ControlFlow<()>,
) -> Result<(), EngineError> {
    for part in parts(snapshot, request.rows, control.memory) {
        if read_part(snapshot, request, &part, control, take)?.is_break() {
            break;
        }
    }
    Ok(())
}

/// Reads the rows of these ranges, and returns whether `take` broke off.
fn read_part(
    snapshot: &Snapshot,
    request: RowRequest<'_>,
    part: &[Range<u64>],
    control: Control<'_>,
    take: &mut dyn FnMut(RowBatch) -> ControlFlow<()>,
) -> Result<ControlFlow<()>, EngineError> {
    let mut cost = QueryCost::default();
    let (send, receive) = sync_channel::<RowBatch>(WAITING);
    let (schema, memory) = (schema(snapshot, request)?, Recycled::default());
    let rows = rows_of(snapshot, request, part)?.sink_batches(
        PlanCallback::new(move |rows| send_all(&rows, &schema, &send, &memory)),
        true,
        None,
    )?;
    std::thread::scope(|scope| {
        let cost = &mut cost;
        let reader = scope.spawn(move || execute_counted(vec![rows], snapshot, control, cost).map(drop));
        let taken = take_all(receive, request, control, take);
        let read = reader.join().unwrap_or_else(|_| Err(ended()));
        // If both failed, the reader ended because nobody took its rows.
        taken.and_then(|taken| read.map(|()| taken))
    })
}

/// Returns the columns that [`read_rows`] gives.
pub(super) fn schema(snapshot: &Snapshot, request: RowRequest<'_>) -> Result<SchemaRef, EngineError> {
    let mut frame = rows(snapshot, request)?;
    let mut none = DataFrame::empty_with_schema(frame.collect_schema()?.as_ref());
    none.drop_in_place(ROW_COLUMN)?;
    Ok(schema_of(&none)?)
}

fn take_all(
    batches: Receiver<RowBatch>,
    request: RowRequest<'_>,
    control: Control<'_>,
    take: &mut dyn FnMut(RowBatch) -> ControlFlow<()>,
) -> Result<ControlFlow<()>, EngineError> {
    for batch in batches {
        control.go_on()?;
        debug_assert_eq!(batch.values.num_columns(), request.columns.len());
        if take(batch).is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// Sends rows as batches. Returns true if nobody takes any more.
fn send_all(
    rows: &DataFrame,
    schema: &SchemaRef,
    to: &SyncSender<RowBatch>,
    memory: &Recycled,
) -> PolarsResult<bool> {
    for from in (0..rows.height()).step_by(MOST_ROWS) {
        let from = i64::try_from(from).unwrap_or(i64::MAX);
        if to.send(row_batch(rows.slice(from, MOST_ROWS), schema, memory)?).is_err() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn row_batch(mut rows: DataFrame, schema: &SchemaRef, memory: &Recycled) -> PolarsResult<RowBatch> {
    let numbers = rows.drop_in_place(ROW_COLUMN)?;
    let numbers = numbers.as_materialized_series().idx()?.into_no_null_iter().collect();
    Ok(RowBatch { numbers, values: batch_of(&mut rows, schema, memory)? })
}

/// Returns the rows that are asked for, with their numbers.
pub(super) fn rows(snapshot: &Snapshot, request: RowRequest<'_>) -> Result<LazyFrame, EngineError> {
    rows_of(snapshot, request, &ranges(snapshot, request.rows))
}

/// Returns those of them that lie in these ranges.
fn rows_of(
    snapshot: &Snapshot,
    request: RowRequest<'_>,
    ranges: &[Range<u64>],
) -> Result<LazyFrame, EngineError> {
    let number = || Expr::Column(PlSmallStr::from_static(ROW_COLUMN));
    let columns = request.columns.iter().map(|name| shown(name, snapshot, request.privacy));
    let columns: Vec<Expr> = columns.chain([number()]).collect();
    let frame = snapshot.frame(ranges, true)?.select(columns);
    let Some(wanted) = request.rows else { return Ok(frame) };
    let wanted = Arc::new(wanted.clone());
    let is_wanted = move |numbers: &Column| {
        let numbers = numbers.as_materialized_series().idx()?;
        let mask: Vec<bool> = numbers.into_no_null_iter().map(|number| wanted.contains(number)).collect();
        Ok(BooleanChunked::from_slice(PlSmallStr::EMPTY, &mask).into_column())
    };
    Ok(frame.filter(computed(number(), PlType::Boolean, is_wanted)))
}

/// Returns a column, or what stands for its values.
fn shown(name: &str, snapshot: &Snapshot, privacy: &Privacy) -> Expr {
    let (path, column) = (ColumnPath::column(name), Expr::Column(name.into()));
    if !privacy.hides(&path) {
        return column;
    }
    if privacy.withholds(&path) {
        let data_type = snapshot.schema.resolve(&path).ok().map(polars_type);
        let null = lit(polars::prelude::Null {});
        return data_type.map_or_else(|| null.clone(), |of| null.clone().cast(of)).alias(name);
    }
    let privacy = privacy.clone();
    let hashed = move |values: &Column| {
        let mut hashes = Vec::with_capacity(values.len());
        for index in 0..values.len() {
            hashes.push(privacy.value(Masked::of([&path], value(&values.get(index)?))));
        }
        Ok(value_series(&hashes, &DataType::String).with_name(values.name().clone()).into_column())
    };
    computed(column, PlType::String, hashed).alias(name)
}

/// Returns the ranges to read, one list after the other: the engine decodes files faster than others take their rows, and where
/// memory is little, no more of them may wait than lie in a part of one file.
fn parts(snapshot: &Snapshot, wanted: Option<&RoaringTreemap>, memory: u64) -> Vec<Vec<Range<u64>>> {
    let Rows::Files(files) = &snapshot.rows else { return vec![ranges(snapshot, wanted)] };
    if memory >= AMPLE {
        return vec![ranges(snapshot, wanted)];
    }
    let of_files = files.rows_of_files().flat_map(|file| {
        let starts = file.clone().step_by(MOST_IN_PART);
        starts.map(move |start| start..file.end.min(start + MOST_IN_PART as u64))
    });
    let is_read = |part: &Range<u64>| wanted.is_none_or(|wanted| has_any(wanted, part));
    of_files.filter(is_read).map(|part| vec![part]).collect()
}

/// Returns whether a row of a range is wanted.
fn has_any(wanted: &RoaringTreemap, range: &Range<u64>) -> bool {
    let mut from = wanted.iter();
    from.advance_to(range.start);
    from.next().is_some_and(|row| row < range.end)
}

/// Returns ranges of rows that hold all rows that are wanted: those of the files with such a row.
fn ranges(snapshot: &Snapshot, wanted: Option<&RoaringTreemap>) -> Vec<Range<u64>> {
    let (Rows::Files(files), Some(wanted)) = (&snapshot.rows, wanted) else {
        return vec![snapshot.all_rows()];
    };
    let mut ranges: Vec<Range<u64>> = Vec::new();
    for file in files.rows_of_files().filter(|file| has_any(wanted, file)) {
        match ranges.last_mut() {
            Some(last) if last.end == file.start => last.end = file.end,
            _ => ranges.push(file),
        }
    }
    ranges
}

fn ended() -> EngineError {
    EngineError::from(PolarsError::ComputeError("the reader of rows ended without a result".into()))
}

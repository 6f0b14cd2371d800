//! The second pass: what only measured values tell, the keys whose hashes come twice, and the first
//! failing rows of every check that has some, in one narrow scan.

use std::ops::Range;

use polars_core::prelude::DataFrame;

use super::EngineError;
use super::doubtful::Doubtful;
use super::execute::{Executed, execute};
use super::hashes::PARTITIONS;
use super::measurements::Samples;
use super::proof::{Proof, union};
use super::reads::MOST_RANGES;
use super::sampling::{any_of, samples, wanted};
use super::scalars::count;
use super::values::cell;
use crate::data::Value;
use crate::plan::{Plan, Relative};
use crate::predicate::Typed;
use crate::source::{Snapshot, overlap};

/// What the second pass found.
pub(super) struct Second {
    pub(super) samples: Vec<Samples>,
    pub(super) relative: Vec<Result<u64, String>>,
    /// Values of metrics that only hashes were known of, by their positions.
    pub(super) told: Vec<(usize, Value)>,
    /// Whether rows were fetched for a hash that different keys have.
    pub(super) collided: bool,
    /// What it took; nothing was read if there was nothing to find.
    pub(super) executed: Executed,
}

/// Counts failing rows that are told by measured values, groups the rows that are doubtful by their
/// hashes, and fetches failing rows for the checks that have some, in one scan of those of the given
/// rows that may be among them. Nothing is read if there are none.
pub(super) fn second(
    (plan, values): (&Plan, &[Value]),
    (doubtful, proof): (&[Doubtful<'_>], &Proof),
    rows: &[Range<u64>],
    snapshot: &Snapshot,
) -> Result<Second, EngineError> {
    let conditions: Vec<Result<Typed, String>> =
        plan.relative.iter().map(|relative| told(relative, values)).collect();
    let wanted = wanted((plan, values), doubtful, &conditions);
    let counted: Vec<&Typed> = conditions.iter().flatten().collect();
    let mut queries = Vec::new();
    if !counted.is_empty() || !wanted.is_empty() || !doubtful.is_empty() {
        let counting: Option<Vec<usize>> = wanted.iter().map(|wanted| wanted.counted_by).collect();
        let mut frame = match counting.filter(|_| counted.is_empty() && doubtful.is_empty()) {
            Some(metrics) => snapshot.frame(&of_rows(rows, &may_fail(proof, &metrics)), true)?,
            None => snapshot.frame(rows, true)?,
        };
        // Where rows are counted, all of them are needed.
        let any = any_of(&wanted, doubtful);
        if let Some(any) = any.filter(|_| counted.is_empty()) {
            frame = frame.filter(any);
        }
        if !counted.is_empty() {
            let counts =
                counted.iter().enumerate().map(|(index, condition)| count(condition).alias(name(index)));
            queries.push(frame.clone().select(counts.collect::<Vec<_>>()));
        }
        let number = plan.checks.len();
        queries.extend(
            doubtful
                .iter()
                .zip(number..)
                .map(|(doubtful, number)| doubtful.query(&frame, number, 0..PARTITIONS)),
        );
        // A query for each check: in one for all, their results would have to be lists, and for those
        // the engine holds every failing row. Their columns have names of their own, so that the
        // queries share nothing but the scan.
        queries.extend(wanted.iter().map(|wanted| wanted.query(plan, &frame)));
    }
    let executed = execute(queries, snapshot)?;
    let (counts, rest) = executed.frames.split_at(usize::from(!counted.is_empty()));
    let (groups, rows) = rest.split_at(doubtful.len());
    let (mut told, mut collided) = (Vec::new(), false);
    for (doubtful, groups) in doubtful.iter().zip(groups) {
        let found = doubtful.found(std::slice::from_ref(groups))?;
        told.extend(found.values);
        collided |= found.collided;
    }
    let samples = samples(plan, &wanted, rows, snapshot)?;
    let relative = relative(conditions, counts.first())?;
    Ok(Second { samples, relative, told, collided, executed })
}

/// The rows that metrics may count.
fn may_fail(proof: &Proof, metrics: &[usize]) -> Vec<Range<u64>> {
    let rows = union(metrics.iter().flat_map(|position| proof.may_count(*position)));
    match rows.as_slice() {
        // More is no harm, and each range is a scan of its own to the engine.
        [first, .., last] if rows.len() > MOST_RANGES => std::iter::once(first.start..last.end).collect(),
        _ => rows,
    }
}

/// Those of some rows that are among others.
fn of_rows(rows: &[Range<u64>], others: &[Range<u64>]) -> Vec<Range<u64>> {
    let common = rows.iter().flat_map(|rows| others.iter().map(|others| overlap(rows, others)));
    common.filter(|rows| !rows.is_empty()).collect()
}

/// The condition that measured values make.
fn told(relative: &Relative, values: &[Value]) -> Result<Typed, String> {
    let values: Vec<Value> = relative.metrics.iter().map(|position| values[*position].clone()).collect();
    relative.condition.of(&values)
}

/// The counts of the conditions that there are, which the frame has in their order.
fn relative(
    conditions: Vec<Result<Typed, String>>,
    counts: Option<&DataFrame>,
) -> Result<Vec<Result<u64, String>>, EngineError> {
    let counted = 0..counts.map_or(0, DataFrame::width);
    let counts = counted.filter_map(|index| Some(cell(counts?, &name(index), 0)));
    let mut counts = counts.collect::<Result<Vec<Value>, _>>()?.into_iter();
    let mut count = || counts.next().and_then(|count| count.as_count());
    let missing = || "the engine gave no count of its rows".to_owned();
    Ok(conditions.into_iter().map(|condition| condition.and_then(|_| count().ok_or_else(missing))).collect())
}

fn name(index: usize) -> String {
    format!("r{index}")
}

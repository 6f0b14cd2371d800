//! Which rows are read for which metrics: each row at most once, and only for those that need it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::judging::is_measured;
use super::proof::Proof;
use super::uniqueness::Uniqueness;
use crate::metric::{Metric, MetricId, PerMetric};
use crate::source::{FileSet, Rows, Snapshot, overlap};

/// How many ranges of rows one read has at most: each is a scan of its own to the engine.
pub(super) const MOST_RANGES: usize = 256;

/// Rows that are read at once, for some metrics.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Read {
    /// The numbers of the rows.
    pub(super) rows: Vec<Range<u64>>,
    /// The metrics.
    pub(super) metrics: Vec<MetricId>,
    /// The bytes that the rows take with all their columns, about.
    pub(super) bytes: u64,
}

/// What has to be read for the metrics that are not proved. If all of them merge, rows that the same
/// metrics need are read together, at most so many bytes at a time; else everything is read at once.
pub(super) fn reads(
    metrics: &PerMetric<Metric>,
    proof: &mut Proof,
    uniqueness: &Uniqueness<'_>,
    snapshot: &Snapshot,
    most_bytes: u64,
) -> Vec<Read> {
    let open: Vec<MetricId> = proof.left_open().into_iter().filter(|id| is_measured(&metrics[*id])).collect();
    if open.is_empty() {
        return Vec::new();
    }
    let merges = |id: &MetricId| metrics[*id].empty_state().is_some() || uniqueness.tells(*id);
    let merge = open.iter().all(merges);
    match &snapshot.rows {
        Rows::Files(set) if merge && !snapshot.all_rows().is_empty() => alike(&open, proof)
            .into_iter()
            .flat_map(|(metrics, rows)| {
                let parts = in_parts(set, &rows, most_bytes).into_iter();
                parts.map(move |(rows, bytes)| Read { rows, metrics: metrics.clone(), bytes })
            })
            .collect(),
        _ => {
            proof.forget(&open);
            let bytes = snapshot.identity.bytes.unwrap_or_default();
            vec![Read { rows: vec![snapshot.all_rows()], metrics: open, bytes }]
        }
    }
}

/// The rows by the metrics that need them.
fn alike(open: &[MetricId], proof: &Proof) -> BTreeMap<Vec<MetricId>, Vec<Range<u64>>> {
    let ranges = || open.iter().flat_map(|id| proof.left(*id).iter().map(|rows| (*id, rows)));
    // Between two neighbours of these, all rows are needed by the same metrics.
    let bounds: BTreeSet<u64> = ranges().flat_map(|(_, rows)| [rows.start, rows.end]).collect();
    let mut needed: BTreeMap<u64, (Vec<MetricId>, Vec<MetricId>)> =
        bounds.into_iter().map(|bound| (bound, (Vec::new(), Vec::new()))).collect();
    for (id, rows) in ranges() {
        for (bound, ends) in [(rows.start, false), (rows.end, true)] {
            if let Some((begin, end)) = needed.get_mut(&bound) {
                if ends { end } else { begin }.push(id);
            }
        }
    }
    let mut found: BTreeMap<Vec<MetricId>, Vec<Range<u64>>> = BTreeMap::new();
    let mut current: BTreeSet<MetricId> = BTreeSet::new();
    let mut start = 0;
    for (bound, (begin, end)) in needed {
        if !current.is_empty() {
            let rows = found.entry(current.iter().copied().collect()).or_default();
            match rows.last_mut() {
                Some(last) if last.end == start => last.end = bound,
                _ => rows.push(start..bound),
            }
        }
        for id in end {
            current.remove(&id);
        }
        current.extend(begin);
        start = bound;
    }
    found
}

/// Rows in parts of at most so many bytes, or of one file; with the bytes of each.
fn in_parts(set: &FileSet, rows: &[Range<u64>], most_bytes: u64) -> Vec<(Vec<Range<u64>>, u64)> {
    let mut parts: Vec<(Vec<Range<u64>>, u64)> = Vec::new();
    let mut rest = rows.iter().peekable();
    for (file, own) in set.files.iter().zip(set.rows_of_files()) {
        let mut of_file = Vec::new();
        while let Some(rows) = rest.peek() {
            let here = overlap(rows, &own);
            if !here.is_empty() {
                of_file.push(here);
            }
            if rows.end > own.end {
                break;
            }
            rest.next();
        }
        let held: u64 = of_file.iter().map(|rows| rows.end - rows.start).sum();
        if held == 0 {
            continue;
        }
        let bytes = share(file.bytes, held, own.end - own.start);
        for of_file in of_file.chunks(MOST_RANGES) {
            match parts.last_mut() {
                Some((rows, sum))
                    if *sum + bytes <= most_bytes && rows.len() + of_file.len() <= MOST_RANGES =>
                {
                    *sum += bytes;
                    join(rows, of_file);
                }
                _ => parts.push((of_file.to_vec(), bytes)),
            }
        }
    }
    parts
}

/// So many of all, of a number.
fn share(number: u64, some: u64, all: u64) -> u64 {
    let share = u128::from(number) * u128::from(some) / u128::from(all.max(1));
    u64::try_from(share).unwrap_or(u64::MAX)
}

/// Adds ranges behind others; one that begins where the last one ends makes it longer.
fn join(rows: &mut Vec<Range<u64>>, more: &[Range<u64>]) {
    for more in more {
        match rows.last_mut() {
            Some(last) if last.end == more.start => last.end = more.end,
            _ => rows.push(more.clone()),
        }
    }
}

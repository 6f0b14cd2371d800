//! Decides the strategy for a plan: which metrics statistics prove, and which rows are read for the others.
//! Each row is read at most once, and only for the metrics that need it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::judging::is_measured;
use super::proof_by_statistics::Proof;
use super::query::guarded;
use super::scan::FileSet;
use super::snapshot::{Rows, Snapshot};
use super::uniqueness::Uniqueness;
use crate::data::Dataset;
use crate::engine::{EngineError, Kept, OtherScans, Read, SecondPass, Strategy};
use crate::metric::{Aggregate, Metric, MetricId, PerMetric, top_level_columns};
use crate::plan::{JudgedBy, Plan, PlannedCheck};
use crate::source::Trust;
use crate::source::files::overlap;

/// Upper bound on the ranges of one read: Polars scans each range separately.
pub(super) const MOST_RANGES: usize = 256;

/// The strategy, with the proof and the recorders that it was decided by.
pub(super) struct Decided<'a> {
    pub(super) strategy: Strategy,
    pub(super) proof: Proof,
    pub(super) uniqueness: Uniqueness<'a>,
}

/// Decides the strategy for a plan. A read of metrics that merge takes at most `most_bytes`.
pub(super) fn decide<'a>(
    plan: &'a Plan,
    snapshot: &Snapshot,
    others: &BTreeMap<Dataset, &Snapshot>,
    uniqueness: Uniqueness<'a>,
    trust: Trust,
    most_bytes: u64,
) -> Result<Decided<'a>, EngineError> {
    let mut proof = prove(plan, snapshot, trust)?;
    let reads = reads(&plan.metrics, &mut proof, &uniqueness, snapshot, most_bytes);
    let is_query = |id: &MetricId| plan.metrics[*id].is_query();
    let strategy = Strategy {
        transcription_scans: snapshot.transcription_cost().scans,
        proved: proof.proved(),
        columns: columns(plan, &reads, snapshot),
        kept: plan
            .metrics
            .of_ids(|id| if uniqueness.measures(id) { Kept::Hashes } else { kept(&plan.metrics[id]) }),
        queries: plan.metrics.ids().filter(is_query).collect(),
        others: other_scans(plan, others),
        second_pass: second_pass(plan, &uniqueness),
        statements: Vec::new(),
        reads,
    };
    Ok(Decided { strategy, proof, uniqueness })
}

/// Proves metrics by statistics. If that panics, nothing is proved and everything is measured.
fn prove(plan: &Plan, snapshot: &Snapshot, trust: Trust) -> Result<Proof, EngineError> {
    match guarded(|| Proof::of(plan, snapshot, trust)) {
        Err(error) if error.is_of_query() => Proof::of(plan, snapshot, Trust::None),
        proved => proved,
    }
}

/// Returns the top-level columns that the reads need from files, in the order of the table. Partition columns
/// are not stored in files.
fn columns(plan: &Plan, reads: &[Read], snapshot: &Snapshot) -> Vec<String> {
    let mut roots =
        top_level_columns(reads.iter().flat_map(|read| &read.metrics).map(|id| &plan.metrics[*id]));
    if let Rows::Files(set) = &snapshot.rows {
        if snapshot.all_rows().is_empty() {
            return Vec::new();
        }
        set.partition_columns().for_each(|name| {
            roots.remove(name);
        });
    }
    snapshot.schema.names().filter(|name| roots.contains(name)).map(str::to_owned).collect()
}

/// What is kept in memory for a metric that no hashes measure.
fn kept(metric: &Metric) -> Kept {
    match metric {
        Metric::Aggregate { function: Aggregate::Quantile { .. }, .. } => Kept::Values,
        // A tally holds so many values at most.
        Metric::Count(_) | Metric::Aggregate { .. } | Metric::Correlation { .. } | Metric::Tally(_) => {
            Kept::Nothing
        }
        Metric::Group { .. } | Metric::Each { .. } => Kept::Groups,
        Metric::OutOfOrder(sequence) if sequence.order_by.is_empty() && sequence.within.is_empty() => {
            Kept::Nothing
        }
        Metric::OutOfOrder(_) => Kept::Values,
        Metric::Unmatched { .. } => Kept::Keys,
        Metric::Differences(_) | Metric::QueryRows(_) | Metric::QueryDifference { .. } => Kept::Rows,
        Metric::OtherDataset { metric, .. } => kept(metric),
    }
}

/// Returns the scans of other datasets: one for all metrics and lookups there, and one for each query.
fn other_scans(plan: &Plan, others: &BTreeMap<Dataset, &Snapshot>) -> Vec<OtherScans> {
    let asked = |dataset: &Dataset| {
        let of_it = plan.metrics.iter().filter(|metric| metric.dataset() == Some(dataset));
        let (queries, shared): (Vec<_>, Vec<_>) = of_it.partition(|metric| metric.is_query());
        u64::from(!shared.is_empty()) + u64::try_from(queries.len()).unwrap_or(u64::MAX)
    };
    let scans = others
        .iter()
        .map(|(dataset, snapshot)| (dataset, asked(dataset), snapshot.transcription_cost().scans));
    let read = scans.filter(|(_, asked, _)| *asked > 0);
    read.map(|(dataset, asked, before)| OtherScans { dataset: dataset.clone(), scans: before + asked })
        .collect()
}

fn second_pass(plan: &Plan, uniqueness: &Uniqueness<'_>) -> SecondPass {
    let shows_rows =
        |check: &PlannedCheck| check.samples > 0 && matches!(check.judged_by, Ok(JudgedBy::Rows { .. }));
    if !plan.dependent.is_empty() {
        SecondPass::Always
    } else if plan.metrics.ids().any(|id| uniqueness.measures(id)) || plan.checks.iter().any(shows_rows) {
        SecondPass::IfRowsFail
    } else {
        SecondPass::Never
    }
}

/// Decides the reads for the metrics that are not proved. If all of them merge, rows that the same metrics
/// need are read together, at most `most_bytes` at a time; otherwise everything is read at once.
fn reads(
    metrics: &PerMetric<Metric>,
    proof: &mut Proof,
    uniqueness: &Uniqueness<'_>,
    snapshot: &Snapshot,
    most_bytes: u64,
) -> Vec<Read> {
    let open: Vec<MetricId> =
        proof.open_metrics().into_iter().filter(|id| is_measured(&metrics[*id])).collect();
    if open.is_empty() {
        return Vec::new();
    }
    let merges = |id: &MetricId| metrics[*id].empty_state().is_some() || uniqueness.measures(*id);
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
            let rows = match &snapshot.rows {
                Rows::Files(_) => vec![snapshot.all_rows()],
                Rows::Frame(_) => Vec::new(),
            };
            vec![Read { rows, metrics: open, bytes }]
        }
    }
}

/// Groups the rows by the metrics that need them.
fn alike(open: &[MetricId], proof: &Proof) -> BTreeMap<Vec<MetricId>, Vec<Range<u64>>> {
    let ranges = || open.iter().flat_map(|id| proof.open_rows(*id).iter().map(|rows| (*id, rows)));
    // Between two neighbouring bounds, the same metrics need every row.
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

/// Splits rows into parts of at most `most_bytes`, or of one file, and returns the bytes of each.
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

/// Returns `number * some / all` without overflow.
fn share(number: u64, some: u64, all: u64) -> u64 {
    let share = u128::from(number) * u128::from(some) / u128::from(all.max(1));
    u64::try_from(share).unwrap_or(u64::MAX)
}

/// Appends ranges; one that begins where the last one ends extends it.
fn join(rows: &mut Vec<Range<u64>>, more: &[Range<u64>]) {
    for more in more {
        match rows.last_mut() {
            Some(last) if last.end == more.start => last.end = more.end,
            _ => rows.push(more.clone()),
        }
    }
}

//! Runs queries on Polars' streaming engine and measures what they read.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use polars::prelude::{DataFrame, LazyFrame, PlRefPath, PolarsError, PolarsResult};
use polars_core::query_result::QueryResult;
use polars_plan::dsl::{AnonymousColumnsUdf, DslPlan, ScanSources};
use polars_plan::plans::{IR, IRPlan};
use polars_plan::prelude::ArenaLpIter as _;
use polars_plan::utils::aexpr_to_leaf_names_iter;
use polars_stream::{PhysNodeKind, StreamingQuery};
use polars_utils::arena::Node;
use polars_utils::slice_enum::Slice;

use super::gate::Gate;
use super::tracking::Tracking;
use super::workers;
use crate::data::caught;
use crate::engine::polars::expression::{function_of, take_failure};
use crate::engine::polars::scan::ScanRequest;
use crate::engine::polars::snapshot::Snapshot;
use crate::engine::{Control, EngineError, Execution};
use crate::source::files::ROW_COLUMN;

/// Prefix of the names of columns that come from another dataset.
pub(in crate::engine::polars) const OTHER: &str = "\u{1}other";

/// The cost of queries.
#[derive(Default)]
pub(in crate::engine::polars) struct QueryCost {
    /// Number of scans.
    pub scans: u64,
    /// The columns read.
    pub columns: BTreeSet<String>,
    /// Number of rows read.
    pub rows: u64,
    /// The parts of files read.
    read: Vec<ScanRequest>,
    /// The bytes that these parts take in the files; `None` for data in memory.
    pub bytes: Option<u64>,
}

impl QueryCost {
    /// Adds the cost of another execution over the same rows.
    fn add(&mut self, other: Self) {
        self.scans += other.scans;
        self.columns.extend(other.columns);
        self.rows += other.rows;
        if let Some(bytes) = other.bytes {
            *self.bytes.get_or_insert_default() += bytes;
        }
    }
}

impl Execution {
    /// Adds the cost of an execution.
    pub(in crate::engine::polars) fn add(&mut self, cost: &QueryCost) {
        self.scans += cost.scans;
        self.add_part(cost);
    }

    /// Adds the cost of an execution that is part of one scan.
    pub(in crate::engine::polars) fn add_part(&mut self, cost: &QueryCost) {
        self.rows_read += cost.rows;
        if let Some(bytes) = cost.bytes {
            *self.bytes_read.get_or_insert_default() += bytes;
        }
    }
}

/// The error of a query that the engine ran without giving a result.
pub(in crate::engine::polars) fn nothing_given() -> EngineError {
    EngineError::Query { reason: "a query gave nothing".into() }
}

impl From<PolarsError> for EngineError {
    fn from(error: PolarsError) -> Self {
        Self::Query { reason: error.to_string().into() }
    }
}

/// Runs queries over frames of a snapshot as one execution, so that they share its scans; without queries,
/// nothing is read. Adds the cost to `cost` even if a scan fails midway, or is
/// cancelled.
pub(in crate::engine::polars) fn execute_counted(
    queries: Vec<LazyFrame>,
    snapshot: &Snapshot,
    control: Control<'_>,
    cost: &mut QueryCost,
) -> Result<Vec<DataFrame>, EngineError> {
    if queries.is_empty() {
        return Ok(Vec::new());
    }
    control.go_on()?;
    let mut plan = optimised(queries)?;
    let requests = scan_requests(&plan);
    read_instead(&mut plan, &snapshot.make_ready(&requests)?);
    let mut own = QueryCost::default();
    let frames = run(plan, control, &mut own);
    own.bytes = snapshot.bytes_of(&own.read);
    own.columns = snapshot.names_of(&own.columns);
    cost.add(own);
    let frames = frames?;
    snapshot.unchanged(&requests)?;
    Ok(frames)
}

/// Runs queries over frames in memory.
pub(in crate::engine::polars) fn execute_in_memory(
    queries: Vec<LazyFrame>,
    control: Control<'_>,
) -> Result<Vec<DataFrame>, EngineError> {
    control.go_on()?;
    run(optimised(queries)?, control, &mut QueryCost::default())
}

/// Runs work that may panic, in Polars or below it, and returns a panic as an error.
pub(in crate::engine::polars) fn guarded<T, E>(work: impl FnOnce() -> Result<T, E>) -> Result<T, EngineError>
where
    EngineError: From<E>,
{
    caught(work)
        .map_err(|panic| EngineError::Query { reason: format!("it panicked: {panic}").into() })?
        .map_err(EngineError::from)
}

/// Optimises all queries as one plan: only the optimised plan shows what they read.
fn optimised(queries: Vec<LazyFrame>) -> Result<IRPlan, EngineError> {
    guarded(|| -> PolarsResult<IRPlan> {
        let inputs = queries.into_iter().map(|query| query.logical_plan).collect();
        let all = LazyFrame::from(DslPlan::SinkMultiple { inputs }).with_streaming(true);
        let mut plan = all.to_alp_optimized()?;
        plan.ensure_root_node_is_sink();
        Ok(plan)
    })
}

/// Returns the files and columns that a plan reads.
fn scan_requests(plan: &IRPlan) -> Vec<ScanRequest> {
    let mut found = Vec::new();
    for (_, node) in plan.lp_arena.iter(plan.lp_top) {
        let IR::Scan { sources, file_info, predicate, unified_scan_args, .. } = node else { continue };
        let projected: Vec<String> = match &unified_scan_args.projection {
            Some(names) => names.iter().map(ToString::to_string).collect(),
            None => file_info.schema.iter_names().map(ToString::to_string).collect(),
        };
        let filtered = predicate.iter().flat_map(|predicate| {
            aexpr_to_leaf_names_iter(predicate.node(), &plan.expr_arena).map(ToString::to_string)
        });
        let columns = projected.into_iter().chain(filtered).collect();
        found.push(of_files(sources, unified_scan_args.pre_slice.as_ref(), columns));
    }
    found
}

/// Replaces files in the scans of a plan by their stand-ins.
fn read_instead(plan: &mut IRPlan, others: &HashMap<PathBuf, PathBuf>) {
    if others.is_empty() {
        return;
    }
    let nodes: Vec<_> = plan.lp_arena.iter(plan.lp_top).map(|(node, _)| node).collect();
    for node in nodes {
        let IR::Scan { sources, .. } = plan.lp_arena.get_mut(node) else { continue };
        let Some(paths) = sources.as_paths() else { continue };
        let instead = |path: &PlRefPath| {
            let other = others.get(path.as_std_path());
            other.and_then(|other| PlRefPath::try_from_path(other).ok()).unwrap_or_else(|| path.clone())
        };
        let paths: Vec<_> = paths.iter().map(instead).collect();
        *sources = ScanSources::Paths(paths.into());
    }
}

/// Returns the part of files that a scan reads: all rows, or a slice of them.
fn of_files(sources: &ScanSources, part: Option<&Slice>, columns: BTreeSet<String>) -> ScanRequest {
    let paths = sources.as_paths().unwrap_or_default().iter();
    let rows = part.and_then(|part| match part {
        Slice::Positive { offset, len } => Some(*offset as u64..(*offset as u64).saturating_add(*len as u64)),
        // Counted from the end.
        Slice::Negative { .. } => None,
    });
    ScanRequest { paths: paths.map(|path| path.as_std_path().to_path_buf()).collect(), rows, columns }
}

/// Runs a plan. The cost is recorded even if it fails or panics midway.
fn run(plan: IRPlan, control: Control<'_>, cost: &mut QueryCost) -> Result<Vec<DataFrame>, EngineError> {
    guarded(|| measured(plan, control, cost))
}

fn measured(
    mut plan: IRPlan,
    control: Control<'_>,
    cost: &mut QueryCost,
) -> Result<Vec<DataFrame>, EngineError> {
    let gate = Gate::new(control);
    gate.stand_behind_sources(&mut plan);
    // Polars counts the rows of a scan with its tasks, and only on request.
    let _tracking = Tracking::begin();
    let functions = own_functions(&plan);
    let mut query = StreamingQuery::build(plan.lp_top, &mut plan.lp_arena, &mut plan.expr_arena)?;
    let metrics = query.metrics.get_or_insert_default().clone();
    let mut sources = Vec::new();
    let mut scans_of_frame = 0;
    for (key, node) in &query.phys_sm {
        let names = match node.kind() {
            PhysNodeKind::MultiScan { output_schema, scan_sources, pre_slice, .. } => {
                let names = output_schema.iter_names().map(ToString::to_string).collect();
                cost.read.push(of_files(scan_sources, pre_slice.as_ref(), names));
                output_schema.iter_names()
            }
            // A frame of another dataset is no scan of this one.
            PhysNodeKind::InMemorySource { df, .. }
                if df.schema().iter_names().all(|name| name.starts_with(OTHER)) =>
            {
                continue;
            }
            PhysNodeKind::InMemorySource { df, .. } => {
                scans_of_frame += 1;
                df.schema().iter_names()
            }
            _ => continue,
        };
        cost.columns.extend(names.map(ToString::to_string).filter(|name| *name != ROW_COLUMN));
        sources.extend(query.phys_to_graph.get(key).copied());
    }
    cost.scans = scans(&cost.read).max(scans_of_frame);
    let frames = gate.watch(|| workers::run_on_workers(|| guarded(|| query.execute())));
    let metrics = metrics.lock();
    let measured = sources.iter().filter_map(|key| metrics.get(*key));
    cost.rows = measured.map(|node| node.rows_sent).sum();
    // Take all failures, so that none is left to a later query.
    let failures = functions.iter().filter_map(|function| take_failure(function.as_ref()));
    let failures: Vec<PolarsError> = failures.collect();
    if gate.is_closed() {
        return Err(EngineError::Cancelled);
    }
    if let Some(failure) = failures.into_iter().next() {
        return Err(failure.into());
    }
    Ok(match frames? {
        QueryResult::Single(frame) => vec![frame],
        QueryResult::Multiple(frames) => frames,
    })
}

/// Returns karat's own functions in a plan, whose failures are collected after the plan ran.
fn own_functions(plan: &IRPlan) -> Vec<Arc<dyn AnonymousColumnsUdf>> {
    let expressions = (0..plan.expr_arena.len()).map(|index| plan.expr_arena.get(Node(index)));
    expressions.filter_map(function_of).collect()
}

/// Returns how often the rows read most often are read: once if no parts overlap.
fn scans(read: &[ScanRequest]) -> u64 {
    let begins = |request: &ScanRequest| request.rows.as_ref().map_or(0, |rows| rows.start);
    let holds =
        |request: &ScanRequest, row: u64| request.rows.as_ref().is_none_or(|rows| rows.contains(&row));
    // The overlap is greatest at the start of some part.
    let at = |one: &ScanRequest| {
        let over =
            read.iter().filter(|other| other.paths.first() == one.paths.first() && holds(other, begins(one)));
        over.count() as u64
    };
    read.iter().map(at).max().unwrap_or_default()
}

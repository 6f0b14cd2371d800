//! Runs queries on the streaming engine and measures what they read.

use std::collections::BTreeSet;

use polars::prelude::{DataFrame, LazyFrame, PolarsResult};
use polars_core::query_result::QueryResult;
use polars_plan::dsl::DslPlan;
use polars_stream::{PhysNodeKind, StreamingQuery};

use super::EngineError;
use super::joins::OTHER;
use crate::source::{FILE_COLUMN, ROW_COLUMN, caught};

/// What queries gave, and what they read.
#[derive(Default)]
pub(super) struct Executed {
    /// One frame for each query.
    pub frames: Vec<DataFrame>,
    /// How many scans ran.
    pub scans: u64,
    /// The columns that they gave.
    pub columns: BTreeSet<String>,
    /// The rows that they gave.
    pub rows: u64,
}

/// Runs queries over the same frames as one execution, so that they share its scans. Without any,
/// nothing is read.
pub(super) fn execute(queries: Vec<LazyFrame>) -> Result<Executed, EngineError> {
    if queries.is_empty() {
        return Ok(Executed::default());
    }
    caught(|| run(queries))
        .map_err(|panic| EngineError::Query { reason: format!("it panicked: {panic}") })?
        .map_err(EngineError::from)
}

fn run(queries: Vec<LazyFrame>) -> PolarsResult<Executed> {
    let inputs = queries.into_iter().map(|query| query.logical_plan).collect();
    let all = LazyFrame::from(DslPlan::SinkMultiple { inputs }).with_streaming(true);
    let mut plan = all.to_alp_optimized()?;
    plan.ensure_root_node_is_sink();
    // What a scan gave is counted with its tasks, and those are counted only if asked for.
    polars_async::executor::track_task_metrics(true);
    let mut query = StreamingQuery::build(plan.lp_top, &mut plan.lp_arena, &mut plan.expr_arena)?;
    let metrics = query.metrics.get_or_insert_default().clone();
    let mut columns = BTreeSet::new();
    let mut sources = Vec::new();
    for (key, node) in &query.phys_sm {
        let names = match node.kind() {
            PhysNodeKind::MultiScan { output_schema, .. } => output_schema.iter_names(),
            // What another dataset gave is no scan of this one.
            PhysNodeKind::InMemorySource { df, .. }
                if df.schema().iter_names().all(|name| name.starts_with(OTHER)) =>
            {
                continue;
            }
            PhysNodeKind::InMemorySource { df, .. } => df.schema().iter_names(),
            _ => continue,
        };
        columns.extend(
            names.map(ToString::to_string).filter(|name| *name != FILE_COLUMN && *name != ROW_COLUMN),
        );
        sources.extend(query.phys_to_graph.get(key).copied());
    }
    let frames = match query.execute()? {
        QueryResult::Single(frame) => vec![frame],
        QueryResult::Multiple(frames) => frames,
    };
    let metrics = metrics.lock();
    let measured: Vec<_> = sources.iter().filter_map(|key| metrics.get(*key)).collect();
    Ok(Executed {
        frames,
        scans: u64::try_from(sources.len()).unwrap_or(u64::MAX),
        columns,
        rows: measured.iter().map(|node| node.rows_sent).sum(),
    })
}

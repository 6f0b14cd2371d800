//! Ends a query that nobody waits for any more.
//!
//! A query must not fail midway, since that may do lasting harm (`expression/computed.rs`). So it is led to its end instead: behind
//! each of its sources stands a gate that lets no more rows through once the run is cancelled. What is read after that is dropped
//! at once, and what the query gives means nothing.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use polars::prelude::{DataFrame, PlSmallStr, PolarsResult};
use polars_plan::plans::{FunctionIR, IR, IRPlan};
use polars_plan::prelude::ArenaLpIter as _;
use polars_utils::arena::Node;

use crate::engine::Control;
use crate::engine::watch::watched;

/// The gate of one query.
pub(super) struct Gate<'a> {
    control: Control<'a>,
    is_closed: Arc<AtomicBool>,
}

impl<'a> Gate<'a> {
    /// Returns an open gate.
    pub(super) fn new(control: Control<'a>) -> Self {
        Self { control, is_closed: Arc::default() }
    }

    /// Puts the gate behind every source of an optimised plan.
    pub(super) fn stand_behind_sources(&self, plan: &mut IRPlan) {
        let is_source = |node: &IR| matches!(node, IR::Scan { .. } | IR::DataFrameScan { .. });
        let sources = plan.lp_arena.iter(plan.lp_top).filter(|(_, node)| is_source(node));
        // Several parts of a plan may share a source.
        let sources: BTreeSet<usize> = sources.map(|(node, _)| node.0).collect();
        for source in sources.into_iter().map(Node) {
            let input = plan.lp_arena.add(plan.lp_arena.get(source).clone());
            plan.lp_arena.replace(source, IR::MapFunction { input, function: self.function() });
        }
    }

    fn function(&self) -> FunctionIR {
        let is_closed = Arc::clone(&self.is_closed);
        let let_through = move |rows: DataFrame| -> PolarsResult<DataFrame> {
            Ok(if is_closed.load(Ordering::Relaxed) { rows.clear() } else { rows })
        };
        FunctionIR::Opaque {
            function: Arc::new(let_through),
            schema: None,
            predicate_pd: true,
            projection_pd: true,
            streamable: true,
            fmt_str: PlSmallStr::from_static("gate"),
        }
    }

    /// Runs the query, and closes the gate once the run is cancelled.
    pub(super) fn watch<T>(&self, query: impl FnOnce() -> T) -> T {
        watched(self.control.cancelled, || self.is_closed.store(true, Ordering::Relaxed), query)
    }

    /// Returns whether rows were held back, so that what the query gave means nothing.
    pub(super) fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::Relaxed)
    }
}

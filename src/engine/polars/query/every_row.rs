//! Collects the numbers of all rows for which a condition holds, while Polars evaluates an expression on them.
//!
//! One query collects rows for any number of checks this way. They are kept as bitmaps, so that few failing rows
//! among very many cost little, and many cost a bit each.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use polars::prelude::{
    BooleanChunked, ChunkFilter as _, Column, DataType as PlType, Expr, PolarsResult, polars_bail,
};
use roaring::RoaringTreemap;

use super::values::as_high;
use crate::engine::polars::expression::computed_of;

/// The numbers of all rows for which a condition holds.
#[derive(Default)]
pub(in crate::engine::polars) struct EveryRow(Mutex<RoaringTreemap>);

impl EveryRow {
    /// Returns an expression that collects the numbers of the rows for which a condition is true, as a side effect. Its value,
    /// the number of those rows, is ignored.
    pub(in crate::engine::polars) fn collect(self: &Arc<Self>, condition: &Expr, number: Expr) -> Expr {
        let collected = Arc::clone(self);
        computed_of(vec![condition.clone(), number], PlType::Boolean, move |columns| collected.see(columns))
            .sum()
    }

    /// Returns the numbers collected.
    pub(in crate::engine::polars) fn rows(&self) -> RoaringTreemap {
        self.lock().clone()
    }

    /// Returns how many numbers are collected.
    pub(in crate::engine::polars) fn count(&self) -> u64 {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, RoaringTreemap> {
        // A poisoned lock only means that another thread panicked; the query fails for that reason.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn see(&self, columns: &[Column]) -> PolarsResult<Column> {
        let [condition, number] = columns else {
            polars_bail!(ComputeError: "a condition and the number of rows are wanted");
        };
        let condition = as_high(condition, number.len());
        let holds = condition.bool()?;
        if holds.any() {
            self.add(holds, number)?;
        }
        Ok(condition)
    }

    /// Collects the numbers of the rows of a batch for which a condition holds.
    pub(super) fn add(&self, holds: &BooleanChunked, number: &Column) -> PolarsResult<()> {
        let failing = number.as_materialized_series().idx()?.filter(holds)?;
        self.lock().extend(failing.iter().flatten());
        Ok(())
    }
}

//! Collects the numbers of all rows for which a condition holds, while Polars evaluates an expression on them.
//!
//! One query collects rows for any number of checks this way. They are kept as bitmaps, so that few failing rows
//! among very many cost little, and many cost a bit each.

use std::sync::{Arc, Mutex, PoisonError};

use polars::prelude::{Column, DataType as PlType, Expr, PolarsResult, polars_bail};
use roaring::RoaringTreemap;

use crate::engine::polars::expression::computed_of;
use crate::engine::polars::query::as_high;

/// The numbers of all rows for which a condition holds.
#[derive(Default)]
pub(super) struct EveryRow(Mutex<RoaringTreemap>);

impl EveryRow {
    /// Returns an expression that collects the numbers of the rows for which a condition is true, as a side effect. Its value,
    /// the number of those rows, is ignored.
    pub(super) fn collect(self: &Arc<Self>, condition: &Expr, number: Expr) -> Expr {
        let collected = Arc::clone(self);
        computed_of(vec![condition.clone(), number], PlType::Boolean, move |columns| collected.see(columns))
            .sum()
    }

    /// Returns the numbers collected.
    pub(super) fn rows(&self) -> RoaringTreemap {
        // A poisoned lock only means that another thread panicked; the query fails for that reason.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn see(&self, columns: &[Column]) -> PolarsResult<Column> {
        let [condition, number] = columns else {
            polars_bail!(ComputeError: "a condition and the number of rows are wanted");
        };
        let condition = as_high(condition, number.len());
        let holds = condition.bool()?;
        if holds.any() {
            let numbers = number.as_materialized_series().idx()?;
            let failing = holds.iter().zip(numbers.iter()).filter(|(holds, _)| *holds == Some(true));
            let failing = failing.filter_map(|(_, number)| number);
            self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(failing);
        }
        Ok(condition)
    }
}

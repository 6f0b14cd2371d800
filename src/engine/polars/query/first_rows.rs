//! Keeps the first rows for which a condition holds, while Polars evaluates an expression on all of them.
//!
//! One query keeps rows for any number of checks this way, and reads the columns that they share once. As
//! results of a query the rows would have to be lists, and for a list Polars holds every row for which the
//! condition holds.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use polars::prelude::{Column, DataType as PlType, Expr, PolarsResult, polars_bail};

use super::every_row::EveryRow;
use super::values::{as_high, value};
use crate::data::Value;
use crate::engine::polars::expression::computed_of;

/// Number of failing rows that are counted to find the most frequent values.
pub(in crate::engine::polars) const COUNTED: usize = 1_000;
/// The field of a kept row that holds its number.
pub(in crate::engine::polars) const NUMBER: &str = "row";

/// The rows with the lowest numbers, as structs of their fields.
pub(in crate::engine::polars) struct FirstRows {
    limit: usize,
    /// By row number, so that a batch evaluated twice keeps each row once.
    rows: Mutex<BTreeMap<u64, Value>>,
    /// The numbers of all rows for which the condition holds, if they are wanted.
    every: Option<Arc<EveryRow>>,
}

impl FirstRows {
    /// Keeps at most `limit` rows, and collects the numbers of all in `every`.
    pub(in crate::engine::polars) fn new(limit: usize, every: Option<Arc<EveryRow>>) -> Arc<Self> {
        Arc::new(Self { limit, rows: Mutex::default(), every })
    }

    /// Returns an expression that keeps fields of the rows for which a condition is true, as a side effect.
    /// Its value, the number of those rows, is ignored.
    pub(in crate::engine::polars) fn keep(
        self: &Arc<Self>,
        condition: &Expr,
        number: Expr,
        fields: Vec<Expr>,
    ) -> Expr {
        let kept = Arc::clone(self);
        let of = [condition.clone(), number].into_iter().chain(fields).collect();
        computed_of(of, PlType::Boolean, move |columns| kept.see(columns)).sum()
    }

    /// Returns the rows kept, in the order of their numbers.
    pub(in crate::engine::polars) fn rows(&self) -> Vec<Value> {
        self.lock().values().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, Value>> {
        // A poisoned lock only means that another thread panicked; the query fails for that reason.
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the rows of a batch that belong to the first ones. The columns are the condition, the number and
    /// the fields.
    fn see(&self, columns: &[Column]) -> PolarsResult<Column> {
        let [condition, number, fields @ ..] = columns else {
            polars_bail!(ComputeError: "a condition and the number of rows are wanted");
        };
        let height = number.len();
        let condition = as_high(condition, height);
        let holds = condition.bool()?;
        if !holds.any() {
            return Ok(condition);
        }
        if let Some(every) = &self.every {
            every.add(holds, number)?;
        }
        if self.limit == 0 {
            return Ok(condition);
        }
        let least = value(number.min_reduce()?.value()).as_count();
        let mut rows = self.lock();
        if self.last(&rows).zip(least).is_some_and(|(last, least)| least > last) {
            return Ok(condition);
        }
        let fields: Vec<Column> = fields.iter().map(|field| as_high(field, height)).collect();
        for (at, _) in holds.iter().enumerate().filter(|(_, holds)| *holds == Some(true)) {
            let number = value(&number.get(at)?);
            let Some(position) = number.as_count() else { continue };
            if self.last(&rows).is_some_and(|last| position > last) {
                continue;
            }
            let field = |field: &Column| Ok((field.name().to_string(), value(&field.get(at)?)));
            let fields = fields.iter().map(field).collect::<PolarsResult<Vec<_>>>()?;
            let row = std::iter::once((NUMBER.to_owned(), number)).chain(fields).collect();
            rows.insert(position, Value::Struct(row));
            if rows.len() > self.limit {
                rows.pop_last();
            }
        }
        Ok(condition)
    }

    /// Returns the highest number kept, if the limit is reached.
    fn last(&self, rows: &BTreeMap<u64, Value>) -> Option<u64> {
        rows.last_key_value().map(|(last, _)| *last).filter(|_| rows.len() >= self.limit)
    }
}

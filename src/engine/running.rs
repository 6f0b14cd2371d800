//! Numbers that are added up while their rows pass by: in the end, the exact sums are there, and no
//! value was held.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use polars::prelude::{Column, DataFrame, DataType as PlType, Expr, PlSmallStr, PolarsResult, Scalar, len};
use polars_core::prelude::Series;

use super::EngineError;
use super::keys::of_rows;
use super::sums::{Pairs, Room, Sums};
use super::values::cell;
use crate::data::{DataType, Value};
use crate::metric::{Aggregate, Grouping, Metric};
use crate::predicate::Typed;

/// Numbers whose exact sums tell metrics.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Numbers<'a> {
    pub(super) of: &'a Typed,
    /// What stands beside them.
    pub(super) beside: Option<&'a Typed>,
    /// On which rows; never null.
    pub(super) filter: &'a Typed,
}

impl<'a> Numbers<'a> {
    /// Those that tell a metric, if any do.
    pub(super) fn of(metric: &'a Metric) -> Option<Self> {
        match metric {
            Metric::Aggregate { function: Aggregate::StandardDeviation, of, filter } => {
                Some(Self { of, beside: None, filter })
            }
            // The engine would round with every addition.
            Metric::Aggregate { function: Aggregate::Sum, of, filter }
                if matches!(of.data_type, DataType::Float { .. }) =>
            {
                Some(Self { of, beside: None, filter })
            }
            Metric::Correlation { left, right, filter } => {
                Some(Self { of: left, beside: Some(right), filter })
            }
            _ => None,
        }
    }
}

/// What was added up.
pub(super) enum Total {
    One(Sums),
    Two(Box<Pairs>),
}

impl Total {
    pub(super) fn new(pairs: bool) -> Self {
        if pairs { Self::Two(Box::default()) } else { Self::One(Sums::default()) }
    }

    /// Adds numbers, and those beside them. Squares are added only if they are wanted.
    pub(super) fn add(&mut self, columns: &[Series], squares: bool, room: &mut Room) -> PolarsResult<()> {
        match (self, columns) {
            (Self::One(sums), [values]) => sums.add(values, squares, room),
            (Self::Two(pairs), [left, right]) => pairs.add(left, right, room),
            _ => Ok(()),
        }
    }

    fn merge(&mut self, other: &Self) {
        match (self, other) {
            (Self::One(sums), Self::One(other)) => sums.merge(other),
            (Self::Two(pairs), Self::Two(other)) => pairs.merge(other),
            _ => {}
        }
    }

    /// What it tells of a metric.
    pub(super) fn tells(&self, metric: &Metric) -> Value {
        match (self, metric) {
            (Self::One(sums), Metric::Aggregate { function: Aggregate::Sum, of, .. }) => {
                sums.sum(&of.data_type)
            }
            (Self::One(sums), Metric::Aggregate { of, .. }) => sums.deviation(&of.data_type),
            (Self::Two(pairs), _) => pairs.correlation(),
            (Self::One(_), _) => Value::Null,
        }
    }
}

/// Totals of all rows of one execution.
#[derive(Default)]
pub(super) struct Running<'a> {
    of: Vec<Adder<'a>>,
}

/// Numbers that are added up as the engine evaluates an expression on their rows.
struct Adder<'a> {
    numbers: Numbers<'a>,
    /// Whether their squares are wanted.
    squares: bool,
    added: Arc<Added>,
}

/// What was added so far.
struct Added {
    total: Mutex<Total>,
    /// How many rows passed by, with or without a number.
    rows: AtomicU64,
}

impl<'a> Running<'a> {
    /// Of what these metrics need.
    pub(super) fn of(metrics: impl Iterator<Item = &'a Metric>) -> Self {
        let mut running = Self::default();
        for metric in metrics {
            let Some(numbers) = Numbers::of(metric) else { continue };
            let squares = !matches!(metric, Metric::Aggregate { function: Aggregate::Sum, .. });
            if let Some(adder) = running.of.iter_mut().find(|adder| adder.numbers == numbers) {
                adder.squares |= squares;
                continue;
            }
            let total = Mutex::new(Total::new(numbers.beside.is_some()));
            let added = Arc::new(Added { total, rows: AtomicU64::new(0) });
            running.of.push(Adder { numbers, squares, added });
        }
        running
    }

    /// Expressions to select of all rows. They are evaluated for their side effect, which adds; what they give
    /// is how many rows there were.
    pub(super) fn expressions(&self) -> Vec<Expr> {
        let of = self.of.iter().enumerate();
        let mut expressions: Vec<Expr> =
            of.map(|(index, adder)| adder.expression().alias(seen(index))).collect();
        if !expressions.is_empty() {
            expressions.push(len().alias(ROWS));
        }
        expressions
    }

    /// Holds what was added against the rows that the same query counts.
    ///
    /// # Errors
    /// The engine left out rows, or showed some of them twice: then the sums are not those of the rows.
    pub(super) fn saw_all_rows(&self, result: &DataFrame) -> Result<(), EngineError> {
        for (index, adder) in self.of.iter().enumerate() {
            let [rows, evaluated] = [ROWS.to_owned(), seen(index)].map(|name| cell(result, &name, 0));
            let (rows, evaluated) = (rows?.as_count(), evaluated?.as_count().unwrap_or_default());
            let added = adder.added.rows.load(Ordering::Relaxed);
            if rows != Some(added) || evaluated != added {
                let rows = rows.unwrap_or_default();
                let reason = format!("it was to show {rows} rows once, and showed {added}");
                return Err(EngineError::Query { reason: reason.into() });
            }
        }
        Ok(())
    }

    /// What a metric came to, if it was added up.
    pub(super) fn tells(&self, metric: &Metric) -> Option<Value> {
        let numbers = Numbers::of(metric)?;
        let adder = self.of.iter().find(|adder| adder.numbers == numbers)?;
        Some(adder.added.total.lock().unwrap_or_else(PoisonError::into_inner).tells(metric))
    }
}

impl Adder<'_> {
    fn expression(&self) -> Expr {
        let Numbers { of, beside, filter } = self.numbers;
        let keys = std::iter::once(of).chain(beside).cloned().collect();
        let (pairs, squares, added) = (beside.is_some(), self.squares, Arc::clone(&self.added));
        let see = of_rows(&Grouping { keys, filter: filter.clone() }, PlType::Boolean, move |rows| {
            let columns: Vec<Series> =
                rows.grouped_keys()?.into_iter().map(Column::take_materialized_series).collect();
            let mut part = Total::new(pairs);
            part.add(&columns, squares, &mut Room::new())?;
            added.rows.fetch_add(rows.height() as u64, Ordering::Relaxed);
            added.total.lock().unwrap_or_else(PoisonError::into_inner).merge(&part);
            Ok(Column::new_scalar(PlSmallStr::EMPTY, Scalar::from(true), rows.height()))
        });
        see.sum()
    }
}

/// The column of the rows that the query counts.
const ROWS: &str = "\u{1}rows passed";

/// The column of the rows that an expression was evaluated on.
fn seen(index: usize) -> String {
    format!("\u{1}running{index}")
}

//! Adds numbers up exactly while their rows pass by, without holding any value.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use polars::prelude::{Column, DataFrame, DataType as PlType, Expr, PlSmallStr, PolarsResult, Scalar, len};
use polars_core::prelude::{Series, polars_err};

use super::sums::Room;
use crate::data::DataType;
use crate::engine::EngineError;
use crate::engine::polars::query::{cell, of_rows};
use crate::metric::{Aggregate, Comoments, Grouping, Metric, Misshapen, Moments, State, Unit};
use crate::predicate::Typed;

/// The numbers that a metric is computed from.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::engine::polars) struct Numbers<'a> {
    pub(super) of: &'a Typed,
    /// The other number of each pair.
    pub(super) beside: Option<&'a Typed>,
    /// The condition that selects the rows; never null.
    pub(super) filter: &'a Typed,
}

impl<'a> Numbers<'a> {
    /// Returns the numbers whose exact sums determine a metric, if there are any.
    pub(in crate::engine::polars) fn of(metric: &'a Metric) -> Option<Self> {
        match metric {
            Metric::Aggregate { function: Aggregate::StandardDeviation, of, filter } => {
                Some(Self { of, beside: None, filter })
            }
            // Polars would round with every addition.
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

/// The exact sums of numbers.
#[derive(Clone)]
pub(super) enum Total {
    One(Moments),
    Two(Box<Comoments>),
}

impl Total {
    /// Returns empty sums of these numbers.
    pub(super) fn of(numbers: Numbers<'_>) -> Self {
        let unit = |side: &Typed| Unit::of(&side.data_type);
        match numbers.beside {
            Some(beside) => Self::Two(Box::new(Comoments::new(unit(numbers.of), unit(beside)))),
            None => Self::One(Moments::new(unit(numbers.of))),
        }
    }

    /// Adds numbers, and the others of each pair. Squares are added only if `squares` is set.
    pub(super) fn add(&mut self, columns: &[Series], squares: bool, room: &mut Room) -> PolarsResult<()> {
        match (self, columns) {
            (Self::One(moments), [values]) => moments.add(values, squares, room),
            (Self::Two(moments), [left, right]) => moments.add(left, right, room),
            _ => Ok(()),
        }
    }

    fn merge(&mut self, other: &Self) -> Result<(), Misshapen> {
        match (self, other) {
            (Self::One(moments), Self::One(more)) => moments.merge(more),
            (Self::Two(moments), Self::Two(more)) => moments.merge(more),
            // Both sums are of the same numbers.
            _ => Ok(()),
        }
    }

    /// Returns the state of a metric that these sums determine.
    pub(super) fn state(&self, metric: &Metric) -> State {
        match (self, metric) {
            (Self::One(moments), Metric::Aggregate { function: Aggregate::Sum, .. }) => {
                State::Sum(moments.sum().clone())
            }
            (Self::One(moments), _) => State::Moments(moments.clone()),
            (Self::Two(moments), _) => State::Comoments(moments.clone()),
        }
    }
}

/// The totals over all rows of one execution.
#[derive(Default)]
pub(in crate::engine::polars) struct Running<'a> {
    of: Vec<Adder<'a>>,
}

/// Numbers that are added up while Polars evaluates an expression on their rows.
struct Adder<'a> {
    numbers: Numbers<'a>,
    /// True if the sum of their squares is needed.
    squares: bool,
    added: Arc<Added>,
}

/// The sums so far.
struct Added {
    total: Mutex<Total>,
    /// Number of rows that passed by, with or without a number.
    rows: AtomicU64,
}

impl<'a> Running<'a> {
    /// Prepares the totals that these metrics need.
    pub(in crate::engine::polars) fn of(metrics: impl Iterator<Item = &'a Metric>) -> Self {
        let mut running = Self::default();
        for metric in metrics {
            let Some(numbers) = Numbers::of(metric) else { continue };
            let squares = !matches!(metric, Metric::Aggregate { function: Aggregate::Sum, .. });
            if let Some(adder) = running.of.iter_mut().find(|adder| adder.numbers == numbers) {
                adder.squares |= squares;
                continue;
            }
            let total = Mutex::new(Total::of(numbers));
            let added = Arc::new(Added { total, rows: AtomicU64::new(0) });
            running.of.push(Adder { numbers, squares, added });
        }
        running
    }

    /// Returns expressions to select over all rows. They are evaluated for their side effect, which adds
    /// numbers; each gives the number of rows.
    pub(in crate::engine::polars) fn expressions(&self) -> Vec<Expr> {
        let of = self.of.iter().enumerate();
        let mut expressions: Vec<Expr> =
            of.map(|(index, adder)| adder.expression().alias(seen(index))).collect();
        if !expressions.is_empty() {
            expressions.push(len().alias(ROWS));
        }
        expressions
    }

    /// Compares the rows that were added with those that the same query counts.
    ///
    /// # Errors
    /// The engine left out rows, or showed some of them twice: then the sums are not those of the rows.
    pub(in crate::engine::polars) fn saw_all_rows(&self, result: &DataFrame) -> Result<(), EngineError> {
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

    /// Returns the state of a metric, if it was added up.
    pub(in crate::engine::polars) fn tells(&self, metric: &Metric) -> Option<State> {
        let numbers = Numbers::of(metric)?;
        let adder = self.of.iter().find(|adder| adder.numbers == numbers)?;
        Some(adder.added.total.lock().unwrap_or_else(PoisonError::into_inner).state(metric))
    }
}

impl Adder<'_> {
    fn expression(&self) -> Expr {
        let Numbers { of, beside, filter } = self.numbers;
        let keys = std::iter::once(of).chain(beside).cloned().collect();
        let (squares, added) = (self.squares, Arc::clone(&self.added));
        let none = Total::of(self.numbers);
        let see = of_rows(&Grouping { keys, filter: filter.clone() }, PlType::Boolean, move |rows| {
            let columns: Vec<Series> =
                rows.grouped_keys()?.into_iter().map(Column::take_materialized_series).collect();
            let mut part = none.clone();
            part.add(&columns, squares, &mut Room::new())?;
            added.rows.fetch_add(rows.height() as u64, Ordering::Relaxed);
            let mut total = added.total.lock().unwrap_or_else(PoisonError::into_inner);
            total.merge(&part).map_err(|error| polars_err!(ComputeError: "{error}"))?;
            Ok(Column::new_scalar(PlSmallStr::EMPTY, Scalar::from(true), rows.height()))
        });
        see.sum()
    }
}

/// Column with the number of rows that the query counts.
const ROWS: &str = "\u{1}rows passed";

/// Returns the name of the column with the number of rows that an expression was evaluated on.
fn seen(index: usize) -> String {
    format!("\u{1}running{index}")
}

//! Adds numbers up exactly while their rows pass by, without holding any value.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use polars::prelude::{Column, DataFrame, DataType as PlType, Expr, PlSmallStr, PolarsResult, Scalar, len};
use polars_core::prelude::{Series, polars_err};

use super::shown_rows;
use super::sums::Room;
use crate::data::DataType;
use crate::engine::EngineError;
use crate::engine::polars::query::of_rows;
use crate::metric::{Aggregate, Comoments, Grouping, Metric, Misshapen, Moments, State, Unit};
use crate::predicate::Typed;

/// The numbers that a metric is computed from.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::engine::polars) struct MetricInput<'a> {
    pub(super) value: &'a Typed,
    /// The other number of each pair.
    pub(super) paired_value: Option<&'a Typed>,
    /// The condition that selects the rows; never null.
    pub(super) filter: &'a Typed,
}

impl<'a> MetricInput<'a> {
    /// Returns the numbers whose exact sums determine a metric, if there are any.
    pub(in crate::engine::polars) fn of(metric: &'a Metric) -> Option<Self> {
        match metric {
            Metric::Aggregate { function: Aggregate::StandardDeviation, of, filter } => {
                Some(Self { value: of, paired_value: None, filter })
            }
            // Polars would round with every addition.
            Metric::Aggregate { function: Aggregate::Sum, of, filter }
                if matches!(of.data_type, DataType::Float { .. }) =>
            {
                Some(Self { value: of, paired_value: None, filter })
            }
            Metric::Correlation { left, right, filter } => {
                Some(Self { value: left, paired_value: Some(right), filter })
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
    pub(super) fn of(numbers: MetricInput<'_>) -> Self {
        let unit = |side: &Typed| Unit::of(&side.data_type);
        match numbers.paired_value {
            Some(paired_value) => {
                Self::Two(Box::new(Comoments::new(unit(numbers.value), unit(paired_value))))
            }
            None => Self::One(Moments::new(unit(numbers.value))),
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
pub(in crate::engine::polars) struct RunningTotals<'a> {
    of: Vec<TotalRecorder<'a>>,
}

/// Numbers that are added up while Polars evaluates an expression on their rows.
struct TotalRecorder<'a> {
    numbers: MetricInput<'a>,
    /// True if the sum of their squares is needed.
    squares: bool,
    accumulated: Arc<Accumulated>,
}

/// The sums so far.
struct Accumulated {
    total: Mutex<Total>,
    /// Number of rows that passed by, with or without a number.
    rows: AtomicU64,
}

impl<'a> RunningTotals<'a> {
    /// Prepares the totals that these metrics need.
    pub(in crate::engine::polars) fn of(metrics: impl Iterator<Item = &'a Metric>) -> Self {
        let mut totals = Self::default();
        for metric in metrics {
            let Some(numbers) = MetricInput::of(metric) else { continue };
            let squares = !matches!(metric, Metric::Aggregate { function: Aggregate::Sum, .. });
            if let Some(recorder) = totals.of.iter_mut().find(|recorder| recorder.numbers == numbers) {
                recorder.squares |= squares;
                continue;
            }
            let total = Mutex::new(Total::of(numbers));
            let accumulated = Arc::new(Accumulated { total, rows: AtomicU64::new(0) });
            totals.of.push(TotalRecorder { numbers, squares, accumulated });
        }
        totals
    }

    /// Returns expressions to select over all rows. They are evaluated for their side effect, which adds
    /// numbers; each gives the number of rows.
    pub(in crate::engine::polars) fn expressions(&self) -> Vec<Expr> {
        let of = self.of.iter().enumerate();
        let mut expressions: Vec<Expr> =
            of.map(|(index, recorder)| recorder.expression().alias(seen(index))).collect();
        if !expressions.is_empty() {
            expressions.push(len().alias(ROWS));
        }
        expressions
    }

    /// Compares the rows that were added with those that the same query counts.
    ///
    /// # Errors
    /// The engine left out rows, or showed some of them twice: then the sums are not those of the rows.
    pub(in crate::engine::polars) fn verify(&self, result: &DataFrame) -> Result<(), EngineError> {
        let shown = |(index, recorder): (usize, &TotalRecorder<'_>)| {
            (seen(index), recorder.accumulated.rows.load(Ordering::Relaxed))
        };
        shown_rows::verify(result, ROWS, self.of.iter().enumerate().map(shown))
    }

    /// Returns the state of a metric, if it was added up.
    pub(in crate::engine::polars) fn state_of(&self, metric: &Metric) -> Option<State> {
        let numbers = MetricInput::of(metric)?;
        let recorder = self.of.iter().find(|recorder| recorder.numbers == numbers)?;
        Some(recorder.accumulated.total.lock().unwrap_or_else(PoisonError::into_inner).state(metric))
    }
}

impl TotalRecorder<'_> {
    fn expression(&self) -> Expr {
        let MetricInput { value, paired_value, filter } = self.numbers;
        let keys = std::iter::once(value).chain(paired_value).cloned().collect();
        let (squares, accumulated) = (self.squares, Arc::clone(&self.accumulated));
        let none = Total::of(self.numbers);
        let see = of_rows(&Grouping { keys, filter: filter.clone() }, PlType::Boolean, move |rows| {
            let columns: Vec<Series> =
                rows.grouped_keys()?.into_iter().map(Column::take_materialized_series).collect();
            let mut part = none.clone();
            part.add(&columns, squares, &mut Room::new())?;
            accumulated.rows.fetch_add(rows.height() as u64, Ordering::Relaxed);
            let mut total = accumulated.total.lock().unwrap_or_else(PoisonError::into_inner);
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

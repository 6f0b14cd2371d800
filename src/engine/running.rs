//! Numbers that are added up while their rows pass by: in the end, the exact sums are there, and no
//! value was held.

use std::sync::{Arc, Mutex, PoisonError};

use polars::prelude::{Column, DataType as PlType, Expr, PlSmallStr, PolarsResult, Scalar};
use polars_core::prelude::Series;

use super::keys::of_rows;
use super::sums::{Pairs, Room, Sums};
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
    of: Vec<(Numbers<'a>, bool, Arc<Mutex<Total>>)>,
}

impl<'a> Running<'a> {
    /// Of what these metrics need.
    pub(super) fn of(metrics: impl Iterator<Item = &'a Metric>) -> Self {
        let mut running = Self::default();
        for metric in metrics {
            let Some(numbers) = Numbers::of(metric) else { continue };
            let squares = !matches!(metric, Metric::Aggregate { function: Aggregate::Sum, .. });
            match running.of.iter_mut().find(|(known, ..)| *known == numbers) {
                Some((_, wanted, _)) => *wanted |= squares,
                None => running.of.push((
                    numbers,
                    squares,
                    Arc::new(Mutex::new(Total::new(numbers.beside.is_some()))),
                )),
            }
        }
        running
    }

    /// What is to be selected of all rows, once. The values do not matter.
    pub(super) fn expressions(&self) -> Vec<Expr> {
        let of = self.of.iter().enumerate();
        of.map(|(index, (numbers, squares, total))| {
            expression(*numbers, *squares, Arc::clone(total)).alias(format!("\u{1}running{index}"))
        })
        .collect()
    }

    /// What a metric came to, if it was added up.
    pub(super) fn tells(&self, metric: &Metric) -> Option<Value> {
        let numbers = Numbers::of(metric)?;
        let (.., total) = self.of.iter().find(|(known, ..)| *known == numbers)?;
        Some(total.lock().unwrap_or_else(PoisonError::into_inner).tells(metric))
    }
}

fn expression(numbers: Numbers<'_>, squares: bool, total: Arc<Mutex<Total>>) -> Expr {
    let keys = std::iter::once(numbers.of).chain(numbers.beside).cloned().collect();
    let (pairs, filter) = (numbers.beside.is_some(), numbers.filter.clone());
    let see = of_rows(&Grouping { keys, filter }, PlType::Boolean, move |rows| {
        let columns: Vec<Series> =
            rows.grouped_keys()?.into_iter().map(Column::take_materialized_series).collect();
        let mut part = Total::new(pairs);
        part.add(&columns, squares, &mut Room::new())?;
        total.lock().unwrap_or_else(PoisonError::into_inner).merge(&part);
        Ok(Column::new_scalar(PlSmallStr::EMPTY, Scalar::from(true), rows.grouped.len()))
    });
    see.sum()
}

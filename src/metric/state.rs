//! What is known of a metric on some rows, in a form that takes in what is known of others: a part of a
//! table that is read, a file or a row group that statistics prove gives a state, states merge in any order,
//! and what was found of all the rows is told by the last one.
//!
//! A metric has an empty state if one of a fixed size tells it exactly. What must see all values at once
//! (quantiles, statistics of groups, sequences, joins, queries), and what has a value for each of many
//! groups, is measured of all rows by one query; its state is what that gave, and merges with nothing.

use std::cmp::Ordering;

use super::sums::{Comoments, Moments, Sum, Unit};
use super::{Aggregate, Counted, Measured, Metric, Misshapen};
use crate::data::Value;

/// What is known of a metric on some rows.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// How many rows.
    Count(u64),
    /// The sum of their values.
    Sum(Sum),
    /// The least of their values; null of none.
    Least(Value),
    /// The greatest of them; null of none.
    Greatest(Value),
    /// What tells their standard deviation.
    Moments(Moments),
    /// What tells the correlation of pairs of values.
    Comoments(Box<Comoments>),
    /// How often values come.
    Tally(Counted),
    /// What was found on all rows at once, of a metric whose parts do not merge.
    Whole(Measured),
}

impl State {
    /// Takes in what is known of other rows.
    ///
    /// # Errors
    /// It is of another metric, or of one whose parts do not merge.
    pub fn merge(&mut self, other: Self) -> Result<(), Misshapen> {
        match (&mut *self, other) {
            (Self::Count(rows), Self::Count(more)) => *rows = rows.saturating_add(more),
            (Self::Sum(sum), Self::Sum(more)) => sum.merge(&more)?,
            (Self::Least(least), Self::Least(other)) => replace(least, other, Ordering::Less),
            (Self::Greatest(greatest), Self::Greatest(other)) => {
                replace(greatest, other, Ordering::Greater);
            }
            (Self::Moments(moments), Self::Moments(more)) => moments.merge(&more)?,
            (Self::Comoments(moments), Self::Comoments(more)) => moments.merge(&more)?,
            (Self::Tally(counted), Self::Tally(more)) => counted.merge(more)?,
            (of, other) => return Err(Misshapen::new(other.name(), of.more())),
        }
        Ok(())
    }

    /// What was found of the metric on all these rows.
    #[must_use]
    pub fn finish(self) -> Measured {
        match self {
            Self::Count(rows) => Measured::Count(rows),
            Self::Sum(sum) => Measured::Scalar(sum.value()),
            Self::Least(value) | Self::Greatest(value) => Measured::Scalar(value),
            Self::Moments(moments) => Measured::Scalar(moments.deviation()),
            Self::Comoments(moments) => Measured::Scalar(moments.correlation()),
            Self::Tally(counted) => Measured::Tally(counted.finish()),
            Self::Whole(found) => found,
        }
    }

    /// What it is, in a word.
    const fn name(&self) -> &'static str {
        match self {
            Self::Count(_) => "a count",
            Self::Sum(_) => "a sum",
            Self::Least(_) => "a least value",
            Self::Greatest(_) => "a greatest value",
            Self::Moments(_) => "sums of squares",
            Self::Comoments(_) => "sums of products",
            Self::Tally(_) => "a tally",
            Self::Whole(_) => "a result of all rows",
        }
    }

    /// What it merges with.
    const fn more(&self) -> &'static str {
        if let Self::Whole(_) = self { "nothing more" } else { self.name() }
    }
}

/// Puts a value in the place of one that it is beyond.
fn replace(value: &mut Value, other: Value, beyond: Ordering) {
    if value.is_null() || other.compare(value) == Some(beyond) {
        *value = other;
    }
}

impl Metric {
    /// What is known of it on no rows, into which its states on parts of the rows merge. Nothing, if it must be
    /// measured on all rows at once.
    #[must_use]
    pub fn empty_state(&self) -> Option<State> {
        match self {
            Self::Count(_) => Some(State::Count(0)),
            Self::Aggregate { function, of, .. } => match function {
                Aggregate::Min => Some(State::Least(Value::Null)),
                Aggregate::Max => Some(State::Greatest(Value::Null)),
                Aggregate::Sum => Some(State::Sum(Sum::new(Unit::of(&of.data_type)))),
                Aggregate::StandardDeviation => Some(State::Moments(Moments::new(Unit::of(&of.data_type)))),
                Aggregate::Quantile { .. } => None,
            },
            Self::Correlation { left, right, .. } => {
                let [left, right] = [left, right].map(|side| Unit::of(&side.data_type));
                Some(State::Comoments(Box::new(Comoments::new(left, right))))
            }
            Self::Tally(tally) => Some(State::Tally(Counted::new(tally.most))),
            Self::Group { .. }
            | Self::Misplaced(_)
            | Self::Unmatched { .. }
            | Self::Differences(_)
            | Self::Selected(_)
            | Self::SelectedApart { .. }
            | Self::Of { .. }
            | Self::Each { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_known_of_the_same_metric_merges() {
        let numbers = [Unit::One, Unit::Digit(2), Unit::Digit(3), Unit::Finest];
        let mut states = vec![
            State::Count(1),
            State::Least(Value::Integer(1)),
            State::Greatest(Value::Integer(1)),
            State::Tally(Counted::new(1)),
            State::Tally(Counted::new(2)),
            State::Whole(Measured::Count(1)),
        ];
        states.extend(numbers.map(|unit| State::Sum(Sum::new(unit))));
        states.extend(numbers.map(|unit| State::Moments(Moments::new(unit))));
        states.extend(numbers.map(|unit| State::Comoments(Box::new(Comoments::new(unit, Unit::One)))));
        for (left, one) in states.iter().enumerate() {
            for (right, other) in states.iter().enumerate() {
                let merges = left == right && !matches!(one, State::Whole(_));
                assert_eq!(one.clone().merge(other.clone()).is_ok(), merges, "{one:?} with {other:?}");
            }
        }
    }
}

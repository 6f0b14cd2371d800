//! Mergeable states of metrics. Each part of a table gives a state, whether the part was scanned or its
//! statistics prove the value; states merge in any order, and the merged state gives the result.
//!
//! A metric has an empty state if a state of fixed size determines its exact value. Metrics that must see all
//! values at once (quantiles, statistics of groups, sequences, joins, queries) or that have a value for each
//! of many groups are measured over all rows by one query: their state holds the whole result and does not
//! merge.

use std::cmp::Ordering;

use super::sums::{Comoments, Moments, Sum, Unit};
use super::{Aggregate, Counted, Measured, Metric, Misshapen};
use crate::data::Value;

/// The state of a metric over some rows.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// Number of rows.
    Count(u64),
    /// The sum of the values.
    Sum(Sum),
    /// The least value; null if there is none.
    Least(Value),
    /// The greatest value; null if there is none.
    Greatest(Value),
    /// The sums from which the standard deviation of the values is computed.
    Moments(Moments),
    /// The sums from which the correlation of the pairs of values is computed.
    Comoments(Box<Comoments>),
    /// How often values come.
    Tally(Counted),
    /// The result over all rows, of a metric whose parts do not merge.
    Whole(Measured),
}

impl State {
    /// Merges the state of the same metric over other rows into this one.
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

    /// Returns the result of the metric over all merged rows.
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

    /// Returns the name of the state's kind, for messages.
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

    /// Returns the name of the states that this one merges with, for messages.
    const fn more(&self) -> &'static str {
        if let Self::Whole(_) = self { "nothing more" } else { self.name() }
    }
}

/// Replaces a value by another one that is beyond it, or by any if it is null.
fn replace(value: &mut Value, other: Value, beyond: Ordering) {
    if value.is_null() || other.compare(value) == Some(beyond) {
        *value = other;
    }
}

impl Metric {
    /// Returns the metric's state over no rows, into which the states of parts merge; `None` if the metric
    /// must be measured over all rows at once.
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
            | Self::OutOfOrder(_)
            | Self::Unmatched { .. }
            | Self::Differences(_)
            | Self::QueryRows(_)
            | Self::QueryDifference { .. }
            | Self::OtherDataset { .. }
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

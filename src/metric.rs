//! What checks ask of the data: engine-neutral numbers, each with its filter. Two checks that ask
//! for the same metric share it.

use std::fmt;

use crate::data::{ColumnPath, Float, Value};
use crate::predicate::Typed;

/// A number (or a few values) that an engine finds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Metric {
    /// How many rows a condition holds for.
    Count(Typed),
    /// One value of a column's non-null values on the rows that pass the filter.
    Aggregate {
        /// Which value.
        function: Aggregate,
        /// Of what.
        of: Typed,
        /// On which rows; never null.
        filter: Typed,
    },
    /// Pearson's correlation of two columns on the rows that pass the filter; null where a column
    /// does not vary.
    Correlation {
        /// The one.
        left: Typed,
        /// The other.
        right: Typed,
        /// On which rows: those where both have a value; never null.
        filter: Typed,
    },
    /// A statistic of the groups that rows with equal keys make.
    Group {
        /// The groups.
        grouping: Grouping,
        /// What of them.
        statistic: GroupStatistic,
    },
}

/// An aggregate function. Of no values, `Sum` is 0 and the others are null.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aggregate {
    /// The least value; NaN only if all are.
    Min,
    /// The greatest value; NaN if one is.
    Max,
    /// The exact sum of integers and decimals; a double of floats.
    Sum,
    /// The sample standard deviation (n − 1).
    StandardDeviation,
    /// The value at a position between 0 (least) and 1 (greatest).
    Quantile {
        /// The position.
        at: Float,
        /// What to take between two values.
        interpolation: Interpolation,
    },
}

/// What a quantile between two values is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Interpolation {
    /// The nearer one.
    Nearest,
    /// In proportion between them.
    Linear,
    /// The lower one.
    Lower,
    /// The higher one.
    Higher,
    /// The middle of them.
    Midpoint,
}

/// Rows grouped by keys. Nulls are equal to each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Grouping {
    /// The keys.
    pub keys: Vec<Typed>,
    /// Which rows are grouped; never null.
    pub filter: Typed,
}

/// A statistic of groups.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum GroupStatistic {
    /// How many groups.
    Distinct,
    /// How many rows stand in groups of more than one.
    DuplicatedRows,
    /// The least keys of groups of more than one, each as a list of its parts.
    DuplicatedKeys {
        /// How many.
        limit: usize,
    },
    /// How many groups have a key that is not one of these.
    OutsideCount(Vec<Value>),
    /// The least keys that are not one of these.
    Outside {
        /// These.
        values: Vec<Value>,
        /// How many.
        limit: usize,
    },
    /// Those of these values that are keys.
    Inside(Vec<Value>),
    /// How many groups have one row.
    Singles,
    /// How many groups are as large as the largest.
    ModeCount,
    /// The least keys of the largest groups.
    Modes {
        /// How many.
        limit: usize,
    },
    /// Those of these values that are keys of the largest groups.
    ModesInside(Vec<Value>),
    /// Shannon's entropy in nats; null of no groups.
    Entropy,
    /// The groups with the least keys, as lists side by side: one for each part of the keys, then
    /// their numbers of rows.
    Counts {
        /// How many.
        limit: usize,
    },
}

impl Metric {
    /// Whether the results of parts of the rows give that of all of them, exactly.
    #[must_use]
    pub fn merges(&self) -> bool {
        match self {
            Self::Count(_) => true,
            Self::Aggregate { function, .. } => {
                matches!(function, Aggregate::Min | Aggregate::Max | Aggregate::Sum)
            }
            Self::Correlation { .. } | Self::Group { .. } => false,
        }
    }

    /// Calls `see` with every column it reads.
    pub fn each_column<'a>(&'a self, see: &mut impl FnMut(&'a ColumnPath)) {
        match self {
            Self::Count(condition) => condition.each_column(see),
            Self::Aggregate { of, filter, .. } => {
                of.each_column(see);
                filter.each_column(see);
            }
            Self::Correlation { left, right, filter } => {
                left.each_column(see);
                right.each_column(see);
                filter.each_column(see);
            }
            Self::Group { grouping, .. } => grouping.each_column(see),
        }
    }
}

impl Grouping {
    /// Calls `see` with every column it reads.
    pub fn each_column<'a>(&'a self, see: &mut impl FnMut(&'a ColumnPath)) {
        self.filter.each_column(see);
        for key in &self.keys {
            key.each_column(see);
        }
    }
}

/// What is measured, as a phrase: `count where status is null`.
impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(condition) if condition.is_always() => f.write_str("count of all rows"),
            Self::Count(condition) => write!(f, "count where {condition}"),
            Self::Aggregate { function, of, filter } => {
                write!(f, "{function} of {of}")?;
                filtered(f, filter)
            }
            Self::Correlation { left, right, filter } => {
                write!(f, "correlation of {left} and {right}")?;
                filtered(f, filter)
            }
            Self::Group { grouping, statistic } => {
                let keys: Vec<_> = grouping.keys.iter().map(ToString::to_string).collect();
                write!(f, "{statistic} of {}", keys.join(", "))?;
                filtered(f, &grouping.filter)
            }
        }
    }
}

fn filtered(f: &mut fmt::Formatter<'_>, filter: &Typed) -> fmt::Result {
    if filter.is_always() { Ok(()) } else { write!(f, " where {filter}") }
}

impl fmt::Display for Aggregate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Min => f.write_str("min"),
            Self::Max => f.write_str("max"),
            Self::Sum => f.write_str("sum"),
            Self::StandardDeviation => f.write_str("standard deviation"),
            Self::Quantile { at, .. } => write!(f, "quantile {}", Value::Float(*at)),
        }
    }
}

impl fmt::Display for GroupStatistic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Distinct => f.write_str("distinct values"),
            Self::DuplicatedRows => f.write_str("rows that share values"),
            Self::DuplicatedKeys { limit } => write!(f, "first {limit} repeated values"),
            Self::OutsideCount(values) => write!(f, "distinct values beyond {} known ones", values.len()),
            Self::Outside { values, limit } => {
                write!(f, "first {limit} values beyond {} known ones", values.len())
            }
            Self::Inside(values) => write!(f, "presence of {} known values", values.len()),
            Self::Singles => f.write_str("values that occur once"),
            Self::ModeCount => f.write_str("number of most common values"),
            Self::Modes { limit } => write!(f, "first {limit} most common values"),
            Self::ModesInside(values) => write!(f, "{} known values among the most common", values.len()),
            Self::Entropy => f.write_str("entropy"),
            Self::Counts { limit } => write!(f, "first {limit} values with their counts"),
        }
    }
}

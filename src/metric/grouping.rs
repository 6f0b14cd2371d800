//! Rows in groups.

use serde::Serialize;

use super::MetricId;
use crate::data::{ColumnPath, Value};
use crate::predicate::Typed;

/// The most groups whose values are fetched.
pub const MOST_GROUPS: usize = 1_000_000;

/// Rows grouped by keys. Nulls are equal to each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Grouping {
    /// The keys.
    pub keys: Vec<Typed>,
    /// Which rows are grouped; never null.
    pub filter: Typed,
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

/// Statistics of one grouping, with the metrics that they are.
pub type Statistics<'a> = Vec<(MetricId, &'a GroupStatistic)>;

/// A statistic of groups.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupStatistic {
    /// How many groups.
    Distinct,
    /// How many rows stand in groups of more than one.
    DuplicatedRows,
    /// The keys of groups of more than one whose first rows come first, each as a list of its parts.
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

impl GroupStatistic {
    /// Returns whether it follows from the number of groups and from those of more than one row.
    #[must_use]
    pub fn is_of_repeated(&self) -> bool {
        matches!(self, Self::Distinct | Self::DuplicatedRows | Self::DuplicatedKeys { .. } | Self::Singles)
    }

    /// Returns whether it is of the groups of more than one row alone.
    #[must_use]
    pub fn is_of_duplicates(&self) -> bool {
        matches!(self, Self::DuplicatedRows | Self::DuplicatedKeys { .. })
    }
}

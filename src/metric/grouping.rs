//! Rows grouped by keys, and statistics of the groups.

use serde::Serialize;

use super::MetricId;
use crate::data::{ColumnPath, Value};
use crate::predicate::Typed;

/// The most groups whose values are fetched.
pub const MOST_GROUPS: usize = 1_000_000;

/// Rows grouped by keys. Null keys are equal to each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Grouping {
    /// The expressions whose values make the keys.
    pub keys: Vec<Typed>,
    /// The condition of the rows that are grouped; never null.
    pub filter: Typed,
}

impl Grouping {
    /// Calls `see` with every column that the keys and the filter read.
    pub fn each_column<'a>(&'a self, see: &mut impl FnMut(&'a ColumnPath)) {
        self.filter.each_column(see);
        for key in &self.keys {
            key.each_column(see);
        }
    }
}

/// The statistics of one grouping, each with the id of its metric.
pub type Statistics<'a> = Vec<(MetricId, &'a GroupStatistic)>;

/// A statistic of groups.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupStatistic {
    /// Number of groups.
    Distinct,
    /// Number of rows in groups of more than one row.
    DuplicatedRows,
    /// The keys of the groups of more than one row, in the order of the groups' first rows, each as a list of
    /// its parts.
    DuplicatedKeys {
        /// Maximum number of keys.
        limit: usize,
    },
    /// Number of groups whose key is none of these values.
    OutsideCount(Vec<Value>),
    /// The least keys that are none of the known values.
    Outside {
        /// The known values.
        values: Vec<Value>,
        /// Maximum number of keys.
        limit: usize,
    },
    /// The values of this list that occur as keys.
    Inside(Vec<Value>),
    /// Number of groups of one row.
    Singles,
    /// Number of groups that are as large as the largest group.
    ModeCount,
    /// The least keys among the largest groups.
    Modes {
        /// Maximum number of keys.
        limit: usize,
    },
    /// The values of this list that are keys of the largest groups.
    ModesInside(Vec<Value>),
    /// Shannon entropy in nats; null if there are no groups.
    Entropy,
    /// The groups with the least keys, as parallel lists: one for each part of the keys, then the numbers of
    /// rows.
    Counts {
        /// Maximum number of groups.
        limit: usize,
    },
}

impl GroupStatistic {
    /// Returns whether the statistic follows from the number of groups and from the groups of more than one
    /// row.
    #[must_use]
    pub fn is_of_repeated(&self) -> bool {
        matches!(self, Self::Distinct | Self::DuplicatedRows | Self::DuplicatedKeys { .. } | Self::Singles)
    }

    /// Returns whether the statistic depends on the groups of more than one row alone.
    #[must_use]
    pub fn is_of_duplicates(&self) -> bool {
        matches!(self, Self::DuplicatedRows | Self::DuplicatedKeys { .. })
    }
}

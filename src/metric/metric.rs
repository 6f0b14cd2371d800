//! What is measured.

use serde::Serialize;

use super::{
    Aggregate, Correspondence, GroupStatistic, Grouping, Lookup, Selection, Sequence, Tally, Unmatched,
};
use crate::data::{ColumnPath, Dataset};
use crate::predicate::{Fit, Typed};

/// A number (or a few values) that an engine finds.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
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
    /// How often each value of a column comes, of so many values at most.
    Tally(Box<Tally>),
    /// A statistic of the groups that rows with equal keys make.
    Group {
        /// The groups.
        grouping: Grouping,
        /// What of them.
        statistic: GroupStatistic,
    },
    /// How many rows of a sequence do not stand to the row before them as they must.
    Misplaced(Box<Sequence>),
    /// What is told of keys that another dataset lacks.
    Unmatched {
        /// The keys.
        lookup: Box<Lookup>,
        /// What of them.
        told: Unmatched,
    },
    /// How two datasets differ: a list of the counts of keys that only this one has, keys that only
    /// the other one has, and keys of both whose values differ.
    Differences(Box<Correspondence>),
    /// The rows that a query gives: their count, and the first of them; or the error that it ends in.
    Selected(Box<Selection>),
    /// How the rows that two queries give differ, as bags: their counts, and those of the rows that
    /// are missing here and that are unexpected; or the error that one ends in.
    SelectedApart {
        /// The query on this dataset.
        here: Box<Selection>,
        /// The other dataset.
        dataset: Dataset,
        /// The query on that.
        there: Box<Selection>,
        /// How the values of each pair of columns are compared.
        fits: Vec<Fit>,
    },
    /// A metric of another dataset.
    Of {
        /// The dataset.
        dataset: Dataset,
        /// The metric, in the terms of that dataset.
        metric: Box<Metric>,
    },
    /// A metric of each group of rows with equal keys: a list of pairs of the keys, as a list, and
    /// the metric's value. None is measured of more than [`MOST_GROUPS`](super::MOST_GROUPS) groups.
    Each {
        /// The keys.
        by: Vec<Typed>,
        /// The metric, a count, an aggregate or a statistic of groups within the group.
        metric: Box<Metric>,
    },
}

impl Metric {
    /// Returns whether it asks where rows stand.
    #[must_use]
    pub fn asks_for_places(&self) -> bool {
        matches!(self, Self::Group { statistic: GroupStatistic::DuplicatedKeys { .. }, .. })
    }

    /// Returns whether it can be measured of every group of rows for itself.
    #[must_use]
    pub fn has_groups(&self) -> bool {
        matches!(
            self,
            Self::Count(_) | Self::Aggregate { .. } | Self::Correlation { .. } | Self::Group { .. }
        )
    }

    /// Returns whether it is a query of its own.
    #[must_use]
    pub fn is_query(&self) -> bool {
        matches!(self, Self::Selected(_) | Self::SelectedApart { .. })
    }

    /// The other dataset that it needs, if any.
    #[must_use]
    pub fn dataset(&self) -> Option<&Dataset> {
        match self {
            Self::Unmatched { lookup, .. } => Some(&lookup.dataset),
            Self::Differences(correspondence) => Some(&correspondence.dataset),
            Self::Of { dataset, .. } | Self::SelectedApart { dataset, .. } => Some(dataset),
            Self::Each { metric, .. } => metric.dataset(),
            Self::Count(_)
            | Self::Aggregate { .. }
            | Self::Correlation { .. }
            | Self::Tally(_)
            | Self::Group { .. }
            | Self::Misplaced(_)
            | Self::Selected(_) => None,
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
            Self::Tally(tally) => {
                tally.of.each_column(see);
                tally.filter.each_column(see);
            }
            Self::Group { grouping, .. } => grouping.each_column(see),
            Self::Misplaced(sequence) => sequence.each_column(see),
            Self::Unmatched { lookup, .. } => lookup.grouping.each_column(see),
            Self::Differences(correspondence) => {
                correspondence.filter.each_column(see);
                for (here, _) in correspondence.keys.iter().chain(&correspondence.values) {
                    here.each_column(see);
                }
            }
            // What a query reads, only the engine knows.
            Self::Selected(selection) => selection.filter.each_column(see),
            Self::SelectedApart { here, .. } => here.filter.each_column(see),
            // Its columns are another dataset's.
            Self::Of { .. } => {}
            Self::Each { by, metric } => {
                for key in by {
                    key.each_column(see);
                }
                metric.each_column(see);
            }
        }
    }
}

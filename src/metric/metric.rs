//! Metrics: the engine-neutral questions that a plan asks of an engine.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{
    Aggregate, Correspondence, GroupStatistic, Grouping, Lookup, Selection, Sequence, Tally, UnmatchedResult,
};
use crate::data::{ColumnPath, Dataset};
use crate::predicate::{Fit, Typed};

/// A number, or a few values, that an engine measures.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Number of rows on which a condition is true.
    Count(Typed),
    /// One value computed from an expression's non-null values on the rows that pass the filter.
    Aggregate {
        /// The aggregate function.
        function: Aggregate,
        /// The expression.
        of: Typed,
        /// The condition of the rows that are read; never null.
        filter: Typed,
    },
    /// Pearson's correlation of two expressions on the rows that pass the filter; null where one of them does
    /// not vary.
    Correlation {
        /// The one expression.
        left: Typed,
        /// The other expression.
        right: Typed,
        /// The condition of the rows that are read, on which both expressions have a value; never null.
        filter: Typed,
    },
    /// How often each value of a column comes, up to a number of distinct values.
    Tally(Box<Tally>),
    /// A statistic of the groups of rows with equal keys.
    Group {
        /// The grouping.
        grouping: Grouping,
        /// The statistic.
        statistic: GroupStatistic,
    },
    /// Number of rows of a sequence that violate the required comparison with the rows before them.
    OutOfOrder(Box<Sequence>),
    /// A result about keys that another dataset lacks: a broken foreign key.
    Unmatched {
        /// The keys and the dataset in which they are looked up.
        lookup: Box<Lookup>,
        /// The result that is wanted.
        result: UnmatchedResult,
    },
    /// The differences between two datasets: the numbers of keys that only this dataset has, of keys that
    /// only the other dataset has, and of keys of both whose values differ.
    Differences(Box<Correspondence>),
    /// The rows that a query returns: their number and the first of them, or the error in which the query
    /// ends.
    QueryRows(Box<Selection>),
    /// The differences between the rows that two queries return, as multisets: the numbers of rows of both,
    /// and those of the missing and of the unexpected rows, or the error in which a query ends.
    QueryDifference {
        /// The query on this dataset.
        here: Box<Selection>,
        /// The other dataset.
        dataset: Dataset,
        /// The query on the other dataset.
        there: Box<Selection>,
        /// The form in which the values of each pair of columns are compared.
        fits: Vec<Fit>,
    },
    /// A metric of another dataset.
    OtherDataset {
        /// The dataset.
        dataset: Dataset,
        /// The metric, in the columns of that dataset.
        metric: Box<Metric>,
    },
    /// A metric of each group of rows with equal keys: a list of pairs of the key, as a list, and the
    /// metric's value. Nothing is measured of more than [`MOST_GROUPS`](super::MOST_GROUPS) groups.
    Each {
        /// The keys.
        by: Vec<Typed>,
        /// The metric: a count, an aggregate, a correlation or a statistic of groups within the group.
        metric: Box<Metric>,
    },
}

/// Returns the top-level columns that metrics read.
pub fn top_level_columns<'a>(metrics: impl IntoIterator<Item = &'a Metric>) -> BTreeSet<&'a str> {
    let mut columns = BTreeSet::new();
    for metric in metrics {
        metric.each_column(&mut |path| {
            columns.insert(path.root());
        });
    }
    columns
}

impl Metric {
    /// Returns whether the result depends on the positions of rows.
    #[must_use]
    pub fn needs_row_numbers(&self) -> bool {
        matches!(self, Self::Group { statistic: GroupStatistic::DuplicatedKeys { .. }, .. })
    }

    /// Returns whether the metric can be measured of every group of rows by itself.
    #[must_use]
    pub fn has_groups(&self) -> bool {
        matches!(
            self,
            Self::Count(_) | Self::Aggregate { .. } | Self::Correlation { .. } | Self::Group { .. }
        )
    }

    /// Returns whether the metric is an SQL query of its own.
    #[must_use]
    pub fn is_query(&self) -> bool {
        matches!(self, Self::QueryRows(_) | Self::QueryDifference { .. })
    }

    /// Returns the other dataset that the metric reads, if any.
    #[must_use]
    pub fn dataset(&self) -> Option<&Dataset> {
        match self {
            Self::Unmatched { lookup, .. } => Some(&lookup.dataset),
            Self::Differences(correspondence) => Some(&correspondence.dataset),
            Self::OtherDataset { dataset, .. } | Self::QueryDifference { dataset, .. } => Some(dataset),
            Self::Each { metric, .. } => metric.dataset(),
            Self::Count(_)
            | Self::Aggregate { .. }
            | Self::Correlation { .. }
            | Self::Tally(_)
            | Self::Group { .. }
            | Self::OutOfOrder(_)
            | Self::QueryRows(_) => None,
        }
    }

    /// Calls `see` with every column of this dataset that the metric reads.
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
            Self::OutOfOrder(sequence) => sequence.each_column(see),
            Self::Unmatched { lookup, .. } => lookup.grouping.each_column(see),
            Self::Differences(correspondence) => {
                correspondence.filter.each_column(see);
                for (here, _) in correspondence.keys.iter().chain(&correspondence.values) {
                    here.each_column(see);
                }
            }
            // The engine alone knows which columns a query reads.
            Self::QueryRows(selection) => selection.filter.each_column(see),
            Self::QueryDifference { here, .. } => here.filter.each_column(see),
            // The columns are those of another dataset.
            Self::OtherDataset { .. } => {}
            Self::Each { by, metric } => {
                for key in by {
                    key.each_column(see);
                }
                metric.each_column(see);
            }
        }
    }

    /// Calls `see` with every column of the other dataset that the metric reads.
    pub fn each_column_there<'a>(&'a self, see: &mut impl FnMut(&'a ColumnPath)) {
        match self {
            Self::Unmatched { lookup, .. } => {
                lookup.filter.each_column(see);
                for key in &lookup.there {
                    key.each_column(see);
                }
            }
            Self::Differences(correspondence) => {
                correspondence.there.each_column(see);
                for (_, there) in correspondence.keys.iter().chain(&correspondence.values) {
                    there.each_column(see);
                }
            }
            // The engine alone knows which columns a query reads.
            Self::QueryDifference { there, .. } => there.filter.each_column(see),
            Self::OtherDataset { metric, .. } => metric.each_column(see),
            Self::Each { metric, .. } => metric.each_column_there(see),
            Self::Count(_)
            | Self::Aggregate { .. }
            | Self::Correlation { .. }
            | Self::Tally(_)
            | Self::Group { .. }
            | Self::OutOfOrder(_)
            | Self::QueryRows(_) => {}
        }
    }
}

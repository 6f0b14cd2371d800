//! What checks ask of the data: engine-neutral numbers, each with its filter. Two checks that ask
//! for the same metric share it.

use std::fmt;

use crate::data::{ColumnPath, Dataset, Float, Value};
use crate::predicate::{Comparison, Typed};

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
    },
    /// A metric of another dataset.
    Of {
        /// The dataset.
        dataset: Dataset,
        /// The metric, in the terms of that dataset.
        metric: Box<Metric>,
    },
    /// A metric of each group of rows with equal keys: a list of pairs of the keys, as a list, and
    /// the metric's value. None is measured of more than [`MOST_GROUPS`] groups.
    Each {
        /// The keys.
        by: Vec<Typed>,
        /// The metric, a count, an aggregate or a statistic of groups within the group.
        metric: Box<Metric>,
    },
}

/// Keys that another dataset must hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lookup {
    /// The rows by their keys; a key has no nulls.
    pub grouping: Grouping,
    /// Where they are looked up.
    pub dataset: Dataset,
    /// What there must equal each of the keys, in the same types.
    pub there: Vec<Typed>,
    /// Which rows there count; never null.
    pub filter: Typed,
}

/// What is told of keys that are not found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Unmatched {
    /// How many rows have them.
    Rows,
    /// The least of them, each as a list of its parts.
    Keys {
        /// How many.
        limit: usize,
    },
}

/// Rows of two datasets that belong together by their keys.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Correspondence {
    /// Which rows; never null.
    pub filter: Typed,
    /// The other dataset.
    pub dataset: Dataset,
    /// Which rows there; never null.
    pub there: Typed,
    /// The keys, here and there, in the same types.
    pub keys: Vec<(Typed, Typed)>,
    /// The values that must be equal, here and there, in the same types. Nulls are equal to each other.
    pub values: Vec<(Typed, Typed)>,
    /// How far two numbers may be apart.
    pub tolerance: Float,
}

/// The rows that a query in SQL gives.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Selection {
    /// The query, in which the table is called `batch`.
    pub text: String,
    /// Which of the table's rows it is asked of; never null.
    pub filter: Typed,
}

/// The most groups whose values are fetched.
pub const MOST_GROUPS: usize = 1_000_000;

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

/// Rows in an order, each of which must stand in a relation to the one before it. The first one
/// stands in any.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sequence {
    /// Which rows; never null. On them, nothing that is compared is null.
    pub filter: Typed,
    /// Only rows where these are equal are compared with each other.
    pub within: Vec<Typed>,
    /// Their order; that of the snapshot if empty. Rows that are equal in it keep the snapshot's.
    pub order_by: Vec<Typed>,
    /// The value of a row.
    pub value: Typed,
    /// How it must stand to what came before.
    pub must_be: Comparison,
    /// What of the rows before it is compared.
    pub before: Typed,
    /// Whether that is the greatest of all rows before it, or only of the last one.
    pub greatest: bool,
}

/// A statistic of groups.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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

impl Metric {
    /// Whether it asks where rows stand.
    #[must_use]
    pub fn asks_for_places(&self) -> bool {
        matches!(self, Self::Group { statistic: GroupStatistic::DuplicatedKeys { .. }, .. })
    }

    /// Whether the results of parts of the rows give that of all of them, exactly.
    #[must_use]
    pub fn merges(&self) -> bool {
        match self {
            Self::Count(_) => true,
            Self::Aggregate { function, .. } => {
                matches!(function, Aggregate::Min | Aggregate::Max | Aggregate::Sum)
            }
            Self::Correlation { .. }
            | Self::Group { .. }
            | Self::Misplaced(_)
            | Self::Unmatched { .. }
            | Self::Differences(_)
            | Self::Selected(_)
            | Self::SelectedApart { .. }
            | Self::Of { .. }
            | Self::Each { .. } => false,
        }
    }

    /// Whether it can be measured of every group of rows for itself.
    #[must_use]
    pub fn has_groups(&self) -> bool {
        matches!(
            self,
            Self::Count(_) | Self::Aggregate { .. } | Self::Correlation { .. } | Self::Group { .. }
        )
    }

    /// Whether it is a query of its own.
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

impl Sequence {
    /// Calls `see` with every column it reads.
    pub fn each_column<'a>(&'a self, see: &mut impl FnMut(&'a ColumnPath)) {
        let terms = [&self.value, &self.before, &self.filter];
        for term in terms.into_iter().chain(&self.within).chain(&self.order_by) {
            term.each_column(see);
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
                write!(f, "{statistic} of {}", joined(&grouping.keys))?;
                filtered(f, &grouping.filter)
            }
            Self::Misplaced(sequence) => {
                let Sequence { value, must_be, before, greatest, .. } = sequence.as_ref();
                let before_it = if *greatest { "the greatest" } else { "the last" };
                write!(f, "count where {value} is not {} {before_it} {before} before", must_be.symbol())?;
                if !sequence.order_by.is_empty() {
                    write!(f, ", by {}", joined(&sequence.order_by))?;
                }
                if !sequence.within.is_empty() {
                    write!(f, ", within {}", joined(&sequence.within))?;
                }
                filtered(f, &sequence.filter)
            }
            Self::Unmatched { lookup, told } => {
                let what = match told {
                    Unmatched::Rows => "count of rows by".to_owned(),
                    Unmatched::Keys { limit } => format!("first {limit}"),
                };
                write!(f, "{what} {} not in {}", joined(&lookup.grouping.keys), lookup.dataset)?;
                filtered(f, &lookup.grouping.filter)
            }
            Self::Differences(correspondence) => {
                write!(f, "differences from {}", correspondence.dataset)?;
                filtered(f, &correspondence.filter)
            }
            Self::Selected(selection) => write!(f, "rows of {}", selection.text),
            Self::SelectedApart { here, dataset, there } => {
                write!(f, "rows of {} beside those of {}, of {dataset}", here.text, there.text)
            }
            Self::Of { dataset, metric } => write!(f, "{metric}, of {dataset}"),
            Self::Each { by, metric } => write!(f, "{metric}, for each {}", joined(by)),
        }
    }
}

fn joined(all: &[Typed]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
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

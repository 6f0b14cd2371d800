//! Renders metrics in words, as `karat plan` shows them.

use std::fmt;

use super::{Aggregate, GroupStatistic, Metric, Sequence, UnmatchedResult};
use crate::data::Value;
use crate::predicate::Typed;

/// Writes the metric as a phrase: `count where status is null`.
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
            Self::Tally(tally) => {
                write!(f, "counts of up to {} values of {}", tally.most, tally.of)?;
                filtered(f, &tally.filter)
            }
            Self::Group { grouping, statistic } => {
                write!(f, "{statistic} of {}", joined(&grouping.keys))?;
                filtered(f, &grouping.filter)
            }
            Self::OutOfOrder(sequence) => {
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
            Self::Unmatched { lookup, result } => {
                let what = match result {
                    UnmatchedResult::Rows => "count of rows by".to_owned(),
                    UnmatchedResult::Keys { limit } => format!("first {limit}"),
                };
                write!(f, "{what} {} not in {}", joined(&lookup.grouping.keys), lookup.dataset)?;
                filtered(f, &lookup.grouping.filter)
            }
            Self::Differences(correspondence) => {
                write!(f, "differences from {}", correspondence.dataset)?;
                filtered(f, &correspondence.filter)
            }
            Self::QueryRows(selection) => write!(f, "rows of {}", selection.text),
            Self::QueryDifference { here, dataset, there, .. } => {
                write!(f, "rows of {} beside those of {}, of {dataset}", here.text, there.text)
            }
            Self::OtherDataset { dataset, metric } => write!(f, "{metric}, of {dataset}"),
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

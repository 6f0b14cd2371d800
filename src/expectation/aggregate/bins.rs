//! Bins of the values of a column, for the association of two columns.

use std::collections::HashMap;

use serde::Serialize;

use super::super::{Arguments, LowerError};
use super::double;
use super::partition::{below, bound, literals, numbers};
use crate::data::{Literal, Value};
use crate::document::{Diagnostic, NodeKind};
use crate::predicate::Typed;

/// The bins of a column, as a suite gives them.
#[derive(Clone, Debug)]
pub(super) enum Bins {
    /// Bins of numbers from each of these edges to the next.
    Between(Vec<f64>),
    /// One bin for each list of values. Any other value is a bin of its own.
    Lists(Vec<Vec<Literal>>),
    /// A number of bins: of equal width for numbers; of the most common values and one rest for other types.
    Count(usize),
}

/// The bins of a column whose type is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct BoundBins {
    /// The keys by which rows are grouped before groups are assigned to bins.
    pub(super) keys: Vec<Typed>,
    rule: Rule,
}

/// The rule that assigns a group to a bin by its keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Rule {
    /// Each combination of keys is a bin.
    Keys,
    /// Each list of values is a bin, and any other value is a bin of its own.
    Lists(Vec<Vec<Value>>),
    EqualWidth(usize),
    MostCommon(usize),
}

impl Bins {
    /// Reads the arguments that define the bins of one of the two columns.
    pub(super) fn read(arguments: &Arguments<'_>, bins: &str, count: &str) -> Result<Self, Diagnostic> {
        let Some(node) = arguments.node(bins) else {
            return match arguments.count(count)?.unwrap_or(10) {
                0 => Err(arguments.required(count)?.expected_error("at least one bin")),
                count => Ok(Self::Count(usize::try_from(count).unwrap_or(usize::MAX))),
            };
        };
        if let Some(beside) = arguments.node(count) {
            return Err(Diagnostic::new(beside.span, format!("{count} beside {bins}")));
        }
        match node.list("a list of numbers, or of lists of values")? {
            [] => Err(Diagnostic::new(node.span, "an empty list of bins")),
            lists if lists.iter().all(|item| matches!(item.kind, NodeKind::List(_))) => {
                Ok(Self::Lists(lists.iter().map(literals).collect::<Result<_, _>>()?))
            }
            _ => {
                let edges = numbers(node)?;
                if edges.windows(2).all(|pair| pair[0] < pair[1]) {
                    Ok(Self::Between(edges))
                } else {
                    Err(Diagnostic::new(node.span, "the bins do not increase"))
                }
            }
        }
    }

    /// Binds the bins to a column.
    pub(super) fn bind(&self, column: Typed) -> Result<BoundBins, LowerError> {
        let numeric = column.data_type.is_numeric();
        Ok(match self {
            Self::Between(_) if !numeric => {
                let message = format!("bins are of numbers, and the column is {}", column.data_type);
                return Err(LowerError::new(message).help("[[a, b], [c]] lists the values of bins"));
            }
            Self::Between(edges) => BoundBins { keys: below(&column, edges), rule: Rule::Keys },
            Self::Lists(lists) => {
                let lists = lists.iter().map(|list| bound(list, &column.data_type));
                let lists = lists.collect::<Result<_, _>>()?;
                BoundBins { keys: vec![column], rule: Rule::Lists(lists) }
            }
            Self::Count(count) if numeric => BoundBins { keys: vec![column], rule: Rule::EqualWidth(*count) },
            Self::Count(count) => BoundBins { keys: vec![column], rule: Rule::MostCommon(*count) },
        })
    }
}

/// The label that identifies a bin.
#[derive(PartialEq, Eq, Hash)]
enum Label<'a> {
    Place(usize),
    Keys(Vec<&'a Value>),
    Others,
}

impl BoundBins {
    /// Returns the number of the bin of each group; `rows` gives the sizes of the groups.
    pub(super) fn bins(&self, keys: &[&[Value]], rows: &[f64]) -> Vec<usize> {
        let key = |group: usize| keys.iter().filter_map(|part| part.get(group)).collect::<Vec<&Value>>();
        let only = |group: usize| keys.first().and_then(|values| values.get(group)).unwrap_or(&Value::Null);
        let groups = 0..rows.len();
        let labels: Vec<Label<'_>> = match &self.rule {
            Rule::Keys => groups.map(|group| Label::Keys(key(group))).collect(),
            Rule::Lists(lists) => {
                let places = lists.iter().zip(0..);
                let places = places.flat_map(|(list, place)| list.iter().map(move |value| (value, place)));
                let places: HashMap<&Value, usize> = places.collect();
                groups
                    .map(|group| match places.get(only(group)) {
                        Some(place) => Label::Place(*place),
                        None => Label::Keys(key(group)),
                    })
                    .collect()
            }
            Rule::EqualWidth(count) => {
                let edges = equal_widths(keys.first().copied().unwrap_or_default(), *count);
                groups
                    .map(|group| match finite(only(group)) {
                        Some(number) => Label::Place(edges.partition_point(|edge| *edge <= number)),
                        None => Label::Keys(key(group)),
                    })
                    .collect()
            }
            Rule::MostCommon(count) => {
                let common = most_common(keys.first().copied().unwrap_or_default(), rows, *count);
                groups
                    .map(|group| match only(group) {
                        value if value.is_null() || common.contains(&value) => Label::Keys(key(group)),
                        _ => Label::Others,
                    })
                    .collect()
            }
        };
        let mut known = HashMap::new();
        labels
            .into_iter()
            .map(|label| {
                let next = known.len();
                *known.entry(label).or_insert(next)
            })
            .collect()
    }
}

fn finite(value: &Value) -> Option<f64> {
    value.as_f64().filter(|number| number.is_finite())
}

/// Returns the inner edges of `count` bins of equal width between the least and the greatest finite number.
fn equal_widths(values: &[Value], count: usize) -> Vec<f64> {
    let numbers = || values.iter().filter_map(finite);
    let (least, most) =
        (numbers().fold(f64::INFINITY, f64::min), numbers().fold(f64::NEG_INFINITY, f64::max));
    (1..count).map(|place| least + (most - least) * double(place) / double(count)).collect()
}

/// Returns the most common values. Of equally common values, the lesser ones come first.
fn most_common<'a>(values: &'a [Value], rows: &[f64], count: usize) -> Vec<&'a Value> {
    let mut totals: HashMap<&Value, f64> = HashMap::new();
    for (value, rows) in values.iter().zip(rows).filter(|(value, _)| !value.is_null()) {
        *totals.entry(value).or_default() += rows;
    }
    let mut totals: Vec<_> = totals.into_iter().collect();
    totals.sort_by(|(left, fewer), (right, more)| {
        more.total_cmp(fewer).then_with(|| left.compare(right).unwrap_or(std::cmp::Ordering::Equal))
    });
    totals.truncate(count);
    totals.into_iter().map(|(value, _)| value).collect()
}

//! Values with how often they occur, fetched to be judged.

use std::collections::HashMap;

use super::super::{Facts, Judgement};
use super::{double, size};
use crate::data::{Value, grouped};
use crate::metric::{GroupStatistic, Grouping, Metric};

/// How many distinct values are fetched at most: memory must not grow with the table.
const MOST: u64 = 1_000_000;

/// The distinct keys of a grouping in their order, each with its number of rows.
pub(super) struct ValueCounts<'a> {
    /// For each part of the keys its values.
    pub(super) keys: Vec<&'a [Value]>,
    /// How many rows have the key.
    pub(super) rows: Vec<f64>,
    /// How many rows there are.
    pub(super) count: usize,
}

impl<'a> ValueCounts<'a> {
    /// What is measured.
    pub(super) fn metrics(grouping: Grouping) -> Vec<Metric> {
        let limit = usize::try_from(MOST).unwrap_or(usize::MAX);
        vec![
            Metric::Group { grouping: grouping.clone(), statistic: GroupStatistic::Distinct },
            Metric::Group { grouping, statistic: GroupStatistic::Counts { limit } },
        ]
    }

    /// What was measured, or the judgement that there are too many values or none.
    pub(super) fn of(facts: &Facts<'a>) -> Result<Self, Box<Judgement>> {
        let (distinct, sizes) = (facts.count(0)?, facts.of(1)?.sizes()?);
        if distinct == 0 {
            return Err(Box::new(Judgement::undefined()));
        }
        if distinct > MOST {
            let [distinct, most] = [distinct, MOST].map(|count| grouped(&count.to_string()));
            let reason = format!("{distinct} distinct values, and at most {most} are compared");
            return Err(Box::new(Judgement::unknown(reason)));
        }
        let rows: Vec<usize> = sizes.rows.iter().copied().map(size).collect();
        Ok(Self {
            keys: sizes.parts.iter().map(Vec::as_slice).collect(),
            count: rows.iter().sum(),
            rows: rows.into_iter().map(double).collect(),
        })
    }

    /// The wanted values and then the others, unless they are too many.
    pub(super) fn named(&self, wanted: &[Value], most: usize) -> Option<Vec<Value>> {
        let keys = self.keys.first().copied().unwrap_or_default();
        if keys.len() + wanted.len() > most {
            return None;
        }
        let others = keys.iter().filter(|key| !wanted.contains(key));
        Some(wanted.iter().chain(others).cloned().collect())
    }

    /// Returns how often each of the wanted values occurs, then each of the others; and how many others.
    pub(super) fn beside(&self, wanted: &[Value]) -> (Vec<f64>, usize) {
        let places: HashMap<&Value, usize> = wanted.iter().zip(0..).collect();
        let mut found = vec![0.0; wanted.len()];
        for (key, rows) in self.keys.first().copied().unwrap_or_default().iter().zip(&self.rows) {
            match places.get(key) {
                Some(place) => found[*place] += rows,
                None => found.push(*rows),
            }
        }
        let others = found.len() - wanted.len();
        (found, others)
    }
}

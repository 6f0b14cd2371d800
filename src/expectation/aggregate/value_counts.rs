//! The counts of distinct values, fetched for expectations that compare whole distributions.

use std::collections::HashMap;

use super::super::{Judgement, JudgementInput};
use super::{double, size};
use crate::data::{Value, grouped};
use crate::metric::{GroupStatistic, Grouping, Metric};

/// The most distinct values that are fetched. Memory must not grow with the table.
const MOST: u64 = 1_000_000;

/// The distinct keys of a grouping, in their order, each with its number of rows.
pub(super) struct ValueCounts<'a> {
    /// The values of each part of the keys; one list for each part.
    pub(super) keys: Vec<&'a [Value]>,
    /// Number of rows with each key.
    pub(super) rows: Vec<f64>,
    /// Number of rows in all.
    pub(super) count: usize,
}

impl<'a> ValueCounts<'a> {
    /// Returns the metrics to measure.
    pub(super) fn metrics(grouping: Grouping) -> Vec<Metric> {
        let limit = usize::try_from(MOST).unwrap_or(usize::MAX);
        vec![
            Metric::Group { grouping: grouping.clone(), statistic: GroupStatistic::Distinct },
            Metric::Group { grouping, statistic: GroupStatistic::Counts { limit } },
        ]
    }

    /// Returns the measured counts, or a judgement if there are too many distinct values or none.
    pub(super) fn of(input: &JudgementInput<'a>) -> Result<Self, Box<Judgement>> {
        let (distinct, sizes) = (input.count(0)?, input.of(1)?.sizes()?);
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

    /// Returns the expected values, then the other values that occur, unless there are more than `most`.
    pub(super) fn named(&self, wanted: &[Value], most: usize) -> Option<Vec<Value>> {
        let keys = self.keys.first().copied().unwrap_or_default();
        if keys.len() + wanted.len() > most {
            return None;
        }
        let others = keys.iter().filter(|key| !wanted.contains(key));
        Some(wanted.iter().chain(others).cloned().collect())
    }

    /// Returns the number of rows with each expected value, then with each other value; and the number of
    /// other values.
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

//! Explains comparisons of a date with a timestamp in checks on columns, whose text does not show them.
//! Comparisons in expressions are explained by remarks.

use super::{JudgedBy, Plan, PlannedCheck};
use crate::data::DataType;
use crate::expectation::FailureRule;
use crate::metric::Metric;
use crate::predicate::Typed;

impl Plan {
    /// Returns what dates mean in a check that compares them with timestamps, each explanation once.
    #[must_use]
    pub fn meanings(&self, check: &PlannedCheck) -> Vec<String> {
        let mut meanings = Vec::new();
        let mut see = |left: &Typed, right: &Typed| {
            let meaning = match (&left.data_type, &right.data_type) {
                (DataType::Date, DataType::Timestamp { .. }) => midnight(left, right),
                (DataType::Timestamp { .. }, DataType::Date) => midnight(right, left),
                _ => return,
            };
            if !meanings.contains(&meaning) {
                meanings.push(meaning);
            }
        };
        match &check.judged_by {
            // A comparison in `where` is part of an expression, whose remarks explain it.
            Ok(JudgedBy::Rows { rule, .. }) => match &rule.fails {
                FailureRule::Condition(fails) => fails.each_comparison(&mut see),
                FailureRule::Unmatched(lookup) => {
                    for (here, there) in lookup.grouping.keys.iter().zip(&lookup.there) {
                        see(here, there);
                    }
                }
                FailureRule::Duplicate { .. }
                | FailureRule::OutOfOrder(_)
                | FailureRule::MeasuredCondition { .. } => {}
            },
            Ok(JudgedBy::Measured { metrics, .. }) => {
                for metric in metrics.iter().filter_map(|position| self.metrics.get(*position)) {
                    if let Metric::Differences(differences) = metric {
                        for (here, there) in differences.keys.iter().chain(&differences.values) {
                            see(here, there);
                        }
                    }
                }
            }
            _ => {}
        }
        meanings
    }
}

fn midnight(date: &Typed, time: &Typed) -> String {
    format!("{date} is a date, and stands for its midnight beside the timestamp {time}")
}

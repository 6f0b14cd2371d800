//! Binding a suite to a schema.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::{Form, Plan, PlannedCheck};
use crate::data::{ColumnPath, Schema};
use crate::expectation::{LowerError, Lowered, RowRule, Site};
use crate::metric::{GroupStatistic, Metric};
use crate::predicate::{Typed, check_boolean};
use crate::suite::{Check, Suite};

/// How many failing keys of a grouped rule are fetched at most: the second pass filters on them.
const MOST_KEYS: usize = 100;

/// What binding may be told.
pub struct BindOptions<'a> {
    /// How many failing rows to fetch for a check that does not say.
    pub samples: usize,
    /// Whether a check is asked for.
    pub selected: &'a dyn Fn(&Check) -> bool,
    /// The time that counts as now.
    pub now: DateTime<Utc>,
}

/// Binds every check of a suite to a schema. A check that does not fit becomes one that cannot be
/// evaluated; the others go on.
///
/// # Errors
/// A column of the suite's `key` or `pii` is not there: a misspelt `pii` would show what it must not.
pub fn bind(suite: &Suite, schema: &Schema, options: &BindOptions<'_>) -> Result<Plan, LowerError> {
    for (columns, what) in [(&suite.key, "key"), (&suite.pii, "pii")] {
        for column in columns {
            schema.resolve(column).map_err(|error| {
                let error = LowerError::from(error);
                LowerError { message: format!("in {what}: {}", error.message), ..error }
            })?;
        }
    }
    let mut metrics = Shared::default();
    let checks = suite
        .checks
        .iter()
        .map(|check| {
            let samples = check.samples.unwrap_or(options.samples);
            if !(options.selected)(check) {
                return PlannedCheck {
                    form: Ok(Form::Skipped),
                    columns: check.column.iter().cloned().collect(),
                    samples,
                };
            }
            let lowered = lower(check, schema, options.now);
            let columns = columns_of(check, &lowered);
            let form = lowered.map(|(lowered, filter)| form(lowered, filter, samples, &mut metrics));
            PlannedCheck { form, columns, samples }
        })
        .collect();
    Ok(Plan { checks, metrics: metrics.list, key: suite.key.clone(), pii: suite.pii.clone() })
}

fn lower(check: &Check, schema: &Schema, now: DateTime<Utc>) -> Result<(Lowered, Typed), LowerError> {
    let filter = match &check.filter {
        Some(filter) => check_boolean(&filter.condition, schema).map_err(LowerError::in_where)?.is_true(),
        None => Typed::always(),
    };
    let site = Site { schema, column: check.column.as_ref(), filter: filter.clone(), now };
    check.expectation.lower(&site).map(|lowered| (lowered, filter))
}

/// Metrics, each once.
#[derive(Default)]
struct Shared {
    list: Vec<Metric>,
    positions: HashMap<Metric, usize>,
}

impl Shared {
    fn position(&mut self, metric: Metric) -> usize {
        *self.positions.entry(metric).or_insert_with_key(|metric| {
            self.list.push(metric.clone());
            self.list.len() - 1
        })
    }
}

fn form(lowered: Lowered, filter: Typed, samples: usize, metrics: &mut Shared) -> Form {
    match lowered {
        Lowered::Rows(rule) => rows(rule, filter, samples, metrics),
        Lowered::Measured { metrics: wanted, judge } => Form::Measured {
            metrics: wanted.into_iter().map(|metric| metrics.position(metric)).collect(),
            judge,
        },
        Lowered::Decided(judgement) => Form::Decided(judgement),
    }
}

fn rows(rule: RowRule, filter: Typed, samples: usize, metrics: &mut Shared) -> Form {
    let rows = metrics.position(Metric::Count(filter));
    let considered = metrics.position(Metric::Count(rule.considered.clone()));
    let (failing, keys) = match (rule.failing(), rule.grouping()) {
        (Some(failing), _) => (metrics.position(Metric::Count(failing.clone())), None),
        (None, Some(grouping)) => {
            let mut statistic =
                |statistic| metrics.position(Metric::Group { grouping: grouping.clone(), statistic });
            let failing = statistic(GroupStatistic::DuplicatedRows);
            let keys = statistic(GroupStatistic::DuplicatedKeys { limit: samples.clamp(1, MOST_KEYS) });
            (failing, Some(keys))
        }
        // A rule has one or the other; were it to have neither, every considered row would fail.
        (None, None) => (considered, None),
    };
    Form::Rows { rule, rows, considered, failing, keys }
}

/// The columns a check speaks of: its own, else those that what it measures reads.
fn columns_of(check: &Check, lowered: &Result<(Lowered, Typed), LowerError>) -> Vec<ColumnPath> {
    if let Some(column) = &check.column {
        return vec![column.clone()];
    }
    let mut columns: Vec<ColumnPath> = Vec::new();
    let mut see = |path: &ColumnPath| {
        if !columns.contains(path) {
            columns.push(path.clone());
        }
    };
    match lowered {
        Ok((Lowered::Rows(rule), _)) => {
            if let Some(failing) = rule.failing() {
                failing.each_column(&mut see);
            }
            if let Some(grouping) = rule.grouping() {
                grouping.each_column(&mut see);
            }
        }
        Ok((Lowered::Measured { metrics, .. }, _)) => {
            for metric in metrics {
                metric.each_column(&mut see);
            }
        }
        Ok((Lowered::Decided(_), _)) | Err(_) => {}
    }
    columns
}

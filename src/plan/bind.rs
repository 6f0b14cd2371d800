//! Binds a suite to a schema: resolves every check to the metrics that it needs, and shares equal metrics.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::{BindError, DependentCount, FailingCount, JudgedBy, Plan, PlannedCheck, RowKey};
use crate::data::{ColumnPath, ResolveError, Schema};
use crate::document::Span;
use crate::expectation::{FailureRule, LowerError, Lowered, OtherSchemas, RowRule, Site, filter, lower_on};
use crate::metric::{GroupStatistic, Metric, MetricId, PerMetric, UnmatchedResult};
use crate::predicate::{Expression, Typed};
use crate::suite::{Check, Suite};

/// The most failing keys that are fetched for a rule on groups; the second pass filters on them.
const MOST_KEYS: usize = 10_000;

/// The options of binding.
pub struct BindOptions<'a> {
    /// Number of failing rows to fetch for a check that sets no number itself.
    pub samples: usize,
    /// True if every failing row is to be found, not only those that are shown as samples.
    pub all_rows: bool,
    /// The columns that identify a failing row, in place of the suite's `key`; if empty, the suite's are
    /// used.
    pub key: &'a [ColumnPath],
    /// The time that counts as now.
    pub now: DateTime<Utc>,
    /// Returns whether a check is selected to run.
    pub selected: &'a dyn Fn(&Check) -> bool,
    /// The other datasets that the checks refer to.
    pub others: &'a OtherSchemas,
}

/// Binds every check of a suite to a schema. A check that does not fit the schema cannot be evaluated, which
/// does not affect the other checks.
///
/// # Errors
/// A column of the suite's `key` or `pii` is not there: a misspelt `pii` would show what it must not.
pub fn bind(suite: &Suite, schema: &Schema, options: &BindOptions<'_>) -> Result<Plan, BindError> {
    let key = if options.key.is_empty() {
        require_columns(&suite.key, "key", Some(suite.key_span), schema)?;
        suite.key.as_slice()
    } else {
        require_columns(options.key, "index columns", None, schema)?;
        options.key
    };
    let key = row_key(key, schema);
    // A personal column need not be readable, since its values are never shown.
    require_columns(&suite.pii, "pii", Some(suite.pii_span), schema)?;
    let mut shared = Shared::default();
    let checks = suite
        .checks
        .iter()
        .map(|check| {
            // None at all is stronger than what a check asks for.
            let samples = if options.samples == 0 { 0 } else { check.samples.unwrap_or(options.samples) };
            if !(options.selected)(check) {
                return PlannedCheck {
                    judged_by: Ok(JudgedBy::Skipped),
                    columns: check.column.iter().cloned().collect(),
                    samples,
                    key: RowKey::default(),
                };
            }
            let bound = lower(check, schema, options);
            let columns = columns_of(check, &bound);
            let shown = samples.clamp(1, MOST_KEYS);
            let most =
                MostKeys { duplicated: if options.all_rows { usize::MAX } else { shown }, unmatched: shown };
            let judged_by = bound.map(|bound| shared.judged_by(bound, most));
            PlannedCheck { judged_by, columns, samples, key: key.clone() }
        })
        .collect();
    Ok(Plan {
        checks,
        metrics: shared.metrics,
        dependent: shared.dependent,
        privacy: suite.privacy(),
        finds_all_rows: options.all_rows,
    })
}

/// Splits a key into the columns that can be read and those that cannot, with the reason. Failing rows are
/// shown without the latter; nothing else is lost.
fn row_key(key: &[ColumnPath], schema: &Schema) -> RowKey {
    let mut found = RowKey::default();
    for column in key {
        match schema.unread(column) {
            None => found.columns.push(column.clone()),
            Some(reason) => found.unread.push((column.clone(), reason)),
        }
    }
    found
}

/// Checks that the schema has the columns that the suite names for all of its checks.
fn require_columns(
    columns: &[ColumnPath],
    what: &'static str,
    span: Option<Span>,
    schema: &Schema,
) -> Result<(), BindError> {
    // The fields of a column that is not read are unknown, so none of them counts as missing.
    for column in columns.iter().filter(|column| schema.unread(column).is_none()) {
        schema.resolve(column).map_err(|ResolveError { message, help }| BindError {
            message: format!("in {what}: {message}"),
            help,
            span,
        })?;
    }
    Ok(())
}

/// A check bound to a schema.
struct Bound<'a> {
    lowered: Lowered,
    /// The rows that pass the check's `where`.
    filter: Typed,
    /// The columns by which rows are grouped; empty if the check is not on groups.
    group_by: &'a [ColumnPath],
    keys: Vec<Typed>,
}

fn lower<'a>(check: &'a Check, schema: &Schema, options: &BindOptions<'_>) -> Result<Bound<'a>, LowerError> {
    let conditions: Vec<&Expression> = check.filters.iter().map(|filter| &filter.condition).collect();
    let filter = filter(&conditions, schema, options.now)?;
    let site = Site {
        schema,
        column: check.column.as_ref(),
        filter: filter.clone(),
        now: options.now,
        conditions: &conditions,
        others: options.others,
    };
    let lowered = lower_on(check.expectation.as_ref(), &site)?;
    let keys = check.group_by.iter().map(|path| site.named(path)).collect::<Result<Vec<_>, _>>()?;
    if let Some(key) = keys.iter().find(|key| !key.data_type.is_comparable()) {
        return Err(LowerError::new(format!("in group_by: values of type {} make no groups", key.data_type)));
    }
    let has_groups = match &lowered {
        Lowered::Measured { metrics, .. } => metrics.iter().all(Metric::has_groups),
        Lowered::Rows(_) | Lowered::Decided(_) | Lowered::Readable => false,
    };
    if !keys.is_empty() && !has_groups {
        return Err(LowerError::new("in group_by: this is not measured of single groups"));
    }
    Ok(Bound { lowered, filter, group_by: &check.group_by, keys })
}

/// The most failing keys that are fetched for a check.
#[derive(Clone, Copy)]
struct MostKeys {
    /// Where rows are duplicates of others. If every failing row is to be found, these keys select them.
    duplicated: usize,
    /// Where rows have no counterpart in another dataset. If every failing row is to be found, the keys there select them.
    unmatched: usize,
}

/// The metrics of all checks, each once, and the counts that depend on their values.
#[derive(Default)]
struct Shared {
    metrics: PerMetric<Metric>,
    ids: HashMap<Metric, MetricId>,
    dependent: Vec<DependentCount>,
}

impl Shared {
    fn id(&mut self, metric: Metric) -> MetricId {
        *self.ids.entry(metric).or_insert_with_key(|metric| self.metrics.push(metric.clone()))
    }

    fn ids(&mut self, metrics: impl IntoIterator<Item = Metric>) -> Vec<MetricId> {
        metrics.into_iter().map(|metric| self.id(metric)).collect()
    }

    fn judged_by(&mut self, bound: Bound<'_>, most: MostKeys) -> JudgedBy {
        let Bound { lowered, filter, group_by, keys } = bound;
        match lowered {
            Lowered::Rows(rule) => self.rows(rule, filter, most),
            Lowered::Measured { metrics, demand } if keys.is_empty() => {
                JudgedBy::Measured { metrics: self.ids(metrics), demand }
            }
            Lowered::Measured { metrics, demand } => {
                let each = |metric| Metric::Each { by: keys.clone(), metric: Box::new(metric) };
                JudgedBy::Grouped {
                    by: group_by.to_vec(),
                    rows: self.id(each(Metric::Count(filter))),
                    metrics: self.ids(metrics.into_iter().map(each)),
                    demand,
                }
            }
            Lowered::Decided(judgement) => JudgedBy::Decided(judgement),
            Lowered::Readable => JudgedBy::Readable { rows: self.id(Metric::Count(filter)) },
        }
    }

    fn rows(&mut self, rule: RowRule, filter: Typed, most: MostKeys) -> JudgedBy {
        let rows = self.id(Metric::Count(filter));
        let considered = self.id(Metric::Count(rule.considered.clone()));
        let mut least_keys = None;
        let failing = match &rule.fails {
            FailureRule::Condition(failing) => FailingCount::Metric(self.id(Metric::Count(failing.clone()))),
            FailureRule::Duplicate { keys } => {
                let grouping = rule.grouping(keys);
                let mut statistic =
                    |statistic| self.id(Metric::Group { grouping: grouping.clone(), statistic });
                let failing = statistic(GroupStatistic::DuplicatedRows);
                least_keys = Some(statistic(GroupStatistic::DuplicatedKeys { limit: most.duplicated }));
                FailingCount::Metric(failing)
            }
            FailureRule::OutOfOrder(sequence) => {
                FailingCount::Metric(self.id(Metric::OutOfOrder(sequence.clone())))
            }
            FailureRule::Unmatched(lookup) => {
                let mut result = |result| self.id(Metric::Unmatched { lookup: lookup.clone(), result });
                let failing = result(UnmatchedResult::Rows);
                least_keys = Some(result(UnmatchedResult::Keys { limit: most.unmatched }));
                FailingCount::Metric(failing)
            }
            FailureRule::MeasuredCondition { metrics, condition } => {
                let metrics = self.ids(metrics.iter().cloned());
                self.dependent.push(DependentCount { metrics, condition: condition.clone() });
                FailingCount::Dependent(self.dependent.len() - 1)
            }
        };
        JudgedBy::Rows { rule, rows, considered, failing, keys: least_keys }
    }
}

/// Returns the columns of a check: the column that the check names, else all columns that its metrics read.
fn columns_of(check: &Check, bound: &Result<Bound<'_>, LowerError>) -> Vec<ColumnPath> {
    if let Some(column) = &check.column {
        // A check on the elements of a list reports the list.
        let own = column.elements().map_or_else(|| column.clone(), |(list, _)| list);
        return std::iter::once(own).chain(check.group_by.iter().cloned()).collect();
    }
    let mut columns = check.group_by.clone();
    let mut see = |path: &ColumnPath| {
        if !columns.contains(path) {
            columns.push(path.clone());
        }
    };
    match bound.as_ref().map(|bound| &bound.lowered) {
        Ok(Lowered::Rows(rule)) => rule.each_column(&mut see),
        Ok(Lowered::Measured { metrics, .. }) => {
            for metric in metrics {
                metric.each_column(&mut see);
            }
        }
        Ok(Lowered::Decided(_) | Lowered::Readable) | Err(_) => {}
    }
    columns
}

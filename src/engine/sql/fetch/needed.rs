//! Which columns of which tables a check needs.

use std::collections::{BTreeMap, BTreeSet};

use super::batches::has_form;
use crate::data::{Dataset, Field};
use crate::engine::sql::Dialect;
use crate::engine::sql::opened::OpenedTable;
use crate::metric::Metric;
use crate::plan::{JudgedBy, Plan, PlannedCheck};

/// The tables of a run: the judged one, and the other datasets by their names.
#[derive(Clone, Copy)]
pub(in crate::engine::sql) struct Tables<'a> {
    pub(in crate::engine::sql) judged: &'a OpenedTable,
    pub(in crate::engine::sql) others: &'a BTreeMap<Dataset, &'a OpenedTable>,
    pub(in crate::engine::sql) dialect: &'static dyn Dialect,
}

/// The columns that are needed, by the other dataset, or those of the judged table.
pub(super) type Needed = BTreeMap<Option<Dataset>, BTreeSet<String>>;

impl<'a> Tables<'a> {
    pub(super) fn of(&self, dataset: Option<&Dataset>) -> Option<&'a OpenedTable> {
        match dataset {
            None => Some(self.judged),
            Some(dataset) => self.others.get(dataset).copied(),
        }
    }

    /// Returns whether a column can be fetched as a value of its type.
    pub(super) fn is_fetched(&self, field: &Field) -> bool {
        let is_named = self.dialect.can_name(&field.name);
        is_named && has_form(&field.data_type) && self.dialect.shown("", &field.data_type).is_some()
    }

    /// Returns the columns that decide a check, or why they cannot be fetched.
    pub(super) fn needed(&self, plan: &Plan, check: &PlannedCheck) -> Result<Needed, String> {
        let Ok(judged_by) = &check.judged_by else { return Ok(Needed::new()) };
        let mut needed = Needed::new();
        for metric in plan.metrics_of(judged_by).into_iter().filter_map(|id| plan.metrics.get(id)) {
            self.add(metric, &mut needed)?;
        }
        if let JudgedBy::Rows { rule, .. } = judged_by {
            let here = needed.entry(None).or_default();
            rule.each_column(&mut |path| {
                here.insert(path.root().to_owned());
            });
        }
        for (dataset, columns) in &needed {
            let table = self.of(dataset.as_ref()).ok_or("the other dataset is not open")?;
            let fields = table.table.schema.fields.iter().filter(|field| columns.contains(&field.name));
            if let Some(field) = fields.into_iter().find(|field| !self.is_fetched(field)) {
                return Err(format!(
                    "column \"{}\" of the type {} is not fetched",
                    field.name, field.data_type
                ));
            }
        }
        Ok(needed)
    }

    fn add(&self, metric: &Metric, needed: &mut Needed) -> Result<(), String> {
        if !is_fetched_for(metric) {
            return Err("rows have no order to compare each with the one before".to_owned());
        }
        let here = needed.entry(None).or_default();
        metric.each_column(&mut |path| {
            here.insert(path.root().to_owned());
        });
        if metric.is_query() {
            here.extend(self.every_column(self.judged));
        }
        if let Some(dataset) = metric.dataset() {
            let table = self.of(Some(dataset)).ok_or("the other dataset is not open")?;
            let there = needed.entry(Some(dataset.clone())).or_default();
            metric.each_column_there(&mut |path| {
                there.insert(path.root().to_owned());
            });
            if metric.is_query() {
                there.extend(self.every_column(table));
            }
        }
        Ok(())
    }

    /// Returns the columns of which a query may read any.
    fn every_column(&self, table: &OpenedTable) -> Vec<String> {
        let fields = table.table.schema.fields.iter().filter(|field| self.is_fetched(field));
        fields.map(|field| field.name.clone()).collect()
    }
}

/// Returns whether fetched rows tell what a metric asks: those of a table come in no order.
pub(in crate::engine::sql) fn is_fetched_for(metric: &Metric) -> bool {
    match metric {
        Metric::OutOfOrder(sequence) => sequence.is_decided(),
        _ => true,
    }
}

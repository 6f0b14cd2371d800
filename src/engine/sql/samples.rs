//! Failing rows, by a limited statement for each check that has some.

use std::collections::BTreeMap;

use super::Dialect;
use super::metrics::{Context, misplaced, statement, without_match};
use super::opened::OpenedTable;
use super::print::Printer;
use super::read_values::{self, Cell};
use super::select::Runner;
use crate::data::{ColumnPath, DataType, Dataset, Value};
use crate::engine::{EngineError, MetricError};
use crate::expectation::{FailureRule, RowRule};
use crate::metric::{Measured, PerMetric};
use crate::plan::{FailingCount, JudgedBy, Plan, PlannedCheck};
use crate::predicate::Typed;
use crate::privacy::{Masked, MaskedRow, MaskedSamples, Untrusted};

/// What fetches failing rows of a plan.
pub(super) struct Samples<'a> {
    pub(super) plan: &'a Plan,
    pub(super) table: &'a OpenedTable,
    pub(super) others: &'a BTreeMap<Dataset, &'a OpenedTable>,
    pub(super) dialect: &'static dyn Dialect,
    /// The condition of each dependent count.
    pub(super) conditions: &'a [Result<Typed, MetricError>],
}

impl Samples<'_> {
    /// Fetches the failing rows of all checks; those that cannot be fetched come with the reason.
    pub(super) fn fetch(
        &self,
        measured: &PerMetric<Result<Measured, MetricError>>,
        counted: &[Result<u64, MetricError>],
        runner: &mut Runner<'_>,
    ) -> Result<(Vec<MaskedSamples>, BTreeMap<usize, Untrusted>), EngineError> {
        let (mut samples, mut unfetched) = (Vec::new(), BTreeMap::new());
        for (index, check) in self.plan.checks.iter().enumerate() {
            let mut rows = MaskedSamples::default();
            if let Some(rule) = failing_rule(check, measured, counted) {
                match self.of_check(check, rule, runner)? {
                    Ok(found) => rows = found,
                    Err(reason) => drop(unfetched.insert(index, reason)),
                }
            }
            samples.push(rows);
        }
        Ok((samples, unfetched))
    }

    fn of_check(
        &self,
        check: &PlannedCheck,
        rule: &RowRule,
        runner: &mut Runner<'_>,
    ) -> Result<Result<MaskedSamples, Untrusted>, EngineError> {
        let columns = self.columns(check);
        let text = match self.statement(check, rule, &columns) {
            Ok(text) => text,
            Err(reason) => return Ok(Err(Untrusted::places(reason))),
        };
        let rows = match runner.ask(&text)? {
            Ok(answer) => answer.rows,
            Err(message) => {
                let error = EngineError::Query { reason: message.into() };
                return Ok(Err(error.untrusted()));
            }
        };
        let read = rows.iter().map(|row| row_of(check, row, &columns)).collect::<Result<Vec<_>, _>>();
        Ok(match read {
            Ok(rows) => Ok(MaskedSamples::of_rows(rows)),
            Err(unreadable) => Err(Untrusted::places(unreadable.to_string())),
        })
    }

    /// Returns the columns that are fetched for a check, with their types: those that may be shown.
    fn columns(&self, check: &PlannedCheck) -> Vec<(ColumnPath, DataType)> {
        let mut columns: Vec<(ColumnPath, DataType)> = Vec::new();
        for path in check.key.columns.iter().chain(&check.columns) {
            let is_new = !columns.iter().any(|(other, _)| other == path);
            if is_new && !self.plan.privacy.withholds(path) {
                let of = self.table.table.schema.resolve(path).ok();
                let shown = of.filter(|of| self.dialect.shown("", of).is_some());
                columns.extend(shown.map(|of| (path.clone(), of.clone())));
            }
        }
        columns
    }

    fn statement(
        &self,
        check: &PlannedCheck,
        rule: &RowRule,
        columns: &[(ColumnPath, DataType)],
    ) -> Result<String, String> {
        let relation = &self.table.table.relation;
        let mut printer = Printer::new(self.dialect);
        let mut print = |typed: &Typed| printer.print(typed).map_err(|refused| refused.why);
        let mut shown = Vec::with_capacity(columns.len() + 1);
        for (path, of) in columns {
            let column = print(&Typed::column(path, of))?;
            shown.extend(self.dialect.shown(&column, of));
        }
        let order: Vec<String> = (1..=shown.len()).map(|place| place.to_string()).collect();
        let order = if order.is_empty() { String::new() } else { format!("\nORDER BY {}", order.join(", ")) };
        // A row of no column that may be shown is still a row.
        if shown.is_empty() {
            shown.push("'1'".to_owned());
        }
        let end = format!("{order}\nLIMIT {}", check.samples);
        match (&rule.fails, &check.judged_by) {
            (FailureRule::Condition(condition), _) => {
                Ok(statement(self.dialect, &shown, relation, &format!("\nWHERE {}{end}", print(condition)?)))
            }
            (
                FailureRule::MeasuredCondition { .. },
                Ok(JudgedBy::Rows { failing: FailingCount::Dependent(position), .. }),
            ) => match self.conditions.get(*position) {
                Some(Ok(condition)) => Ok(statement(
                    self.dialect,
                    &shown,
                    relation,
                    &format!("\nWHERE {}{end}", print(condition)?),
                )),
                _ => Err("its condition is not known".to_owned()),
            },
            (FailureRule::Duplicate { keys }, _) => {
                let condition = print(&rule.considered)?;
                let keys = keys.iter().map(|key| printer.key(key).map_err(|refused| refused.why));
                let keys = keys.collect::<Result<Vec<_>, _>>()?.join(", ");
                let (all, size) = ("count(*) OVER", self.dialect.quoted("karat n"));
                let from = format!(
                    "(SELECT *, {all} (PARTITION BY {keys}) AS {size}\nFROM {relation}\nWHERE {condition}) AS d"
                );
                Ok(statement(self.dialect, &shown, &from, &format!("\nWHERE {size} > 1{end}")))
            }
            (FailureRule::Unmatched(lookup), _) => {
                let other = self.others.get(&lookup.dataset).ok_or("the other dataset is not there")?;
                let condition = print(&lookup.grouping.filter)?;
                let keys = lookup.grouping.keys.iter().enumerate();
                let named = keys.map(|(index, key)| {
                    let key = printer.key(key).map_err(|refused| refused.why)?;
                    Ok(format!(", {key} AS h{index}"))
                });
                let keys = named.collect::<Result<String, String>>()?;
                let context =
                    Context { dialect: self.dialect, relation: &other.table.relation, others: &|_| None };
                let lacks = without_match(lookup, context, &mut Vec::new()).map_err(|refused| refused.why)?;
                let from = format!("(SELECT *{keys}\nFROM {relation}\nWHERE {condition}) AS a");
                Ok(statement(self.dialect, &shown, &from, &format!("\nWHERE {lacks}{end}")))
            }
            (FailureRule::OutOfOrder(sequence), _) => {
                let context = Context { dialect: self.dialect, relation, others: &|_| None };
                let misplaced = misplaced(sequence, "*, ", context).map_err(|refused| refused.why)?;
                Ok(statement(
                    self.dialect,
                    &shown,
                    &misplaced.from,
                    &format!("\nWHERE {}{end}", misplaced.condition),
                ))
            }
            _ => Err("failing rows of this kind are not fetched there".to_owned()),
        }
    }
}

/// Returns the rule of a check that shows failing rows, if it has some.
fn failing_rule<'a>(
    check: &'a PlannedCheck,
    measured: &PerMetric<Result<Measured, MetricError>>,
    counted: &[Result<u64, MetricError>],
) -> Option<&'a RowRule> {
    let Ok(JudgedBy::Rows { rule, failing, .. }) = &check.judged_by else { return None };
    let rows = match failing {
        FailingCount::Metric(id) => measured.get(*id)?.as_ref().ok()?.count().ok()?,
        FailingCount::Dependent(position) => *counted.get(*position)?.as_ref().ok()?,
    };
    (rows > 0 && check.samples > 0).then_some(rule)
}

/// Returns a failing row, without the place where it lies, which no statement tells.
fn row_of(
    check: &PlannedCheck,
    cells: &[Cell],
    columns: &[(ColumnPath, DataType)],
) -> Result<MaskedRow, read_values::Unreadable> {
    let named = |paths: &[ColumnPath]| -> Result<Vec<(String, Masked<Value>)>, read_values::Unreadable> {
        let mut values = Vec::new();
        for path in paths {
            let Some(place) = columns.iter().position(|(other, _)| other == path) else { continue };
            let value = read_values::value(cells.get(place).unwrap_or(&None), &columns[place].1)?;
            values.push((path.to_string(), Masked::of([path], value)));
        }
        Ok(values)
    };
    Ok(MaskedRow { key: named(&check.key.columns)?, values: named(&check.columns)?, ..MaskedRow::default() })
}

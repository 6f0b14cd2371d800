//! What is asked for a plan: the recipe of each metric, those of one relation together, with the guards of all.

use std::collections::BTreeMap;

use super::Cell;
use super::Dialect;
use super::metrics::{Context, Finish, Guard, Recipe, recipe, statement};
use super::opened::OpenedTable;
use super::read_values::count;
use super::select::{Failed, Runner};
use crate::data::Dataset;
use crate::engine::{EngineError, MetricError};
use crate::metric::{Measured, Metric, MetricId, PerMetric};
use crate::plan::Plan;

/// What is asked for a plan.
pub(super) struct Planned {
    dialect: &'static dyn Dialect,
    recipes: PerMetric<Result<Recipe, String>>,
    /// For each relation, the aggregates that are selected of it, each once; the relations in the order of their first use.
    selects: Vec<(String, Vec<String>)>,
}

/// What a relation answered: each aggregate, or why it failed.
type Answers = BTreeMap<(String, String), Result<Cell, Failed>>;

impl Planned {
    pub(super) fn of(
        plan: &Plan,
        table: &OpenedTable,
        others: &BTreeMap<Dataset, &OpenedTable>,
        dialect: &'static dyn Dialect,
    ) -> Self {
        let of_other = |dataset: &Dataset| {
            let other = others.get(dataset).filter(|other| other.table.place == table.table.place);
            other.map(|other| other.table.relation.clone())
        };
        let context = Context { dialect, relation: &table.table.relation, others: &of_other };
        let recipes = plan.metrics.map(|metric| {
            let mut recipe = recipe(metric, context).map_err(|refused| refused.why)?;
            recipe.guards.extend(guards_of(metric, table, others));
            Ok(recipe)
        });
        let mut planned = Self { dialect, recipes, selects: Vec::new() };
        planned.gather();
        planned
    }

    /// Gathers what is selected of each relation.
    fn gather(&mut self) {
        let mut selects: Vec<(String, Vec<String>)> = Vec::new();
        let mut add = |from: &str, column: &str| {
            let place = selects.iter().position(|(other, _)| other == from).unwrap_or_else(|| {
                selects.push((from.to_owned(), Vec::new()));
                selects.len() - 1
            });
            if let Some((_, columns)) = selects.get_mut(place)
                && !columns.iter().any(|other| other == column)
            {
                columns.push(column.to_owned());
            }
        };
        for recipe in self.recipes.iter().flatten() {
            if let Finish::Row(_) = recipe.finish {
                for column in &recipe.columns {
                    add(&recipe.from, column);
                }
            }
            for guard in &recipe.guards {
                add(&guard.from, &self.counted(guard));
            }
        }
        self.selects = selects;
    }

    /// Returns the number of rows that meet a guard.
    fn counted(&self, guard: &Guard) -> String {
        let text = self.dialect.type_name(&crate::data::DataType::String).unwrap_or_default();
        format!("CAST(count(CASE WHEN {} THEN 1 END) AS {text})", guard.condition)
    }

    /// Returns the statements, each with the metrics that it is for.
    pub(super) fn statements(&self) -> Vec<(String, Vec<MetricId>)> {
        let mut statements: Vec<(String, Vec<MetricId>)> = Vec::new();
        for (from, columns) in &self.selects {
            for part in columns.chunks(self.dialect.most_expressions()) {
                let asks = |recipe: &Recipe| {
                    let own = matches!(recipe.finish, Finish::Row(_)) && recipe.from == *from;
                    let selects = own && recipe.columns.iter().any(|column| part.contains(column));
                    let guards = |guard: &Guard| guard.from == *from && part.contains(&self.counted(guard));
                    selects || recipe.guards.iter().any(guards)
                };
                let metrics = self.recipes.entries();
                let metrics = metrics.filter(|(_, recipe)| recipe.as_ref().is_ok_and(asks)).map(|(id, _)| id);
                statements.push((statement(self.dialect, part, from, ""), metrics.collect()));
            }
        }
        for (id, recipe) in self.recipes.entries() {
            if let Ok(recipe) = recipe
                && let Finish::Rows(_) = recipe.finish
            {
                let text = recipe.statement(self.dialect);
                match statements.iter_mut().find(|(other, _)| *other == text) {
                    Some((_, metrics)) => metrics.push(id),
                    None => statements.push((text, vec![id])),
                }
            }
        }
        statements
    }

    /// Runs the statements, and reads each metric.
    pub(super) fn measure(
        &self,
        plan: &Plan,
        runner: &mut Runner<'_>,
    ) -> Result<PerMetric<Result<Measured, MetricError>>, EngineError> {
        let mut answers = Answers::new();
        for (from, columns) in &self.selects {
            let cells = runner.select(from, columns, self.dialect)?;
            answers.extend(columns.iter().map(|column| (from.clone(), column.clone())).zip(cells));
        }
        let mut listed: BTreeMap<String, Result<Vec<Vec<Cell>>, Failed>> = BTreeMap::new();
        let mut found = plan.metrics.map(|_| Err(MetricError::Unmeasured));
        for (id, metric) in plan.metrics.entries() {
            let recipe = match &self.recipes[id] {
                Ok(recipe) => recipe,
                Err(why) => {
                    found[id] = Err(MetricError::Unsupported(why.clone()));
                    continue;
                }
            };
            if let Some(broken) = self.broken_guard(metric, recipe, &answers) {
                found[id] = Err(broken);
                continue;
            }
            let failed = |message: &str| {
                MetricError::failed(metric, &EngineError::Query { reason: message.to_owned().into() })
            };
            let read = match &recipe.finish {
                Finish::Row(finish) => {
                    let cells = recipe.columns.iter().map(|column| {
                        let key = (recipe.from.clone(), column.clone());
                        answers.get(&key).cloned().unwrap_or_else(|| Err("nothing was answered".to_owned()))
                    });
                    cells.collect::<Result<Vec<_>, _>>().map(|cells| finish(&cells))
                }
                Finish::Rows(finish) => {
                    let text = recipe.statement(self.dialect);
                    if !listed.contains_key(&text) {
                        let rows = runner.rows(&text)?;
                        listed.insert(text.clone(), rows);
                    }
                    match listed.get(&text) {
                        Some(Ok(rows)) => Ok(finish(rows)),
                        Some(Err(message)) => Err(message.clone()),
                        None => Err("nothing was answered".to_owned()),
                    }
                }
            };
            found[id] = match read {
                Ok(Ok(measured)) => Ok(measured),
                Ok(Err(unreadable)) => Err(failed(&unreadable.to_string())),
                Err(message) => Err(failed(&message)),
            };
        }
        Ok(found)
    }

    /// Returns the error of a metric whose SQL means something else on some rows.
    fn broken_guard(&self, metric: &Metric, recipe: &Recipe, answers: &Answers) -> Option<MetricError> {
        for guard in &recipe.guards {
            let rows = match answers.get(&(guard.from.clone(), self.counted(guard))) {
                Some(Ok(cell)) => count(cell).unwrap_or(u64::MAX),
                Some(Err(message)) => {
                    let error = EngineError::Query { reason: message.clone().into() };
                    return Some(MetricError::failed(metric, &error));
                }
                None => u64::MAX,
            };
            if rows > 0 {
                return Some(MetricError::Unsupported(format!(
                    "{}: {}, so it is not judged there",
                    self.dialect.name(),
                    guard.why
                )));
            }
        }
        None
    }
}

/// Returns what no row of the tables of a metric may be.
fn guards_of(metric: &Metric, table: &OpenedTable, others: &BTreeMap<Dataset, &OpenedTable>) -> Vec<Guard> {
    let mut read = std::collections::BTreeSet::new();
    metric.each_column(&mut |path| {
        read.insert(path.root());
    });
    let of = |table: &OpenedTable, is_read: &dyn Fn(&str) -> bool| -> Vec<Guard> {
        let guards = table.table.guards.iter().filter(|(column, ..)| is_read(column));
        let guard = |(_, condition, why): &(String, String, String)| Guard {
            from: table.table.relation.clone(),
            condition: condition.clone(),
            why: why.clone(),
        };
        guards.map(guard).collect()
    };
    let mut guards = of(table, &|column| read.contains(column));
    if let Some(other) = metric.dataset().and_then(|dataset| others.get(dataset)) {
        guards.extend(of(other, &|_| true));
    }
    guards
}

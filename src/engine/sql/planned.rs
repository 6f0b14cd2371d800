//! What is asked for metrics: the recipe of each, those of one relation together, with the guards of all.

use std::collections::{BTreeMap, BTreeSet};

use super::Cell;
use super::Dialect;
use super::metrics::{Context, Finish, Guard, Recipe, counted, recipe, statement};
use super::opened::OpenedTable;
use super::read_values::count;
use super::select::{Answer, Failed, Found, Runner};
use crate::data::Dataset;
use crate::engine::{EngineError, MetricError};
use crate::metric::{Measured, Metric, MetricId, PerMetric};

/// What is asked for metrics.
pub(super) struct Planned<'a> {
    metrics: &'a PerMetric<Metric>,
    dialect: &'static dyn Dialect,
    recipes: PerMetric<Result<Recipe, String>>,
    /// For each relation, the aggregates that are selected of it, each once; the relations in the order of their first use.
    selects: Vec<(String, Vec<String>)>,
}

/// What was answered for a metric.
pub(super) struct Asked {
    pub(super) measured: Result<Measured, MetricError>,
    /// The numbers of the statements that were answered for it.
    pub(super) statements: BTreeSet<usize>,
}

/// What a relation answered: each aggregate, or why it failed.
type Answers = BTreeMap<(String, String), Result<Found, Failed>>;

/// What statements of one metric each answered.
type Listed = BTreeMap<String, Result<Answer, Failed>>;

impl<'a> Planned<'a> {
    pub(super) fn of(
        metrics: &'a PerMetric<Metric>,
        table: &OpenedTable,
        others: &BTreeMap<Dataset, &OpenedTable>,
        dialect: &'static dyn Dialect,
    ) -> Self {
        let of_other = |dataset: &Dataset| {
            let other = others.get(dataset).filter(|other| other.table.place == table.table.place);
            other.map(|other| other.table.relation.clone())
        };
        let context = Context { dialect, relation: &table.table.relation, others: &of_other };
        let recipes = metrics.map(|metric| {
            let mut recipe = recipe(metric, context).map_err(|refused| refused.why)?;
            recipe.guards.extend(guards_of(metric, table, others));
            Ok(recipe)
        });
        let mut planned = Self { metrics, dialect, recipes, selects: Vec::new() };
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
            if let Some(rows) = &recipe.rows {
                add(&recipe.from, rows);
            }
            for guard in &recipe.guards {
                add(&guard.from, &self.counted(guard));
            }
        }
        self.selects = selects;
    }

    /// Returns the number of rows that meet a guard.
    fn counted(&self, guard: &Guard) -> String {
        counted(self.dialect, &guard.condition)
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
    pub(super) fn measure(&self, runner: &mut Runner<'_>) -> Result<PerMetric<Asked>, EngineError> {
        let mut answers = Answers::new();
        for (from, columns) in &self.selects {
            let cells = runner.select(from, columns, self.dialect)?;
            answers.extend(columns.iter().map(|column| (from.clone(), column.clone())).zip(cells));
        }
        let (mut listed, mut found) = (Listed::new(), Vec::with_capacity(self.metrics.len()));
        for (metric, recipe) in self.metrics.iter().zip(&self.recipes) {
            let mut statements = BTreeSet::new();
            let measured = match recipe {
                Ok(recipe) => match self.unbroken(metric, recipe, &answers, &mut statements) {
                    Ok(()) => {
                        read(metric, recipe, self.dialect, &answers, &mut listed, &mut statements, runner)?
                    }
                    Err(broken) => Err(broken),
                },
                Err(why) => Err(MetricError::Unsupported(why.clone())),
            };
            found.push(Asked { measured, statements });
        }
        Ok(found.into_iter().collect())
    }

    /// Asserts that the SQL of a metric means on all rows what the metric means.
    fn unbroken(
        &self,
        metric: &Metric,
        recipe: &Recipe,
        answers: &Answers,
        statements: &mut BTreeSet<usize>,
    ) -> Result<(), MetricError> {
        for guard in &recipe.guards {
            let rows = match answers.get(&(guard.from.clone(), self.counted(guard))) {
                Some(Ok((cell, statement))) => {
                    statements.insert(*statement);
                    count(cell).unwrap_or(u64::MAX)
                }
                Some(Err(message)) => return Err(failed(metric, message)),
                None => u64::MAX,
            };
            if rows > 0 {
                return Err(MetricError::Unsupported(format!(
                    "{}: {}, so it is not judged there",
                    self.dialect.name(),
                    guard.why
                )));
            }
        }
        Ok(())
    }
}

/// Returns the statement that tells that there is nothing to list for a metric.
fn found_empty(recipe: &Recipe, answers: &Answers) -> Option<usize> {
    let rows = recipe.rows.clone()?;
    let (cell, statement) = answers.get(&(recipe.from.clone(), rows))?.as_ref().ok()?;
    (count(cell) == Ok(0)).then_some(*statement)
}

/// Reads a metric of what was answered, or asks what it alone needs.
fn read(
    metric: &Metric,
    recipe: &Recipe,
    dialect: &dyn Dialect,
    answers: &Answers,
    listed: &mut Listed,
    statements: &mut BTreeSet<usize>,
    runner: &mut Runner<'_>,
) -> Result<Result<Measured, MetricError>, EngineError> {
    let unanswered = || "nothing was answered".to_owned();
    let finished = match &recipe.finish {
        Finish::Row(finish) => {
            let cells = recipe.columns.iter().map(|column| {
                let answer = answers.get(&(recipe.from.clone(), column.clone()));
                let (cell, statement) = answer.cloned().unwrap_or_else(|| Err(unanswered()))?;
                statements.insert(statement);
                Ok(cell)
            });
            cells.collect::<Result<Vec<Cell>, Failed>>().map(|cells| finish(&cells))
        }
        Finish::Rows(finish) if let Some(statement) = found_empty(recipe, answers) => {
            statements.insert(statement);
            Ok(finish(&[]))
        }
        Finish::Rows(finish) => {
            let text = recipe.statement(dialect);
            if !listed.contains_key(&text) {
                let answer = runner.ask(&text)?;
                listed.insert(text.clone(), answer);
            }
            match listed.get(&text) {
                Some(Ok(answer)) => {
                    statements.insert(answer.statement);
                    Ok(finish(&answer.rows))
                }
                Some(Err(message)) => Err(message.clone()),
                None => Err(unanswered()),
            }
        }
    };
    Ok(match finished {
        Ok(Ok(measured)) => Ok(measured),
        Ok(Err(unreadable)) => Err(failed(metric, &unreadable.to_string())),
        Err(message) => Err(failed(metric, &message)),
    })
}

fn failed(metric: &Metric, message: &str) -> MetricError {
    MetricError::failed(metric, &EngineError::Query { reason: message.to_owned().into() })
}

/// Returns what no row of the tables of a metric may be.
fn guards_of(metric: &Metric, table: &OpenedTable, others: &BTreeMap<Dataset, &OpenedTable>) -> Vec<Guard> {
    let (mut here, mut there) = (BTreeSet::new(), BTreeSet::new());
    metric.each_column(&mut |path| {
        here.insert(path.root());
    });
    metric.each_column_there(&mut |path| {
        there.insert(path.root());
    });
    let other = metric.dataset().and_then(|dataset| others.get(dataset));
    let of_other = other.map(|other| other.guards(&there)).unwrap_or_default();
    table.guards(&here).into_iter().chain(of_other).collect()
}

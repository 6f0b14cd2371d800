//! The engine: opens tables of one system, and measures plans there.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::PoisonError;

use arrow::datatypes::SchemaRef;

use super::metrics::{Context, recipe, statement};
use super::opened::OpenedTable;
use super::planned::Planned;
use super::read_values::count;
use super::samples::Samples;
use super::select::Runner;
use super::{Dialect, Table};
use crate::data::{Dataset, Dialect as TextDialect};
use crate::engine::{
    Control, Engine, EngineError, Execution, Measurements, MetricError, Proved, RowBatch, RowRequest,
    Strategy, Support,
};
use crate::metric::{Measured, Metric, PerMetric, top_level_columns};
use crate::plan::Plan;
use crate::predicate::Typed;
use crate::source::{At, Data, Format, Opened, SourceError, StorageOptions};

/// Connects to one kind of system.
pub trait Connector: Send + Sync {
    /// Returns the name and the version of the system, as far as it is known, for the report.
    fn name(&self) -> String;

    /// Returns the dialect of the system.
    fn dialect(&self) -> &'static dyn Dialect;

    /// Returns what the data is, for the report.
    fn format(&self) -> Format;

    /// Opens the table at a URI, at a version. Two tables of one place share a connection.
    ///
    /// # Errors
    /// There is no such table or version, or no connection.
    fn table(&self, uri: &str, at: At) -> Result<Table, SourceError>;
}

/// Refuses any other version than the newest, for a system that has no versions.
///
/// # Errors
/// Another version is asked for.
#[cfg(any(feature = "duckdb", feature = "postgres"))]
pub(super) fn as_it_is_now(uri: &str, at: At, dialect: &dyn Dialect) -> Result<(), SourceError> {
    match at {
        At::Latest => Ok(()),
        _ => Err(SourceError::Unsupported {
            uri: uri.to_owned(),
            reason: format!("{} has tables as they are now, without versions", dialect.name()),
        }),
    }
}

/// An engine that asks a system by SQL.
pub struct SqlEngine<C> {
    connector: C,
}

impl<C: Connector> SqlEngine<C> {
    /// Returns the engine of a system.
    pub const fn new(connector: C) -> Self {
        Self { connector }
    }

    fn others(
        others: &BTreeMap<Dataset, Box<dyn Opened>>,
    ) -> Result<BTreeMap<Dataset, &OpenedTable>, EngineError> {
        others.iter().map(|(name, other)| Ok((name.clone(), OpenedTable::of(other.as_ref())?))).collect()
    }
}

impl<C: Connector> Engine for SqlEngine<C> {
    fn name(&self) -> String {
        self.connector.name()
    }

    fn open(&self, data: Data, _: &StorageOptions, _: &TextDialect) -> Result<Box<dyn Opened>, SourceError> {
        match data {
            Data::Uri { uri, at } => {
                Ok(Box::new(OpenedTable::new(self.connector.table(&uri, at)?, self.connector.format())))
            }
            other => Err(SourceError::Unsupported {
                uri: other.uri(),
                reason: format!("{} judges the tables that it has", self.connector.dialect().name()),
            }),
        }
    }

    fn support(&self, metric: &Metric) -> Support {
        let context =
            Context { dialect: self.connector.dialect(), relation: "t", others: &|_| Some("o".to_owned()) };
        match recipe(metric, context) {
            Ok(_) => Support::Measured,
            Err(refused) => Support::Refused(refused.why),
        }
    }

    fn strategy(
        &self,
        plan: &Plan,
        data: &dyn Opened,
        others: &BTreeMap<Dataset, Box<dyn Opened>>,
        _: Control<'_>,
    ) -> Result<Strategy, EngineError> {
        let table = OpenedTable::of(data)?;
        let planned = Planned::of(plan, table, &Self::others(others)?, self.connector.dialect());
        Ok(Strategy {
            columns: columns_read(plan, table),
            statements: planned.statements(),
            ..Strategy::one_read(plan)
        })
    }

    fn measure(
        &self,
        plan: &Plan,
        data: &dyn Opened,
        others: &BTreeMap<Dataset, Box<dyn Opened>>,
        control: Control<'_>,
    ) -> Result<Measurements, EngineError> {
        let (table, others, dialect) =
            (OpenedTable::of(data)?, Self::others(others)?, self.connector.dialect());
        let planned = Planned::of(plan, table, &others, dialect);
        let mut session = table.table.session.lock().unwrap_or_else(PoisonError::into_inner);
        let mut runner = Runner { session: &mut *session, is_cancelled: control.cancelled, answered: 0 };
        let measured = planned.measure(plan, &mut runner)?;
        let conditions = conditions(plan, &measured);
        let counted = dependent_counts(&conditions, &table.table.relation, dialect, &mut runner)?;
        let scans = runner.answered;
        let fetching = Samples { plan, table, others: &others, dialect, conditions: &conditions };
        let (samples, unfetched) = fetching.fetch(&measured, &counted, &mut runner)?;
        Ok(Measurements {
            proved: plan.metrics.map(|_| Proved::default()),
            measured,
            dependent: counted,
            samples,
            failing_rows: plan.checks.iter().map(|_| roaring::RoaringTreemap::new()).collect(),
            unfetched,
            malformed: None,
            execution: Execution { scans, columns_read: columns_read(plan, table), ..Execution::default() },
        })
    }

    fn row_schema(&self, _: &dyn Opened, _: RowRequest<'_>) -> Result<SchemaRef, EngineError> {
        Err(self.no_rows())
    }

    fn read_rows(
        &self,
        _: &dyn Opened,
        _: RowRequest<'_>,
        _: Control<'_>,
        _: &mut dyn FnMut(RowBatch) -> ControlFlow<()>,
    ) -> Result<(), EngineError> {
        Err(self.no_rows())
    }
}

impl<C: Connector> SqlEngine<C> {
    /// Returns the error for what needs the numbers of rows, which no table of a database has.
    fn no_rows(&self) -> EngineError {
        let name = self.connector.dialect().name();
        EngineError::Source(SourceError::Unsupported {
            uri: name.to_owned(),
            reason: "rows of a database have no numbers by which they are read; karat check judges them"
                .to_owned(),
        })
    }
}

/// Returns the columns that statements read, in the order of the table.
fn columns_read(plan: &Plan, table: &OpenedTable) -> Vec<String> {
    let read = top_level_columns(plan.metrics.iter());
    table.table.schema.names().filter(|name| read.contains(name)).map(str::to_owned).collect()
}

/// Returns the condition of each dependent count.
fn conditions(
    plan: &Plan,
    measured: &PerMetric<Result<Measured, MetricError>>,
) -> Vec<Result<Typed, MetricError>> {
    let of = |dependent: &crate::plan::DependentCount| {
        let values = dependent.metrics.iter().map(|id| measured[*id].clone());
        let values: Vec<Measured> = values.collect::<Result<_, _>>()?;
        dependent.condition.of(&values).map_err(MetricError::Undefined)
    };
    plan.dependent.iter().map(of).collect()
}

/// Counts the rows that meet conditions which need measured values.
fn dependent_counts(
    conditions: &[Result<Typed, MetricError>],
    relation: &str,
    dialect: &'static dyn Dialect,
    runner: &mut Runner<'_>,
) -> Result<Vec<Result<u64, MetricError>>, EngineError> {
    let mut counted = Vec::with_capacity(conditions.len());
    for condition in conditions {
        let condition = match condition {
            Ok(condition) => condition,
            Err(error) => {
                counted.push(Err(error.clone()));
                continue;
            }
        };
        let metric = Metric::Count(condition.clone());
        let context = Context { dialect, relation, others: &|_| None };
        let text = match recipe(&metric, context) {
            Ok(recipe) if recipe.guards.is_empty() => statement(dialect, &recipe.columns, relation, ""),
            Ok(_) => {
                counted.push(Err(MetricError::Unsupported(format!(
                    "{}: rows may hold values that are compared otherwise there",
                    dialect.name()
                ))));
                continue;
            }
            Err(refused) => {
                counted.push(Err(MetricError::Unsupported(refused.why)));
                continue;
            }
        };
        let failed =
            |message: String| MetricError::failed(&metric, &EngineError::Query { reason: message.into() });
        counted.push(match runner.rows(&text)? {
            Ok(rows) => {
                let cell = rows.first().and_then(|row| row.first()).unwrap_or(&None);
                count(cell).map_err(|unreadable| failed(unreadable.to_string()))
            }
            Err(message) => Err(failed(message)),
        });
    }
    Ok(counted)
}

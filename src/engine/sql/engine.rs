//! The engine: opens tables of one system, and measures plans there.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::PoisonError;

use arrow::datatypes::SchemaRef;

use super::fetch::Fetch;
use super::metrics::{Context, recipe};
use super::opened::OpenedTable;
use super::planned::{Asked, Planned};
use super::samples::Samples;
use super::select::Runner;
use super::{Dialect, Table};
use crate::data::{Dataset, Dialect as TextDialect};
use crate::engine::{
    Control, Engine, EngineError, Execution, FetchedRows, Measurements, MetricError, Origin, OtherDatasets,
    Proved, RowBatch, RowRequest, Strategy, Support,
};
use crate::metric::{Measured, Metric, PerMetric, top_level_columns};
use crate::plan::{Plan, PlannedCheck};
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

    fn others<'a>(others: &OtherDatasets<'a>) -> Result<BTreeMap<Dataset, &'a OpenedTable>, EngineError> {
        others.iter().map(|(name, other)| Ok((name.clone(), OpenedTable::of(*other)?))).collect()
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
        others: &OtherDatasets<'_>,
        _: Control<'_>,
    ) -> Result<Strategy, EngineError> {
        let table = OpenedTable::of(data)?;
        let planned = Planned::of(&plan.metrics, table, &Self::others(others)?, self.connector.dialect());
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
        others: &OtherDatasets<'_>,
        control: Control<'_>,
    ) -> Result<Measurements, EngineError> {
        if plan.finds_all_rows {
            return Err(self.no_rows());
        }
        let judging = Judging {
            plan,
            table: OpenedTable::of(data)?,
            others: &Self::others(others)?,
            dialect: self.connector.dialect(),
            control,
        };
        let mut found = judging.measure(&self.name())?;
        found.execution.scans = u64::try_from(found.execution.statements.len()).unwrap_or(u64::MAX);
        Ok(found)
    }

    fn fetch(
        &self,
        data: &dyn Opened,
        columns: &BTreeSet<String>,
        most: u64,
        control: Control<'_>,
    ) -> Result<FetchedRows, EngineError> {
        let dialect = self.connector.dialect();
        Fetch { table: OpenedTable::of(data)?, dialect, is_cancelled: control.cancelled }
            .columns(columns, most)
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
        EngineError::Unnumbered { system: self.connector.dialect().name() }
    }
}

/// What is judged by statements.
struct Judging<'a> {
    plan: &'a Plan,
    table: &'a OpenedTable,
    others: &'a BTreeMap<Dataset, &'a OpenedTable>,
    dialect: &'static dyn Dialect,
    control: Control<'a>,
}

impl Judging<'_> {
    /// Measures what the system can say, and fetches the failing rows of that.
    fn measure(&self, engine: &str) -> Result<Measurements, EngineError> {
        let Judging { plan, table, others, dialect, control } = *self;
        let mut statements = Vec::new();
        let mut session = table.table.session.lock().unwrap_or_else(PoisonError::into_inner);
        let mut runner = Runner {
            session: &mut *session,
            is_cancelled: control.cancelled,
            answered: &mut statements,
            quotes_data: false,
        };
        let asked = Planned::of(&plan.metrics, table, others, dialect).measure(&mut runner)?;
        let measured = asked.map(|asked| asked.measured.clone());
        let conditions = conditions(plan, &measured);
        // Their conditions are made of measured values.
        runner.quotes_data = true;
        let counted = self.dependent_counts(&conditions, &mut runner)?;
        let origins = plan.checks.iter().map(|check| origin(plan, check, &asked, &counted, engine)).collect();
        let mut for_samples = Vec::new();
        runner.answered = &mut for_samples;
        let fetching = Samples { plan, table, others, dialect, conditions: &conditions };
        let dependent: Vec<_> = counted.into_iter().map(|(count, _)| count).collect();
        let (samples, unfetched) = fetching.fetch(&measured, &dependent, &mut runner)?;
        Ok(Measurements {
            proved: plan.metrics.map(|_| Proved::default()),
            measured,
            dependent,
            samples,
            failing_rows: plan.checks.iter().map(|_| roaring::RoaringTreemap::new()).collect(),
            unfetched,
            malformed: None,
            origins,
            execution: Execution {
                columns_read: columns_read(plan, table),
                statements,
                ..Execution::default()
            },
        })
    }

    /// Counts the rows that meet conditions which need measured values, each with the statements that were answered for it.
    fn dependent_counts(
        &self,
        conditions: &[Result<Typed, MetricError>],
        runner: &mut Runner<'_>,
    ) -> Result<Vec<DependentCounted>, EngineError> {
        let known = conditions.iter().flatten().cloned().map(Metric::Count).collect();
        let asked = Planned::of(&known, self.table, self.others, self.dialect).measure(runner)?;
        let mut asked = asked.iter();
        let counted = conditions.iter().map(|condition| match condition {
            Err(error) => (Err(error.clone()), BTreeSet::new()),
            Ok(_) => match asked.next() {
                Some(asked) => {
                    let count = asked.measured.as_ref().map_err(Clone::clone);
                    (
                        count.and_then(|count| count.count().map_err(|_| MetricError::Unmeasured)),
                        asked.statements.clone(),
                    )
                }
                None => (Err(MetricError::Unmeasured), BTreeSet::new()),
            },
        });
        Ok(counted.collect())
    }
}

/// A count that needs measured values, and the numbers of the statements that were answered for it.
type DependentCounted = (Result<u64, MetricError>, BTreeSet<usize>);

/// Returns the statements that were answered for a check.
fn origin(
    plan: &Plan,
    check: &PlannedCheck,
    asked: &PerMetric<Asked>,
    counted: &[DependentCounted],
    engine: &str,
) -> Option<Origin> {
    let judged_by = check.judged_by.as_ref().ok()?;
    let metrics = plan.metrics_of(judged_by);
    let mut statements: BTreeSet<usize> =
        metrics.iter().flat_map(|id| &asked[*id].statements).copied().collect();
    let counted = judged_by.dependent().and_then(|position| counted.get(position));
    statements.extend(counted.into_iter().flat_map(|(_, statements)| statements));
    let statements: Vec<usize> = statements.into_iter().collect();
    (!statements.is_empty()).then(|| Origin { engine: engine.to_owned(), statements })
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

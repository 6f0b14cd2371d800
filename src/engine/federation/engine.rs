//! The engine of engines: what each dataset's system can say is asked of it, and the rest is completed.

use std::ops::ControlFlow;
use std::sync::{Arc, OnceLock};

use arrow::datatypes::SchemaRef;

use super::completion::{Completion, other_read};
use super::datasets::Datasets;
use super::held::{Held, Opener};
use super::needed::is_decided_without_order;
use crate::data::{Dataset, Dialect};
use crate::engine::{
    Control, Engine, EngineError, Measurements, MetricError, Origin, OtherDatasets, RowBatch, RowRequest,
    Strategy, Support,
};
use crate::metric::{Metric, MetricId, PerMetric};
use crate::plan::{Plan, Subset};
use crate::source::{Data, Opened, SourceError, StorageOptions};

/// Judges each dataset by the engine of what holds it, and fetches what must be judged together.
pub struct FederatedEngine {
    opener: Box<dyn Opener>,
    own: Arc<dyn Engine>,
    fetch: Option<u64>,
    /// The engine of what was opened first, which is the judged data.
    first: OnceLock<Arc<dyn Engine>>,
}

impl FederatedEngine {
    /// Returns an engine of what an opener opens. `own` judges fetched rows, and what it opened itself.
    #[must_use]
    pub fn new(opener: Box<dyn Opener>, own: Arc<dyn Engine>) -> Self {
        Self { opener, own, fetch: None, first: OnceLock::new() }
    }

    /// Returns the same engine, which fetches datasets of at most so many rows; `None` to fetch nothing.
    #[must_use]
    pub fn fetching(self, rows: Option<u64>) -> Self {
        Self { fetch: rows, ..self }
    }

    /// Returns the engine of the judged data.
    fn home(&self) -> &Arc<dyn Engine> {
        self.first.get().unwrap_or(&self.own)
    }
}

impl Datasets<'_> {
    /// Measures what the engine of the judged data can: all metrics that do not reach out.
    fn measure_here(&self, plan: &Plan, control: Control<'_>) -> Result<Measurements, EngineError> {
        let here = self.here();
        let measure =
            |plan: &Plan| self.judged.engine.measure(plan, self.judged.opened.as_ref(), &here, control);
        if !plan.metrics.iter().any(|metric| self.reaches_out(metric)) {
            return measure(plan);
        }
        let checks = plan.checks.iter().enumerate().filter(|(_, check)| !self.asks_elsewhere(plan, check));
        let mut subset = Subset::of(plan, checks.map(|(index, _)| index));
        // What is compared with another system is no check of this one, but is measured with the others.
        for (id, metric) in plan.metrics.entries() {
            if !self.reaches_out(metric) && !subset.metrics.iter().any(|own| *own == id) {
                subset.metrics.push(id);
                subset.plan.metrics.push(metric.clone());
            }
        }
        Ok(measure(&subset.plan)?.within(&subset, plan))
    }
}

/// A plan that is judged by the engine of this name.
#[derive(Clone, Copy)]
struct Judging<'a> {
    plan: &'a Plan,
    here: &'a str,
    control: Control<'a>,
}

/// What is asked of another dataset alone.
struct AskedThere {
    plan: Plan,
    /// The id in the whole plan of each metric.
    metrics: PerMetric<MetricId>,
}

impl AskedThere {
    fn of(plan: &Plan, of: &Dataset) -> Self {
        let (mut asked, mut metrics) = (PerMetric::default(), PerMetric::default());
        for (id, metric) in plan.metrics.entries() {
            if let Metric::OtherDataset { dataset, metric } = metric
                && dataset == of
            {
                asked.push((**metric).clone());
                metrics.push(id);
            }
        }
        let plan = Plan {
            checks: Vec::new(),
            metrics: asked,
            dependent: Vec::new(),
            privacy: plan.privacy.clone(),
            finds_all_rows: false,
        };
        Self { plan, metrics }
    }

    /// Measures what is asked where the dataset is, and takes it for the plan that judges with it.
    fn measure(
        &self,
        dataset: &Dataset,
        held: &Held,
        judging: Judging<'_>,
        found: &mut Measurements,
    ) -> Result<(), EngineError> {
        let Judging { plan: whole, here, control } = judging;
        if self.plan.metrics.is_empty() {
            return Ok(());
        }
        let measured = held.engine.measure(&self.plan, held.opened.as_ref(), &OtherDatasets::new(), control);
        let measured = match measured {
            Ok(measured) => measured,
            Err(cancelled @ EngineError::Cancelled) => return Err(cancelled),
            Err(error) => {
                for (id, metric) in self.plan.metrics.entries() {
                    found.measured[self.metrics[id]] = Err(MetricError::failed(metric, &error));
                }
                return Ok(());
            }
        };
        for (id, own) in self.metrics.entries() {
            found.measured[*own] = measured.of(id).cloned();
        }
        let first = found.execution.statements.len();
        let read = other_read(dataset, held, measured.execution.scans, measured.execution.rows_read);
        found.execution.statements.extend(measured.execution.statements);
        found.execution.others.push(read);
        let statements = first..found.execution.statements.len();
        found.origins.resize(whole.checks.len(), None);
        for (check, origin) in whole.checks.iter().zip(&mut found.origins) {
            let Ok(judged_by) = &check.judged_by else { continue };
            let asks = |id: &MetricId| self.metrics.iter().any(|own| own == id);
            if whole.metrics_of(judged_by).iter().any(asks) {
                let origin =
                    origin.get_or_insert_with(|| Origin { engine: here.to_owned(), statements: Vec::new() });
                origin.engine = format!("{} and {}", origin.engine, held.engine.name());
                origin.statements.extend(statements.clone());
            }
        }
        Ok(())
    }
}

impl Engine for FederatedEngine {
    fn name(&self) -> String {
        self.home().name()
    }

    fn open(
        &self,
        data: Data,
        storage: &StorageOptions,
        dialect: &Dialect,
    ) -> Result<Box<dyn Opened>, SourceError> {
        let held = self.opener.open(data, storage, dialect)?;
        self.first.get_or_init(|| Arc::clone(&held.engine));
        Ok(Box::new(held))
    }

    fn support(&self, metric: &Metric) -> Support {
        match self.home().support(metric) {
            Support::Refused(why) if !is_decided_without_order(metric) => Support::Refused(why),
            Support::Refused(_) if self.fetch.is_some() => Support::Fetched,
            Support::Refused(why) => Support::Refused(with_way_out(&why)),
            other => other,
        }
    }

    fn strategy(
        &self,
        plan: &Plan,
        data: &dyn Opened,
        others: &OtherDatasets<'_>,
        control: Control<'_>,
    ) -> Result<Strategy, EngineError> {
        let datasets = Datasets::opened(data, others)?;
        let judged = datasets.judged;
        let mut strategy = judged.engine.strategy(plan, judged.opened.as_ref(), &datasets.here(), control)?;
        for (dataset, held) in datasets.away() {
            let asked = AskedThere::of(plan, dataset);
            let none = OtherDatasets::new();
            let there = held.engine.strategy(&asked.plan, held.opened.as_ref(), &none, control)?;
            for (statement, metrics) in there.statements {
                strategy
                    .statements
                    .push((statement, metrics.into_iter().map(|id| asked.metrics[id]).collect()));
            }
        }
        Ok(strategy)
    }

    fn measure(
        &self,
        plan: &Plan,
        data: &dyn Opened,
        others: &OtherDatasets<'_>,
        control: Control<'_>,
    ) -> Result<Measurements, EngineError> {
        let datasets = Datasets::opened(data, others)?;
        let mut found = datasets.measure_here(plan, control)?;
        let judging = Judging { plan, here: &datasets.judged.engine.name(), control };
        for (dataset, held) in datasets.away() {
            AskedThere::of(plan, dataset).measure(dataset, held, judging, &mut found)?;
        }
        say_what_is_apart(plan, &datasets, &mut found);
        if let Some(most) = self.fetch {
            Completion { plan, datasets: &datasets, own: &self.own, most, control }.complete(&mut found)?;
        } else {
            say_the_way_out(plan, &mut found);
        }
        Ok(found)
    }

    fn row_schema(&self, data: &dyn Opened, request: RowRequest<'_>) -> Result<SchemaRef, EngineError> {
        let data = Held::of(data)?;
        data.engine.row_schema(data.opened.as_ref(), request)
    }

    fn read_rows(
        &self,
        data: &dyn Opened,
        request: RowRequest<'_>,
        control: Control<'_>,
        take: &mut dyn FnMut(RowBatch) -> ControlFlow<()>,
    ) -> Result<(), EngineError> {
        let data = Held::of(data)?;
        data.engine.read_rows(data.opened.as_ref(), request, control, take)
    }
}

/// Says of each metric that needs rows of two systems that it does.
fn say_what_is_apart(plan: &Plan, datasets: &Datasets<'_>, found: &mut Measurements) {
    let here = datasets.judged.engine.name();
    for (id, metric) in plan.metrics.entries() {
        if matches!(metric, Metric::OtherDataset { .. }) || !datasets.reaches_out(metric) {
            continue;
        }
        if let Some(dataset) = metric.dataset()
            && let Some(held) = datasets.others.get(dataset)
        {
            let there = held.engine.name();
            found.measured[id] = Err(MetricError::Unsupported(format!(
                "{dataset} is judged by {there}, and what is compared with it by {here}"
            )));
        }
    }
}

/// Says of each metric that its system refuses by what it would be judged.
fn say_the_way_out(plan: &Plan, found: &mut Measurements) {
    for (id, metric) in plan.metrics.entries() {
        if let Err(MetricError::Unsupported(why)) = &mut found.measured[id]
            && is_decided_without_order(metric)
        {
            *why = with_way_out(why);
        }
    }
}

/// Adds to the reason why a metric is not measured what would measure it.
fn with_way_out(why: &str) -> String {
    format!("{why}; --fetch ROWS judges it of fetched rows")
}

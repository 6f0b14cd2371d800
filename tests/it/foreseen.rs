//! What `karat plan` shows is what `karat check` does: an engine that compares both, whatever it measures.

use std::ops::ControlFlow;

use arrow::datatypes::SchemaRef;
use karat::data::Dialect;
use karat::engine::{
    Control, Engine, EngineError, Kept, Measurements, OtherDatasets, PolarsEngine, RowBatch, RowRequest,
    SecondPass, Strategy, Support,
};
use karat::metric::Metric;
use karat::plan::Plan;
use karat::source::{Data, Opened, SourceError, StorageOptions};

/// The engine on Polars, of which every run is held against the strategy that it gave before.
#[derive(Default)]
pub struct Foreseen(PolarsEngine);

impl Engine for Foreseen {
    fn name(&self) -> String {
        self.0.name()
    }

    fn open(
        &self,
        data: Data,
        storage: &StorageOptions,
        dialect: &Dialect,
    ) -> Result<Box<dyn Opened>, SourceError> {
        self.0.open(data, storage, dialect)
    }

    fn support(&self, metric: &Metric) -> Support {
        self.0.support(metric)
    }

    fn strategy(
        &self,
        plan: &Plan,
        data: &dyn Opened,
        others: &OtherDatasets<'_>,
        control: Control<'_>,
    ) -> Result<Strategy, EngineError> {
        self.0.strategy(plan, data, others, control)
    }

    fn measure(
        &self,
        plan: &Plan,
        data: &dyn Opened,
        others: &OtherDatasets<'_>,
        control: Control<'_>,
    ) -> Result<Measurements, EngineError> {
        let strategy = self.0.strategy(plan, data, others, control);
        let measured = self.0.measure(plan, data, others, control);
        if let (Ok(strategy), Ok(measured)) = (&strategy, &measured) {
            came_true(strategy, measured, data, others);
        }
        measured
    }

    fn row_schema(&self, data: &dyn Opened, request: RowRequest<'_>) -> Result<SchemaRef, EngineError> {
        self.0.row_schema(data, request)
    }

    fn read_rows(
        &self,
        data: &dyn Opened,
        request: RowRequest<'_>,
        control: Control<'_>,
        take: &mut dyn FnMut(RowBatch) -> ControlFlow<()>,
    ) -> Result<(), EngineError> {
        self.0.read_rows(data, request, control, take)
    }
}

/// Asserts that a run did what its strategy says.
fn came_true(strategy: &Strategy, measured: &Measurements, data: &dyn Opened, others: &OtherDatasets<'_>) {
    let took = &measured.execution;
    let is_table = data.identity().version.is_some();
    assert_eq!(strategy.proved, measured.proved);
    // A metric at which the engine fails costs further scans, and what it would have read.
    if measured.measured.iter().any(Result::is_err) {
        return;
    }
    let missing: Vec<_> =
        strategy.columns.iter().filter(|column| !took.columns_read.contains(column)).collect();
    let further: Vec<_> =
        took.columns_read.iter().filter(|column| !strategy.columns.contains(column)).collect();
    // In memory, each query takes its own way through the frame, and rows are counted by some column.
    if took.trust.is_none() {
        assert!(missing.is_empty(), "{missing:?} were not read");
        return;
    }
    // A file of a table whose schema has changed lacks columns, and its rows are counted by another one.
    assert!(missing.is_empty() || is_table, "{missing:?} were not read");
    assert!(further.is_empty() || is_table && further.len() == 1, "{further:?} were read too");
    let least = strategy.least_scans();
    let most = least + u64::from(strategy.second_pass == SecondPass::IfRowsFail);
    let scans = took.scans - took.scans_for_memory;
    assert!((least..=most).contains(&scans), "{scans} scans, not {least} to {most}: {:?}", strategy.reads);
    // What is kept may take a further scan, where memory is short of it.
    let keeps = strategy.kept.iter().any(|kept| *kept != Kept::Nothing);
    assert!(keeps || took.scans_for_memory == 0, "{} scans for memory", took.scans_for_memory);
    for foreseen in &strategy.others {
        let is_in_memory =
            others.get(&foreseen.dataset).is_some_and(|other| other.identity().files.is_none());
        let name = foreseen.dataset.to_string();
        let read = took.others.iter().find(|read| read.dataset == name).map(|read| read.scans);
        assert!(is_in_memory || read == Some(foreseen.scans), "{read:?} scans of {name}: {foreseen:?}");
    }
}

//! The engine for tables of a Unity Catalog: where their files may be read, another engine reads them; where they may not, a SQL
//! warehouse judges the table.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::{Arc, OnceLock};

use arrow::datatypes::SchemaRef;

use super::sql::SqlEngine;
use super::sql::databricks::DatabricksConnector;
use super::{Control, Engine, EngineError, Measurements, RowBatch, RowRequest, Strategy, Support};
use crate::data::{Dataset, Dialect, redacted};
use crate::metric::Metric;
use crate::plan::Plan;
use crate::source::databricks::{CatalogLender, CatalogTable, TableName, Workspace};
use crate::source::store::wait_for;
use crate::source::{At, Data, DatabricksSettings, Opened, SourceError, StorageOptions, versioned_at};

/// Judges one dataset, `uc://catalog.schema.table`, with the other datasets that its checks name.
pub struct UnityCatalogEngine {
    settings: DatabricksSettings,
    reader: Arc<dyn Engine>,
    warehouse: SqlEngine<DatabricksConnector>,
    /// Who judges, as the first table decides: what is judged together is judged by one.
    route: OnceLock<Route>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Route {
    Reader,
    Warehouse,
}

/// Where the files of a table lie, and what opens them.
struct Files {
    location: String,
    lender: CatalogLender,
}

impl UnityCatalogEngine {
    /// Returns the engine, with the one that reads files.
    #[must_use]
    pub fn new(settings: DatabricksSettings, reader: Arc<dyn Engine>) -> Self {
        let warehouse = SqlEngine::new(DatabricksConnector::new(settings.clone()));
        Self { settings, reader, warehouse, route: OnceLock::new() }
    }

    fn engine(&self) -> &dyn Engine {
        match self.route.get() {
            Some(Route::Warehouse) => &self.warehouse,
            _ => self.reader.as_ref(),
        }
    }

    /// Opens a table of the catalog.
    fn open_table(
        &self,
        uri: &str,
        at: At,
        storage: &StorageOptions,
        dialect: &Dialect,
    ) -> Result<Box<dyn Opened>, SourceError> {
        let (unversioned, at) = versioned_at(uri, at)?;
        let shown = redacted(unversioned);
        let refused = |reason: String| SourceError::Unsupported { uri: shown.clone(), reason };
        let name = TableName::parse(unversioned).map_err(refused)?;
        let files = self.files(&name, &shown)?;
        let opened = files.and_then(|Files { location, lender }| {
            let storage = storage.clone().lent_by(Arc::new(lender));
            match self.reader.open(Data::Uri { uri: location, at }, &storage, dialect) {
                // What is not read right is not read; a warehouse may know how.
                Err(SourceError::Unsupported { reason, .. }) => Err(reason),
                opened => Ok(opened),
            }
        });
        match opened {
            Ok(opened) => {
                if *self.route.get_or_init(|| Route::Reader) != Route::Reader {
                    return self.pushed(unversioned, at, storage, dialect);
                }
                let mut opened = opened?;
                opened.show_as(shown);
                Ok(opened)
            }
            Err(why) if self.settings.warehouse.is_none() => Err(refused(format!(
                "{why}; a SQL warehouse would judge it, and DATABRICKS_WAREHOUSE_ID names none"
            ))),
            Err(why) if *self.route.get_or_init(|| Route::Warehouse) == Route::Reader => {
                Err(refused(format!(
                    "{why}, and the table that is judged is read by karat: --engine databricks judges both in the warehouse"
                )))
            }
            Err(_) => self.pushed(unversioned, at, storage, dialect),
        }
    }

    fn pushed(
        &self,
        uri: &str,
        at: At,
        storage: &StorageOptions,
        dialect: &Dialect,
    ) -> Result<Box<dyn Opened>, SourceError> {
        self.warehouse.open(Data::Uri { uri: uri.to_owned(), at }, storage, dialect)
    }

    /// Asks the catalog where the files of a table lie, and for credentials to read them; the inner error is the reason why they
    /// may not be read.
    fn files(&self, name: &TableName, uri: &str) -> Result<Result<Files, String>, SourceError> {
        let failed = |reason: String| SourceError::Store { uri: uri.to_owned(), reason };
        let workspace = Workspace::new(&self.settings).map_err(|refusal| failed(refusal.to_string()))?;
        let name = name.clone();
        let asked = async move {
            let table = CatalogTable::of(&workspace, &name).await?;
            let (location, table_id) = match (table.readable(), &table.table_id) {
                (Err(why), _) => return Ok(Err(why)),
                (Ok(_), None) => return Ok(Err("its catalog gives it no id".to_owned())),
                (Ok(location), Some(id)) => (location.to_owned(), id.clone()),
            };
            match CatalogLender::of(workspace, table_id).await {
                Ok(lender) => Ok(Ok(Files { location, lender })),
                Err(denial) if denial.is_denial() => Ok(Err(format!(
                    "its catalog lends no credentials to read its files ({denial}), for which EXTERNAL USE SCHEMA is needed"
                ))),
                Err(refusal) => Err(refusal),
            }
        };
        match wait_for(asked).map_err(failed)? {
            Ok(files) => Ok(files),
            Err(refusal) if refusal.is_missing() => {
                Err(SourceError::Missing { uri: uri.to_owned(), near: None })
            }
            Err(refusal) => Err(failed(refusal.to_string())),
        }
    }
}

impl Engine for UnityCatalogEngine {
    fn name(&self) -> String {
        self.engine().name()
    }

    fn open(
        &self,
        data: Data,
        storage: &StorageOptions,
        dialect: &Dialect,
    ) -> Result<Box<dyn Opened>, SourceError> {
        match data {
            Data::Uri { uri, at } if uri.starts_with("uc://") => self.open_table(&uri, at, storage, dialect),
            other => self.engine().open(other, storage, dialect),
        }
    }

    fn support(&self, metric: &Metric) -> Support {
        self.engine().support(metric)
    }

    fn strategy(
        &self,
        plan: &Plan,
        data: &dyn Opened,
        others: &BTreeMap<Dataset, Box<dyn Opened>>,
        control: Control<'_>,
    ) -> Result<Strategy, EngineError> {
        self.engine().strategy(plan, data, others, control)
    }

    fn measure(
        &self,
        plan: &Plan,
        data: &dyn Opened,
        others: &BTreeMap<Dataset, Box<dyn Opened>>,
        control: Control<'_>,
    ) -> Result<Measurements, EngineError> {
        self.engine().measure(plan, data, others, control)
    }

    fn row_schema(&self, data: &dyn Opened, request: RowRequest<'_>) -> Result<SchemaRef, EngineError> {
        self.engine().row_schema(data, request)
    }

    fn read_rows(
        &self,
        data: &dyn Opened,
        request: RowRequest<'_>,
        control: Control<'_>,
        take: &mut dyn FnMut(RowBatch) -> ControlFlow<()>,
    ) -> Result<(), EngineError> {
        self.engine().read_rows(data, request, control, take)
    }
}

//! Opens tables of a workspace in a SQL warehouse.

use std::sync::{Arc, Mutex, PoisonError};

use super::session::DatabricksSession;
use super::statements::Warehouse;
use crate::data::redacted;
use crate::engine::sql::spark::{self, Opening};
use crate::engine::sql::{Connector, Dialect, Spark, Table};
use crate::source::databricks::{TableName, Workspace};
use crate::source::{At, DatabricksSettings, Format, SourceError, versioned_at};

/// Opens `databricks://catalog.schema.table`.
pub struct DatabricksConnector {
    settings: DatabricksSettings,
    session: Mutex<Option<Arc<Mutex<DatabricksSession>>>>,
}

impl DatabricksConnector {
    /// Returns a connector. Nothing is asked before a table is opened.
    #[must_use]
    pub fn new(settings: DatabricksSettings) -> Self {
        Self { settings, session: Mutex::default() }
    }

    fn session(&self) -> Result<Arc<Mutex<DatabricksSession>>, String> {
        let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = session.as_ref() {
            return Ok(Arc::clone(session));
        }
        let id = self.settings.warehouse.clone();
        let id = id.ok_or("no warehouse runs its statements: DATABRICKS_WAREHOUSE_ID names one")?;
        let workspace = Workspace::new(&self.settings).map_err(|refusal| refusal.to_string())?;
        let warehouse = Warehouse { workspace, id, statement_timeout: self.settings.statement_timeout };
        let opened = Arc::new(Mutex::new(DatabricksSession { warehouse }));
        *session = Some(Arc::clone(&opened));
        Ok(opened)
    }
}

impl Connector for DatabricksConnector {
    fn name(&self) -> String {
        "databricks".to_owned()
    }

    fn dialect(&self) -> &'static dyn Dialect {
        &Spark::DATABRICKS
    }

    fn format(&self) -> Format {
        Format::Databricks
    }

    fn table(&self, uri: &str, at: At) -> Result<Table, SourceError> {
        let (unversioned, at) = versioned_at(uri, at)?;
        let shown = redacted(unversioned);
        let refused = |reason: String| SourceError::Unsupported { uri: shown.clone(), reason };
        let name = TableName::parse(unversioned).map_err(refused)?;
        let name = spark::TableName::parse(&name.quoted()).map_err(refused)?;
        let session = self.session().map_err(refused)?;
        // One workspace has one connector, so that all of its tables are read together.
        let place = self.settings.host.clone();
        Opening { dialect: &Spark::DATABRICKS, uri: &shown, name, at, place }.table(&session)
    }
}

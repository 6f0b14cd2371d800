//! Tables of a Unity Catalog: where their files may be read, an engine reads them; where they may not, a SQL warehouse judges the
//! table.

use std::sync::{Arc, OnceLock};

use super::sql::SqlEngine;
use super::sql::databricks::DatabricksConnector;
use super::{Engine, Held, Opener};
use crate::data::{Dialect, redacted};
use crate::source::databricks::{CatalogLender, CatalogTable, TableName, Workspace};
use crate::source::store::wait_for;
use crate::source::{At, Data, DatabricksSettings, Opened as _, SourceError, StorageOptions, versioned_at};

/// Opens `uc://catalog.schema.table`.
pub struct UnityCatalog {
    settings: DatabricksSettings,
    reader: Arc<dyn Engine>,
    warehouse: Arc<dyn Engine>,
    /// Who judges the table that was opened first. What the warehouse judges is compared with others there.
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

impl UnityCatalog {
    /// Returns the catalog of a workspace, the files of which `reader` reads.
    #[must_use]
    pub fn new(settings: DatabricksSettings, reader: Arc<dyn Engine>) -> Self {
        let warehouse = Arc::new(SqlEngine::new(DatabricksConnector::new(settings.clone())));
        Self { settings, reader, warehouse, route: OnceLock::new() }
    }

    /// Opens a table of the catalog.
    fn open_table(
        &self,
        uri: &str,
        at: At,
        storage: &StorageOptions,
        dialect: &Dialect,
    ) -> Result<Held, SourceError> {
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
            Err(_) => {
                self.route.get_or_init(|| Route::Warehouse);
                self.pushed(unversioned, at, storage, dialect)
            }
        }
    }

    fn pushed(
        &self,
        uri: &str,
        at: At,
        storage: &StorageOptions,
        dialect: &Dialect,
    ) -> Result<Held, SourceError> {
        Opener::open(&self.warehouse, Data::Uri { uri: uri.to_owned(), at }, storage, dialect)
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

impl Opener for UnityCatalog {
    fn open(&self, data: Data, storage: &StorageOptions, dialect: &Dialect) -> Result<Held, SourceError> {
        match data {
            Data::Uri { uri, at } => self.open_table(&uri, at, storage, dialect),
            other => Err(SourceError::Unsupported {
                uri: other.uri(),
                reason: "a catalog has tables, to which karat appends nothing".to_owned(),
            }),
        }
    }
}

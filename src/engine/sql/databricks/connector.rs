//! Opens tables of a workspace in a SQL warehouse.

use std::sync::{Arc, Mutex, PoisonError};

use super::answers::ResultColumn;
use super::catalog::{column, relation};
use super::session::DatabricksSession;
use super::statements::Warehouse;
use crate::data::{Schema, redacted};
use crate::engine::sql::{Cell, Connector, Dialect, DuckDb, Session, SessionError, Table};
use crate::source::databricks::{TableName, Workspace};
use crate::source::{At, DatabricksSettings, Format, SourceError, versioned};

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

    fn session(&self) -> Result<Arc<Mutex<DatabricksSession>>, Failed> {
        let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = session.as_ref() {
            return Ok(Arc::clone(session));
        }
        let id = self.settings.warehouse.clone();
        let id = id.ok_or_else(|| {
            Failed::Refused("no warehouse runs its statements: DATABRICKS_WAREHOUSE_ID names one".to_owned())
        })?;
        let workspace =
            Workspace::new(&self.settings).map_err(|refusal| Failed::Lost(refusal.to_string()))?;
        let warehouse = Warehouse { workspace, id, statement_timeout: self.settings.statement_timeout };
        let opened = Arc::new(Mutex::new(DatabricksSession::open(warehouse)?));
        *session = Some(Arc::clone(&opened));
        Ok(opened)
    }
}

/// A table that is being opened.
struct Opening<'a> {
    session: &'a mut DatabricksSession,
    name: &'a TableName,
}

impl Opening<'_> {
    /// Returns the version at a point in time; `None` for what has no versions, such as a view.
    fn version(&mut self, at: At) -> Result<Option<u64>, Failed> {
        let history = format!("DESCRIBE HISTORY {}", self.name.quoted());
        let statement = match at {
            At::Version(version) => return Ok(Some(version)),
            At::Latest => format!("{history} LIMIT 1"),
            At::Timestamp(time) => {
                let time = time.format("%Y-%m-%d %H:%M:%S%.6fZ");
                format!(
                    "SELECT version FROM ({history}) WHERE timestamp <= TIMESTAMP '{time}' ORDER BY version DESC LIMIT 1"
                )
            }
            At::Changes { .. } => {
                return Err(Failed::Refused(
                    "the rows that changed are not judged by a warehouse".to_owned(),
                ));
            }
        };
        match self.session.rows(&statement, &|| false) {
            Ok(rows) => {
                let version = rows.first().and_then(|row| row.first()).and_then(Cell::as_deref);
                let version = version.and_then(|version| version.parse().ok());
                match at {
                    At::Timestamp(time) if version.is_none() => {
                        Err(Failed::Refused(format!("no version of it is as old as {time}")))
                    }
                    _ => Ok(version),
                }
            }
            // What is not there says so when its columns are asked for.
            Err(SessionError::Statement { .. }) if at == At::Latest => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Returns the table as statements name it, with the version and the columns. A table that is only read as it is now, since
    /// it has a row filter or masks, has no version.
    fn pinned(&mut self, at: At) -> Result<(String, Option<u64>, Vec<ResultColumn>), Failed> {
        let own = self.name.quoted();
        if let Some(version) = self.version(at)? {
            let pinned = format!("{own} VERSION AS OF {version}");
            match self.columns(&pinned) {
                Err(SessionError::Statement { .. }) if at == At::Latest => {}
                columns => return Ok((pinned, Some(version), columns?)),
            }
        }
        let columns = self.columns(&own)?;
        Ok((own, None, columns))
    }

    fn columns(&mut self, table: &str) -> Result<Vec<ResultColumn>, SessionError> {
        self.session.columns(&format!("SELECT * FROM {table} LIMIT 0"))
    }
}

/// Why a table was not opened.
enum Failed {
    /// There is no such table, or it is not read so.
    Refused(String),
    /// The service does not answer.
    Lost(String),
}

impl From<SessionError> for Failed {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Statement { message } => Self::Refused(message),
            other => Self::Lost(other.to_string()),
        }
    }
}

impl Failed {
    fn of(self, uri: String) -> SourceError {
        match self {
            Self::Refused(reason) => SourceError::Unsupported { uri, reason },
            Self::Lost(reason) => SourceError::Store { uri, reason },
        }
    }
}

impl Connector for DatabricksConnector {
    fn name(&self) -> String {
        "databricks".to_owned()
    }

    fn dialect(&self) -> &'static dyn Dialect {
        &DuckDb
    }

    fn format(&self) -> Format {
        Format::Databricks
    }

    fn has_versions(&self) -> bool {
        true
    }

    fn table(&self, uri: &str, at: At) -> Result<Table, SourceError> {
        let shown = redacted(uri);
        let refused = |reason: String| SourceError::Unsupported { uri: shown.clone(), reason };
        let (unversioned, at) = match (versioned(uri), at) {
            (None, at) => (uri, at),
            (Some((uri, version)), At::Latest) => (uri, At::Version(version)),
            (Some((uri, version)), At::Version(other)) if version == other => (uri, at),
            (Some(_), _) => return Err(refused("it names a version, and another is asked for".to_owned())),
        };
        let name = TableName::parse(unversioned).map_err(refused)?;
        let session = self.session().map_err(|failed| failed.of(shown.clone()))?;
        let (pinned, version, columns, place) = {
            let mut session = session.lock().unwrap_or_else(PoisonError::into_inner);
            let mut opening = Opening { session: &mut session, name: &name };
            let (pinned, version, columns) = opening.pinned(at).map_err(|failed| failed.of(shown.clone()))?;
            (pinned, version, columns, session.place().to_owned())
        };
        let columns: Vec<_> = columns.iter().map(|own| column(&own.name, &own.type_text)).collect();
        Ok(Table {
            uri: redacted(unversioned),
            relation: relation(&pinned, &columns),
            schema: Schema { fields: columns.into_iter().map(|column| column.field).collect() },
            guards: Vec::new(),
            place,
            version,
            session,
        })
    }
}

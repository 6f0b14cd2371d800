//! Opens tables of a server.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use karat::cli::SparkServer;
use karat::engine::sql::spark::{Opening, TableName};
use karat::engine::sql::{Connector, Dialect, Spark, Table};
use karat::source::{At, Format, SourceError};

use crate::address::Address;
use crate::session::SparkConnectSession;

/// Opens `spark://catalog.schema.table` on one server.
pub struct SparkConnector {
    server: SparkServer,
    /// The connection, once there is one.
    session: Mutex<Option<Arc<Mutex<SparkConnectSession>>>>,
    /// The version of Spark there.
    version: OnceLock<String>,
}

impl SparkConnector {
    /// Returns a connector of a server.
    #[must_use]
    pub fn new(server: SparkServer) -> Self {
        Self { server, session: Mutex::default(), version: OnceLock::new() }
    }

    fn session(&self, address: &Address) -> Result<Arc<Mutex<SparkConnectSession>>, String> {
        let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = session.as_ref() {
            return Ok(Arc::clone(session));
        }
        let (opened, version) = SparkConnectSession::open(&self.server, address)?;
        let _ = self.version.set(version);
        Ok(Arc::clone(session.insert(Arc::new(Mutex::new(opened)))))
    }
}

impl Connector for SparkConnector {
    fn name(&self) -> String {
        self.version.get().map_or_else(|| "spark".to_owned(), |version| format!("spark {version}"))
    }

    fn dialect(&self) -> &'static dyn Dialect {
        &Spark::APACHE
    }

    fn format(&self) -> Format {
        Format::Spark
    }

    fn table(&self, uri: &str, at: At) -> Result<Table, SourceError> {
        let unsupported = |reason: String| SourceError::Unsupported { uri: uri.to_owned(), reason };
        let address = Address::parse(&self.server.url).map_err(unsupported)?;
        let name = TableName::of(uri).map_err(unsupported)?;
        let session = self.session(&address).map_err(unsupported)?;
        Opening { dialect: &Spark::APACHE, uri, name, at, place: address.to_string() }.table(&session)
    }
}

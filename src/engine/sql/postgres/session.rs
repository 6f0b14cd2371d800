//! A connection with one snapshot: a transaction that repeats its reads and writes nothing.

use std::time::Duration;

use rustls::{ClientConfig, RootCertStore};
use tokio::runtime::Runtime;
use tokio_postgres::error::SqlState;
use tokio_postgres::{CancelToken, Client, Config, Error, SimpleQueryMessage};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::server::Server;
use crate::engine::sql::running::Running;
use crate::engine::sql::{Cell, Session, SessionError};

/// The codes of a statement that took too long, or for which there is no memory or room.
const STOPPED: [SqlState; 3] = [SqlState::QUERY_CANCELED, SqlState::OUT_OF_MEMORY, SqlState::DISK_FULL];

/// How often a statement that runs is asked whether its caller still waits.
const PATIENCE: Duration = Duration::from_millis(50);

/// A connection in a transaction.
pub(super) struct PostgresSession {
    client: Client,
    runtime: Runtime,
    tls: MakeRustlsConnect,
    server: Server,
}

impl PostgresSession {
    /// Connects, and begins the transaction. Statements that take longer than the timeout are ended by the server.
    ///
    /// # Errors
    /// There is no connection, or the server refuses the user.
    pub(super) fn open(
        config: &Config,
        server: Server,
        statement_timeout: Option<Duration>,
    ) -> Result<Self, SessionError> {
        let lost = |message: String| SessionError::Lost { message };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(|error| lost(error.to_string()))?;
        let tls = tls()?;
        let connector = tls.clone();
        let connected = runtime.block_on(async move { config.connect(connector).await });
        let (client, connection) = connected.map_err(|error| failed(&error))?;
        runtime.spawn(async move {
            // That a connection ended is said by the statement that needs it.
            let _ = connection.await;
        });
        let mut session = Self { client, runtime, tls, server };
        let timeout = statement_timeout.map_or(0, |timeout| timeout.as_millis());
        let timeout = format!("SET statement_timeout TO {timeout}");
        for setting in [timeout.as_str()].iter().chain(server.beginning()) {
            session.run(setting, &|| false)?;
        }
        Ok(session)
    }

    fn run(
        &mut self,
        statement: &str,
        is_cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Vec<Vec<Cell>>, SessionError> {
        let Self { client, runtime, tls, .. } = self;
        let _running = Running::stopped_by(stop_of(client.cancel_token(), tls.clone()));
        let answered = runtime.block_on(async {
            let query = client.simple_query(statement);
            tokio::pin!(query);
            let mut asked_to_end = false;
            loop {
                match tokio::time::timeout(PATIENCE, &mut query).await {
                    Ok(answer) => return answer,
                    Err(_) if is_cancelled() && !asked_to_end => {
                        asked_to_end = true;
                        // If the server cannot be told, the statement runs to its end.
                        let _ = client.cancel_token().cancel_query(tls.clone()).await;
                    }
                    Err(_) => {}
                }
            }
        });
        if is_cancelled() {
            return Err(SessionError::Cancelled);
        }
        let messages = answered.map_err(|error| failed(&error))?;
        let rows = messages.iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => {
                Some((0..row.len()).map(|index| row.get(index).map(str::to_owned)).collect())
            }
            _ => None,
        });
        Ok(rows.collect())
    }
}

impl Session for PostgresSession {
    fn rows(
        &mut self,
        statement: &str,
        is_cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Vec<Vec<Cell>>, SessionError> {
        if !self.server.has_savepoints() {
            return self.run(statement, is_cancelled).map_err(|error| match error {
                // The transaction has ended, and its snapshot with it: another would be of other rows.
                SessionError::Statement { message } => SessionError::Stopped { message },
                other => other,
            });
        }
        // A statement that fails would end the transaction, and its snapshot with it.
        self.run("SAVEPOINT karat", &|| false)?;
        let found = self.run(statement, is_cancelled);
        match &found {
            Ok(_) => drop(self.run("RELEASE SAVEPOINT karat", &|| false)?),
            Err(SessionError::Lost { .. }) => {}
            Err(_) => {
                self.run("ROLLBACK TO SAVEPOINT karat", &|| false)?;
            }
        }
        found
    }
}

/// Returns what stops the statement of a connection from another thread.
fn stop_of(token: CancelToken, tls: MakeRustlsConnect) -> impl Fn() + Send + Sync {
    move || {
        if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() {
            // If the server cannot be told, the statement runs to its end.
            let _ = runtime.block_on(token.cancel_query(tls.clone()));
        }
    }
}

fn failed(error: &Error) -> SessionError {
    match error.as_db_error() {
        Some(told) if STOPPED.contains(told.code()) => {
            SessionError::Stopped { message: told.message().to_owned() }
        }
        Some(told) if told.severity() != "FATAL" => {
            SessionError::Statement { message: told.message().to_owned() }
        }
        Some(told) => SessionError::Lost { message: told.message().to_owned() },
        None => SessionError::Lost { message: chain(error) },
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text = format!("{text}: {source}");
        next = source.source();
    }
    text
}

/// Returns what encrypts connections, which trusts whom this machine trusts.
fn tls() -> Result<MakeRustlsConnect, SessionError> {
    let lost = |message: String| SessionError::Lost { message };
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| lost(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

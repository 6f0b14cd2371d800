//! Opens tables of PostgreSQL and of Redshift.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio_postgres::Config;

use super::address::Address;
use super::server::Server;
use super::session::PostgresSession;
use crate::data::redacted;
use crate::engine::sql::columns::{Listed, columns_of, literal};
use crate::engine::sql::engine::as_it_is_now;
use crate::engine::sql::{Cell, Connector, Dialect, Session, SessionError, Table};
use crate::source::{At, Format, SourceError};

/// What a connection needs beside its URI.
#[derive(Clone, Default)]
pub struct PostgresSettings {
    /// The password, if the URI has none: that of `PGPASSWORD`.
    pub password: Option<String>,
    /// The lines of a password file, `host:port:database:user:password`.
    pub password_file: Option<String>,
    /// After how long the server ends a statement.
    pub statement_timeout: Option<Duration>,
}

impl std::fmt::Debug for PostgresSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresSettings")
            .field("statement_timeout", &self.statement_timeout)
            .finish_non_exhaustive()
    }
}

/// Opens `postgres://user@host/database/schema.table`, or `redshift://…`.
pub struct PostgresConnector {
    server: Server,
    settings: PostgresSettings,
    /// The connections, by their databases.
    sessions: Mutex<BTreeMap<String, Arc<Mutex<PostgresSession>>>>,
}

impl PostgresConnector {
    /// Returns a connector to servers of PostgreSQL.
    #[must_use]
    pub fn new(settings: PostgresSettings) -> Self {
        Self { server: Server::Postgres, settings, sessions: Mutex::default() }
    }

    /// Returns a connector to clusters of Redshift.
    #[must_use]
    pub fn of_redshift(settings: PostgresSettings) -> Self {
        Self { server: Server::Redshift, ..Self::new(settings) }
    }

    fn session(&self, address: &Address) -> Result<Arc<Mutex<PostgresSession>>, SessionError> {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = sessions.get(&address.database) {
            return Ok(Arc::clone(session));
        }
        let unreadable = |error: tokio_postgres::Error| SessionError::Lost { message: error.to_string() };
        let mut config: Config = address.database.parse().map_err(unreadable)?;
        config.application_name("karat");
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(20));
        }
        if !address.has_password
            && let Some(password) = self.settings.password_of(address)
        {
            config.password(password);
        }
        let mut session = PostgresSession::open(&config, self.server, self.settings.statement_timeout)?;
        self.server.greets(&mut session)?;
        let session = Arc::new(Mutex::new(session));
        sessions.insert(address.database.clone(), Arc::clone(&session));
        Ok(session)
    }
}

impl PostgresSettings {
    /// Returns the password of an address: that of the environment, or else that of the first line of the password file that
    /// fits.
    fn password_of(&self, address: &Address) -> Option<String> {
        if let Some(password) = &self.password {
            return Some(password.clone());
        }
        let port = address.port.to_string();
        let user = address.user.clone().unwrap_or_default();
        let own = [address.host.as_str(), &port, &address.name, &user];
        self.password_file.as_deref()?.lines().find_map(|line| {
            let fields = fields(line);
            let [pattern @ .., password] = fields.as_slice() else { return None };
            let fits = |(pattern, own): (&String, &&str)| pattern == "*" || pattern == own;
            (!line.starts_with('#') && pattern.len() == own.len() && pattern.iter().zip(&own).all(fits))
                .then(|| password.clone())
        })
    }
}

/// Splits a line of a password file at its colons; a backslash makes one a part of its field.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match character {
            ':' => fields.push(String::new()),
            '\\' => {
                if let (Some(field), Some(next)) = (fields.last_mut(), characters.next()) {
                    field.push(next);
                }
            }
            other => {
                if let Some(field) = fields.last_mut() {
                    field.push(other);
                }
            }
        }
    }
    fields
}

impl Connector for PostgresConnector {
    fn name(&self) -> String {
        self.server.scheme().to_owned()
    }

    fn dialect(&self) -> &'static dyn Dialect {
        self.server.dialect()
    }

    fn format(&self) -> Format {
        self.server.format()
    }

    fn table(&self, uri: &str, at: At) -> Result<Table, SourceError> {
        let shown = redacted(uri);
        let unsupported = |reason: String| SourceError::Unsupported { uri: shown.clone(), reason };
        as_it_is_now(&shown, at, self.dialect())?;
        let address = Address::parse(uri, self.server).map_err(unsupported)?;
        let session = self.session(&address).map_err(|error| unsupported(error.to_string()))?;
        let ask = |statement: &str| -> Result<Vec<Vec<Cell>>, SourceError> {
            let mut session = session.lock().unwrap_or_else(PoisonError::into_inner);
            session.rows(statement, &|| false).map_err(|error| unsupported(error.to_string()))
        };
        let columns = ask(&format!(
            "SELECT a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a \
             JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = {} AND c.relname = {} AND c.relkind IN ('r', 'p', 'v', 'm', 'f') \
             AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
            literal(&address.schema),
            literal(&address.table)
        ))?;
        if columns.is_empty() {
            return Err(unsupported(format!(
                "there is no table {} in the schema {}",
                address.table, address.schema
            )));
        }
        let dialect = self.dialect();
        let listed = Listed {
            uri: shown.clone(),
            name: format!("{}.{}", dialect.quoted(&address.schema), dialect.quoted(&address.table)),
            columns: columns_of(&columns, |name, data_type| self.server.column(name, data_type)),
            place: address.database.clone(),
            version: None,
        };
        Ok(listed.table(dialect, session))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_fits_has_the_password() {
        let file = "# here\nother:*:*:*:no\nhost:5432:db:me:a\\:b\n*:*:*:*:any";
        let settings =
            PostgresSettings { password_file: Some(file.to_owned()), ..PostgresSettings::default() };
        let of = |uri: &str| settings.password_of(&Address::parse(uri, Server::Postgres).unwrap());
        assert_eq!(of("postgres://me@host/db/t").as_deref(), Some("a:b"));
        assert_eq!(of("postgres://you@host/db/t").as_deref(), Some("any"));
    }
}

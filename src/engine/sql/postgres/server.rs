//! The kinds of servers that speak the protocol of PostgreSQL.

use super::{catalog, redshift_catalog};
use crate::engine::sql::columns::Column;
use crate::engine::sql::{Dialect, Postgres, Redshift, Session, SessionError};
use crate::source::Format;

/// A kind of server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Server {
    Postgres,
    Redshift,
}

impl Server {
    /// Returns its name, which is the scheme of its URIs.
    pub(super) const fn scheme(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Redshift => "redshift",
        }
    }

    pub(super) const fn port(self) -> u16 {
        match self {
            Self::Postgres => 5432,
            Self::Redshift => 5439,
        }
    }

    pub(super) fn dialect(self) -> &'static dyn Dialect {
        match self {
            Self::Postgres => &Postgres,
            Self::Redshift => &Redshift,
        }
    }

    pub(super) const fn format(self) -> Format {
        match self {
            Self::Postgres => Format::Postgres,
            Self::Redshift => Format::Redshift,
        }
    }

    /// Returns a column by its name and its type, as `format_type` writes it.
    pub(super) fn column(self, name: &str, data_type: &str) -> Column {
        match self {
            Self::Postgres => catalog::column(name, data_type),
            Self::Redshift => redshift_catalog::column(name, data_type),
        }
    }

    /// Returns the statements that begin a session, and the transaction that is its one snapshot.
    pub(super) const fn beginning(self) -> &'static [&'static str] {
        match self {
            Self::Postgres => &[
                "SET client_encoding = 'UTF8'",
                "SET TimeZone = 'UTC'",
                "SET DateStyle = 'ISO, YMD'",
                "SET extra_float_digits = 1",
                "SET standard_conforming_strings = on",
                "SET search_path = pg_catalog",
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            ],
            Self::Redshift => &[
                "SET client_encoding TO 'UTF8'",
                "SET TimeZone TO 'UTC'",
                "SET DateStyle TO 'ISO, YMD'",
                "SET enable_case_sensitive_identifier TO true",
                "SET search_path TO pg_catalog",
                // The level is the one by snapshots, whatever the database calls it.
                "BEGIN READ ONLY",
            ],
        }
    }

    /// Returns whether a transaction goes on after a statement that fails, at a savepoint.
    pub(super) const fn has_savepoints(self) -> bool {
        matches!(self, Self::Postgres)
    }

    /// Asserts that a server is of this kind, and writes texts as karat reads them.
    ///
    /// # Errors
    /// It is not, or the connection is lost.
    pub(super) fn greets(self, session: &mut dyn Session) -> Result<(), SessionError> {
        let refused = |message: String| SessionError::Lost { message };
        let mut answer = |statement: &str| {
            let rows = session.rows(statement, &|| false)?;
            Ok(rows.into_iter().flatten().next().flatten().unwrap_or_default())
        };
        let version = answer("SELECT version()")?;
        if version.contains("Redshift") != (self == Self::Redshift) {
            let name = self.dialect().name();
            return Err(refused(format!("it is no server of {name}, but calls itself {version:?}")));
        }
        // Redshift has no other encoding.
        if self == Self::Postgres && answer("SHOW server_encoding")? != "UTF8" {
            let message = "its database is not in UTF-8, so that texts have another order there";
            return Err(refused(message.to_owned()));
        }
        Ok(())
    }
}

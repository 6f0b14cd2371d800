//! Opens tables over a session, whatever connects it.

use std::sync::{Arc, Mutex, PoisonError};

use super::catalog::column;
use super::history::{newest_at, versions};
use super::name::TableName;
use crate::engine::sql::columns::{Listed, columns_of};
use crate::engine::sql::{Cell, Session, SessionError, Spark, Table};
use crate::source::{At, SourceError};

/// What is set in a session, as far as the server lets it, so that statements mean what karat means by them. What would give
/// another verdict, [`Opening::table`] makes sure of.
pub const SETTINGS: [(&str, &str); 7] = [
    // What overflows or cannot be cast is an error, and not null.
    ("spark.sql.ansi.enabled", "true"),
    // Instants become wall clocks and back.
    ("spark.sql.session.timeZone", "UTC"),
    // `a` and `A` are two columns.
    ("spark.sql.caseSensitive", "true"),
    // `${…}` in a text is that text.
    ("spark.sql.variable.substitute", "false"),
    ("spark.sql.parser.escapedStringLiterals", "false"),
    ("spark.sql.groupByOrdinal", "true"),
    ("spark.sql.orderByOrdinal", "true"),
];

/// Runs a statement and returns its rows.
type Ask<'a> = &'a dyn Fn(&str) -> Result<Vec<Vec<Cell>>, SessionError>;

/// How a table is to be opened.
pub struct Opening<'a> {
    /// What speaks SQL there.
    pub dialect: &'static Spark,
    /// The URI of the table, for messages and reports.
    pub uri: &'a str,
    /// The name of the table.
    pub name: TableName,
    /// Which version to open.
    pub at: At,
    /// What is the same for all tables that one statement can read together.
    pub place: String,
}

impl Opening<'_> {
    /// Opens a table at one version, which all statements on it read.
    ///
    /// # Errors
    /// There is no such table or version, or the session does not compute as karat does.
    pub fn table<S: Session + 'static>(&self, session: &Arc<Mutex<S>>) -> Result<Table, SourceError> {
        let name = self.name.quoted();
        let ask = |statement: &str| {
            let mut session = session.lock().unwrap_or_else(PoisonError::into_inner);
            session.rows(statement, &|| false)
        };
        self.computes_as_karat(&ask)?;
        let mut version = self.version(&name, &ask)?;
        let pinned = |version: Option<u64>| {
            version.map_or_else(|| name.clone(), |version| format!("{name} VERSION AS OF {version}"))
        };
        let describe = |version| ask(&format!("DESCRIBE QUERY SELECT * FROM {}", pinned(version)));
        let described = match describe(version) {
            // A table with row filters or masks is only read as it is now.
            Err(SessionError::Statement { .. }) if version.is_some() && self.at == At::Latest => {
                version = None;
                describe(None)
            }
            described => described,
        };
        let described = described.map_err(|error| self.refused(error.to_string()))?;
        let listed = Listed {
            uri: self.uri.to_owned(),
            name: pinned(version),
            columns: columns_of(&described, column),
            place: self.place.clone(),
            version,
        };
        Ok(listed.table(self.dialect, session.clone()))
    }

    fn refused(&self, reason: String) -> SourceError {
        SourceError::Unsupported { uri: self.uri.to_owned(), reason }
    }

    /// Asserts that what overflows is an error, that the wall clock is that of UTC, and that a backslash is one.
    fn computes_as_karat(&self, ask: Ask<'_>) -> Result<(), SourceError> {
        let answered = ask(r"SELECT current_timezone(), CAST(length(r'\n') AS STRING)");
        let answered = answered.map_err(|error| self.refused(error.to_string()))?;
        let cell = |place: usize| answered.first().and_then(|row| row.get(place)?.as_deref());
        if !cell(0).is_some_and(|zone| ["UTC", "Etc/UTC", "Z", "GMT", "+00:00"].contains(&zone)) {
            return Err(self.refused("the time zone of its sessions is not UTC".to_owned()));
        }
        if cell(1) != Some("2") {
            return Err(self.refused("its literals have other escapes than those of Spark".to_owned()));
        }
        match ask("SELECT CAST('no number' AS INT)") {
            Err(SessionError::Statement { .. }) => Ok(()),
            Err(error) => Err(self.refused(error.to_string())),
            Ok(_) => Err(self.refused("its sessions are not ANSI: what overflows is null there".to_owned())),
        }
    }

    /// Returns the version to read; none of a table without versions.
    fn version(&self, name: &str, ask: Ask<'_>) -> Result<Option<u64>, SourceError> {
        let all = if matches!(self.at, At::Timestamp(_)) { "" } else { " LIMIT 1" };
        let history = match (ask(&format!("DESCRIBE HISTORY {name}{all}")), self.at) {
            (Ok(rows), _) => versions(&rows),
            // A view, or a table of another format.
            (Err(SessionError::Statement { .. }), At::Latest) => return Ok(None),
            (Err(error), _) => return Err(self.refused(error.to_string())),
        };
        let newest = history.iter().map(|version| version.number).max();
        match self.at {
            At::Latest => Ok(newest),
            At::Version(version) => match newest {
                Some(newest) if version <= newest => Ok(Some(version)),
                Some(newest) => Err(self.refused(format!("its newest version is {newest}, not {version}"))),
                None => Err(self.refused("it has no versions".to_owned())),
            },
            At::Timestamp(time) => newest_at(&history, time)
                .map(Some)
                .ok_or_else(|| self.refused(format!("it has no version that was there at {time}"))),
            At::Changes { .. } => {
                Err(self.refused("the rows that versions changed are told by karat's own engine".to_owned()))
            }
        }
    }
}

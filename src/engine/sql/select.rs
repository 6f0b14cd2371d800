//! Runs statements. Expressions on one relation are selected together, and divided where a statement fails, until the
//! expression that fails is alone.

use super::metrics::statement;
use super::{Cell, Dialect, Session, SessionError};
use crate::engine::EngineError;
use crate::privacy::Untrusted;

/// Runs statements in one session, and remembers those that were answered.
pub(super) struct Runner<'a> {
    pub(super) session: &'a mut dyn Session,
    pub(super) is_cancelled: &'a (dyn Fn() -> bool + Sync),
    pub(super) answered: &'a mut Vec<Untrusted>,
    /// True if statements quote values of the data, and not of the suite alone.
    pub(super) quotes_data: bool,
}

/// The message of a statement that failed.
pub(super) type Failed = String;

/// The rows that answer a statement.
pub(super) struct Answer {
    pub(super) rows: Vec<Vec<Cell>>,
    /// The number of the statement among those that were answered.
    pub(super) statement: usize,
}

/// A cell, and the number of the statement that gave it.
pub(super) type Found = (Cell, usize);

impl Runner<'_> {
    /// Runs a statement. One that fails is no error of the run.
    pub(super) fn ask(&mut self, statement: &str) -> Result<Result<Answer, Failed>, EngineError> {
        if (self.is_cancelled)() {
            return Err(EngineError::Cancelled);
        }
        match self.session.rows(statement, self.is_cancelled) {
            Ok(rows) => {
                let quoted = statement.to_owned();
                let shown = if self.quotes_data { quoted.into() } else { Untrusted::places(quoted) };
                self.answered.push(shown);
                Ok(Ok(Answer { rows, statement: self.answered.len() - 1 }))
            }
            Err(SessionError::Statement { message }) => Ok(Err(message)),
            Err(SessionError::Cancelled) => Err(EngineError::Cancelled),
            Err(SessionError::Stopped { message } | SessionError::Lost { message }) => {
                Err(EngineError::Query { reason: message.into() })
            }
        }
    }

    /// Selects aggregates of one relation, by as few statements as there can be, and returns each or why it failed.
    pub(super) fn select(
        &mut self,
        from: &str,
        columns: &[String],
        dialect: &dyn Dialect,
    ) -> Result<Vec<Result<Found, Failed>>, EngineError> {
        let mut found = Vec::with_capacity(columns.len());
        for part in columns.chunks(dialect.most_expressions().max(1)) {
            self.select_part(from, part, dialect, &mut found)?;
        }
        Ok(found)
    }

    fn select_part(
        &mut self,
        from: &str,
        columns: &[String],
        dialect: &dyn Dialect,
        found: &mut Vec<Result<Found, Failed>>,
    ) -> Result<(), EngineError> {
        match self.ask(&statement(dialect, columns, from, ""))? {
            Ok(Answer { rows, statement }) => {
                let mut cells = rows.into_iter().next().unwrap_or_default().into_iter();
                found.extend(columns.iter().map(|_| Ok((cells.next().flatten(), statement))));
            }
            Err(message) if columns.len() < 2 => found.extend(columns.iter().map(|_| Err(message.clone()))),
            Err(_) => {
                let (first, second) = columns.split_at(columns.len() / 2);
                self.select_part(from, first, dialect, found)?;
                self.select_part(from, second, dialect, found)?;
            }
        }
        Ok(())
    }
}

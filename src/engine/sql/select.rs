//! Runs statements. Expressions on one relation are selected together, and divided where a statement fails, until the
//! expression that fails is alone.

use super::metrics::statement;
use super::{Cell, Dialect, Session, SessionError};
use crate::engine::EngineError;

/// Runs statements in one session, and remembers them.
pub(super) struct Runner<'a> {
    pub(super) session: &'a mut dyn Session,
    pub(super) is_cancelled: &'a (dyn Fn() -> bool + Sync),
    /// Number of statements that were answered.
    pub(super) answered: u64,
}

/// The message of a statement that failed.
pub(super) type Failed = String;

impl Runner<'_> {
    /// Runs a statement. One that fails is no error of the run.
    pub(super) fn rows(&mut self, statement: &str) -> Result<Result<Vec<Vec<Cell>>, Failed>, EngineError> {
        if (self.is_cancelled)() {
            return Err(EngineError::Cancelled);
        }
        match self.session.rows(statement, self.is_cancelled) {
            Ok(rows) => {
                self.answered += 1;
                Ok(Ok(rows))
            }
            Err(SessionError::Statement { message }) => Ok(Err(message)),
            Err(SessionError::Cancelled) => Err(EngineError::Cancelled),
            Err(lost @ SessionError::Lost { .. }) => {
                Err(EngineError::Query { reason: lost.to_string().into() })
            }
        }
    }

    /// Selects aggregates of one relation, by as few statements as there can be, and returns each or why it failed.
    pub(super) fn select(
        &mut self,
        from: &str,
        columns: &[String],
        dialect: &dyn Dialect,
    ) -> Result<Vec<Result<Cell, Failed>>, EngineError> {
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
        found: &mut Vec<Result<Cell, Failed>>,
    ) -> Result<(), EngineError> {
        match self.rows(&statement(dialect, columns, from, ""))? {
            Ok(rows) => {
                let mut cells = rows.into_iter().next().unwrap_or_default().into_iter();
                found.extend(columns.iter().map(|_| Ok(cells.next().flatten())));
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

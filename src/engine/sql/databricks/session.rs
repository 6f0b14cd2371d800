//! A session: the statements of one warehouse, each of which stands for itself.

use super::statements::{Disposition, IsCancelled, Warehouse, is_too_large};
use crate::engine::sql::{Cell, Session, SessionError};

/// What asks a warehouse.
pub(super) struct DatabricksSession {
    pub(super) warehouse: Warehouse,
}

impl Session for DatabricksSession {
    fn rows(
        &mut self,
        statement: &str,
        is_cancelled: IsCancelled<'_>,
    ) -> Result<Vec<Vec<Cell>>, SessionError> {
        let answer = match self.warehouse.run(statement, Disposition::Inline, is_cancelled) {
            Err(error) if is_too_large(&error) => {
                self.warehouse.run(statement, Disposition::ExternalLinks, is_cancelled)?
            }
            answer => answer?,
        };
        self.warehouse.rows(answer, is_cancelled)
    }
}

//! A session: the statements of one warehouse.

use super::answers::ResultColumn;
use super::statements::{Disposition, IsCancelled, Warehouse, is_too_large};
use crate::engine::sql::{Cell, Session, SessionError};

/// The settings by which statements mean one thing or another: the zone of instants, and whether an overflow is an error.
const SETTINGS: &str = "SELECT current_timezone(), typeof(1 + '1')";
/// The names of UTC.
const UTC: [&str; 5] = ["UTC", "Etc/UTC", "Z", "GMT", "+00:00"];
/// The type of an integer and a text where an overflow is an error; elsewhere it is a double.
const ANSI_SUM: &str = "bigint";

/// What asks a warehouse.
pub(super) struct DatabricksSession {
    warehouse: Warehouse,
}

impl DatabricksSession {
    /// Returns a session, if statements mean in this warehouse what they are to mean. No statement could change that for another.
    ///
    /// # Errors
    /// The warehouse is set otherwise, or the service does not answer.
    pub(super) fn open(warehouse: Warehouse) -> Result<Self, SessionError> {
        let mut session = Self { warehouse };
        let rows = session.rows(SETTINGS, &|| false)?;
        let cells = rows.into_iter().next().unwrap_or_default();
        let refused = |message: String| Err(SessionError::Statement { message });
        match cells.as_slice() {
            [Some(zone), _] if !UTC.contains(&zone.as_str()) => refused(format!(
                "the time zone of its warehouse is {zone}, and karat judges in UTC: set TIMEZONE of the workspace's SQL \
                 settings to UTC"
            )),
            [Some(_), Some(sum)] if sum.eq_ignore_ascii_case(ANSI_SUM) => Ok(session),
            [Some(_), Some(_)] => refused(
                "its warehouse computes without errors (ANSI_MODE is false), so that an overflow would pass for a value"
                    .to_owned(),
            ),
            _ => refused("its warehouse does not say how it is set".to_owned()),
        }
    }

    /// Returns what is the same for all tables that it can read together.
    pub(super) fn place(&self) -> &str {
        self.warehouse.workspace.place()
    }

    /// Returns the columns of a statement's result.
    ///
    /// # Errors
    /// The statement failed, or the service does not answer.
    pub(super) fn columns(&mut self, statement: &str) -> Result<Vec<ResultColumn>, SessionError> {
        let answer = self.warehouse.run(statement, Disposition::Inline, &|| false)?;
        Ok(answer.manifest.unwrap_or_default().schema.columns)
    }
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

//! A connection to a system that answers statements, as an engine uses it.

use std::sync::{Arc, Mutex};

use super::Cell;
use crate::data::Schema;

/// A connection, with one snapshot of the data for all of its statements.
pub trait Session: Send {
    /// Runs a statement, and returns its rows, every cell as a text. `is_cancelled` says whether the caller waits for them no
    /// longer; the statement is stopped then.
    ///
    /// # Errors
    /// The statement failed, or the connection did.
    fn rows(
        &mut self,
        statement: &str,
        is_cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Vec<Vec<Cell>>, SessionError>;
}

/// The reason why a statement gave no rows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    /// The system says that the statement fails. Its message may quote data.
    #[error("{message}")]
    Statement {
        /// The message of the system.
        message: String,
    },
    /// The system stopped the statement, since it took too long or too much. Parts of it would fare no better.
    #[error("{message}")]
    Stopped {
        /// The message of the system.
        message: String,
    },
    /// There is no connection any more.
    #[error("{message}")]
    Lost {
        /// The reason.
        message: String,
    },
    /// The caller cancelled the run.
    #[error("cancelled")]
    Cancelled,
}

/// A column, a condition that no row may meet for it to be what the schema says, and the reason.
pub type Guarded = (String, String, String);

/// A table that a session can read.
pub struct Table {
    /// The URI for reports, without credentials.
    pub uri: String,
    /// The columns.
    pub schema: Schema,
    /// What follows `FROM`: a relation whose columns have the names of the schema, and values of its types.
    pub relation: String,
    /// What no row may be, for the columns to be what the schema says.
    pub guards: Vec<Guarded>,
    /// What is the same for all tables that one statement can read together.
    pub place: String,
    /// The version of the data, if the system knows one.
    pub version: Option<u64>,
    /// The connection.
    pub session: Arc<Mutex<dyn Session>>,
}

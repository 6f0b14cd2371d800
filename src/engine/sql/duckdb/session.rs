//! A connection to a database, by ADBC.

use std::path::Path;

use adbc_core::error::{Error, Status};
use adbc_core::options::{AdbcVersion, OptionDatabase, OptionValue};
use adbc_core::{Connection as _, Database as _, Driver as _, Statement as _};
use adbc_driver_manager::{ManagedConnection, ManagedDatabase, ManagedDriver};
use arrow::array::{Array as _, RecordBatch};
use arrow::util::display::array_value_to_string;

use crate::engine::sql::{Cell, Session, SessionError};
use crate::engine::watch::watched;

/// A connection to a database, which no process can change meanwhile.
pub(super) struct DuckDbSession {
    connection: ManagedConnection,
    /// Kept open as long as the connection.
    _database: ManagedDatabase,
}

impl DuckDbSession {
    /// Opens a database file for reading.
    ///
    /// # Errors
    /// The library cannot be loaded, or the file is no database.
    pub(super) fn open(library: &Path, file: &str) -> Result<Self, SessionError> {
        // What a statement reads is the database alone.
        Self::with(
            library,
            &[("path", file), ("access_mode", "READ_ONLY")],
            &["SET enable_external_access = false"],
        )
    }

    /// Opens a database without tables, which reads files of this machine.
    ///
    /// # Errors
    /// The library cannot be loaded.
    pub(super) fn in_memory(library: &Path) -> Result<Self, SessionError> {
        Self::with(library, &[], &[])
    }

    fn with(library: &Path, options: &[(&str, &str)], settings: &[&str]) -> Result<Self, SessionError> {
        let mut driver =
            ManagedDriver::load_dynamic_from_filename(library, Some(b"duckdb_adbc_init"), AdbcVersion::V110)
                .map_err(|error| SessionError::Lost {
                    message: format!(
                        "DuckDB's library {} cannot be loaded: {}",
                        library.display(),
                        error.message
                    ),
                })?;
        let option = |(name, value): &(&str, &str)| {
            (OptionDatabase::Other((*name).to_owned()), OptionValue::String((*value).to_owned()))
        };
        let database =
            driver.new_database_with_opts(options.iter().map(option)).map_err(|error| failed(&error))?;
        let connection = database.new_connection().map_err(|error| failed(&error))?;
        let mut session = Self { connection, _database: database };
        // Nothing is fetched, and texts are compared by their bytes.
        let always = [
            "SET autoinstall_known_extensions = false",
            "SET autoload_known_extensions = false",
            "SET default_collation = ''",
        ];
        for setting in always.iter().chain(settings) {
            session.rows(setting, &|| false)?;
        }
        Ok(session)
    }
}

impl Session for DuckDbSession {
    fn rows(
        &mut self,
        statement: &str,
        is_cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Vec<Vec<Cell>>, SessionError> {
        let mut prepared = self.connection.new_statement().map_err(|error| failed(&error))?;
        prepared.set_sql_query(statement).map_err(|error| failed(&error))?;
        let handle = prepared.get_cancel_handle();
        // Where that is not possible, the statement runs to its end.
        let stop = || drop(handle.try_cancel());
        let found = watched(is_cancelled, stop, || {
            let reader = prepared.execute().map_err(|error| failed(&error))?;
            let mut rows = Vec::new();
            for batch in reader {
                add_rows(&batch.map_err(|error| statement_error(error.to_string()))?, &mut rows)?;
            }
            Ok(rows)
        });
        if is_cancelled() { Err(SessionError::Cancelled) } else { found }
    }
}

fn add_rows(batch: &RecordBatch, rows: &mut Vec<Vec<Cell>>) -> Result<(), SessionError> {
    for row in 0..batch.num_rows() {
        let cells = batch.columns().iter().map(|column| {
            if column.is_null(row) {
                return Ok(None);
            }
            array_value_to_string(column, row).map(Some).map_err(|error| statement_error(error.to_string()))
        });
        rows.push(cells.collect::<Result<_, _>>()?);
    }
    Ok(())
}

fn statement_error(message: String) -> SessionError {
    SessionError::Statement { message }
}

fn failed(error: &Error) -> SessionError {
    match error.status {
        Status::Cancelled => SessionError::Cancelled,
        _ => statement_error(error.message.clone()),
    }
}

//! Opens tables of database files, and Parquet files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::catalog::column;
use super::session::DuckDbSession;
use crate::engine::sql::columns::{Listed, columns_of, literal};
use crate::engine::sql::engine::as_it_is_now;
use crate::engine::sql::{Cell, Connector, Dialect, DuckDb, Session, SessionError, Table};
use crate::source::{At, Format, SourceError};

/// What the shared library is called where no path of it is given.
const LIBRARY: &str = if cfg!(target_os = "macos") {
    "libduckdb.dylib"
} else if cfg!(windows) {
    "duckdb.dll"
} else {
    "libduckdb.so"
};

/// Opens `file.duckdb#schema.table`, or Parquet files by a path or a pattern.
pub struct DuckDbConnector {
    library: PathBuf,
    /// The connections, by their databases; one is in memory, and reads files.
    sessions: Mutex<BTreeMap<String, Arc<Mutex<DuckDbSession>>>>,
}

impl DuckDbConnector {
    /// Returns a connector that loads this library, or else the one that the system finds by its usual name.
    #[must_use]
    pub fn new(library: Option<PathBuf>) -> Self {
        Self { library: library.unwrap_or_else(|| LIBRARY.into()), sessions: Mutex::default() }
    }

    fn session(&self, database: &str) -> Result<Arc<Mutex<DuckDbSession>>, SessionError> {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = sessions.get(database) {
            return Ok(Arc::clone(session));
        }
        let opened = if database == IN_MEMORY {
            DuckDbSession::in_memory(&self.library)
        } else {
            DuckDbSession::open(&self.library, database)
        };
        let session = Arc::new(Mutex::new(opened?));
        sessions.insert(database.to_owned(), Arc::clone(&session));
        Ok(session)
    }

    /// Opens Parquet files.
    fn files(&self, pattern: &str) -> Result<Table, SourceError> {
        let unsupported = |reason: String| SourceError::Unsupported { uri: pattern.to_owned(), reason };
        if !Path::new(pattern).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("parquet")) {
            return Err(unsupported(
                "DuckDB judges tables of its databases, file.duckdb#schema.table, and Parquet files, as folder/*.parquet"
                    .to_owned(),
            ));
        }
        let session = self.session(IN_MEMORY).map_err(|error| unsupported(error.to_string()))?;
        // Columns are those of the files, and not of the names of folders.
        let read = format!("read_parquet({}, hive_partitioning = false)", literal(pattern));
        let described = {
            let mut session = session.lock().unwrap_or_else(PoisonError::into_inner);
            session.rows(&format!("DESCRIBE SELECT * FROM {read}"), &|| false)
        };
        let described = described.map_err(|error| unsupported(error.to_string()))?;
        let listed = Listed {
            uri: pattern.to_owned(),
            columns: columns_of(&described, |name, data_type| column(name, data_type, false)),
            name: read,
            place: IN_MEMORY.to_owned(),
            version: None,
        };
        Ok(listed.table(&DuckDb, session))
    }
}

/// The database that has no tables, and reads files.
const IN_MEMORY: &str = ":memory:";

/// Returns the file, the schema and the table that a URI names.
fn parts(uri: &str) -> Option<(&str, &str, &str)> {
    let (file, table) = uri.rsplit_once('#')?;
    let (schema, table) = table.split_once('.').unwrap_or(("main", table));
    (!file.is_empty() && !table.is_empty()).then_some((file, schema, table))
}

impl Connector for DuckDbConnector {
    fn name(&self) -> String {
        "duckdb".to_owned()
    }

    fn dialect(&self) -> &'static dyn Dialect {
        &DuckDb
    }

    fn format(&self) -> Format {
        Format::DuckDb
    }

    fn table(&self, uri: &str, at: At) -> Result<Table, SourceError> {
        as_it_is_now(uri, at, self.dialect())?;
        let unsupported = |reason: String| SourceError::Unsupported { uri: uri.to_owned(), reason };
        let Some((file, schema, name)) = parts(uri) else { return self.files(uri) };
        if name.contains('\0') || schema.contains('\0') {
            return Err(unsupported("a name has no NUL".to_owned()));
        }
        if !Path::new(file).exists() {
            return Err(SourceError::Missing { uri: file.to_owned(), near: None });
        }
        let session = self.session(file).map_err(|error| unsupported(error.to_string()))?;
        let ask = |statement: &str| -> Result<Vec<Vec<Cell>>, SourceError> {
            let mut session = session.lock().unwrap_or_else(PoisonError::into_inner);
            session.rows(statement, &|| false).map_err(|error| unsupported(error.to_string()))
        };
        let of_table = format!(
            "database_name = current_database() AND schema_name = {} AND table_name = {}",
            literal(schema),
            literal(name)
        );
        let columns = ask(&format!(
            "SELECT column_name, data_type FROM duckdb_columns() WHERE {of_table} ORDER BY column_index"
        ))?;
        if columns.is_empty() {
            return Err(unsupported(format!("it has no table {name} in the schema {schema}")));
        }
        // Which column has a collation, only the text of its table says.
        let collations = ask("SELECT 1 FROM duckdb_tables() WHERE contains(upper(sql), 'COLLATE') LIMIT 1")?;
        let has_collations = !collations.is_empty();
        let listed = Listed {
            uri: uri.to_owned(),
            name: format!("{}.{}", DuckDb.quoted(schema), DuckDb.quoted(name)),
            columns: columns_of(&columns, |name, data_type| column(name, data_type, has_collations)),
            place: file.to_owned(),
            version: None,
        };
        Ok(listed.table(&DuckDb, session))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_named_by_their_file() {
        assert_eq!(parts("a/b.duckdb#s.t"), Some(("a/b.duckdb", "s", "t")));
        assert_eq!(parts("b#1.duckdb#t.x.y"), Some(("b#1.duckdb", "t", "x.y")));
        assert_eq!(parts("b.duckdb#t"), Some(("b.duckdb", "main", "t")));
        assert_eq!(parts("b.duckdb"), None);
        assert_eq!(parts("b.duckdb#"), None);
    }
}

//! Opens tables of database files.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::catalog::column;
use super::session::DuckDbSession;
use crate::engine::sql::columns::{guards, literal, relation, schema_of};
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

/// Opens `file.duckdb#schema.table`.
pub struct DuckDbConnector {
    library: PathBuf,
    /// The connections, by their files.
    sessions: Mutex<BTreeMap<String, Arc<Mutex<DuckDbSession>>>>,
}

impl DuckDbConnector {
    /// Returns a connector that loads this library, or else the one that the system finds by its usual name.
    #[must_use]
    pub fn new(library: Option<PathBuf>) -> Self {
        Self { library: library.unwrap_or_else(|| LIBRARY.into()), sessions: Mutex::default() }
    }

    fn session(&self, file: &str) -> Result<Arc<Mutex<DuckDbSession>>, SessionError> {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = sessions.get(file) {
            return Ok(Arc::clone(session));
        }
        let session = Arc::new(Mutex::new(DuckDbSession::open(&self.library, file)?));
        sessions.insert(file.to_owned(), Arc::clone(&session));
        Ok(session)
    }
}

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
        let Some((file, schema, name)) = parts(uri) else {
            return Err(unsupported("a table of DuckDB is named by file.duckdb#schema.table".to_owned()));
        };
        if name.contains('\0') || schema.contains('\0') {
            return Err(unsupported("a name has no NUL".to_owned()));
        }
        if !std::path::Path::new(file).exists() {
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
        let text = |cell: Option<&Cell>| cell.cloned().flatten().unwrap_or_default();
        let columns: Vec<_> = columns
            .iter()
            .map(|row| column(&text(row.first()), &text(row.get(1)), !collations.is_empty()))
            .collect();
        let relation =
            relation(&DuckDb, &format!("{}.{}", DuckDb.quoted(schema), DuckDb.quoted(name)), &columns);
        Ok(Table {
            uri: uri.to_owned(),
            schema: schema_of(&columns),
            relation,
            guards: guards(&columns),
            place: file.to_owned(),
            version: None,
            session,
        })
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

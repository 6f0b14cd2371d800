//! Statements for tables that nothing is connected to: another engine knows the schema, and nothing runs.

use std::sync::{Arc, Mutex};

use super::catalog::converted;
use crate::data::Dialect as TextDialect;
use crate::engine::Engine;
use crate::engine::sql::columns::{Column, Listed};
use crate::engine::sql::{Cell, Connector, Dialect, Session, SessionError, Spark, Table};
use crate::source::{At, Data, Format, SourceError, StorageOptions};

/// Opens data by an engine that reads its files, so that `karat plan` prints what Spark would be asked.
pub struct Unconnected {
    reader: Arc<dyn Engine>,
    dialect: &'static Spark,
}

impl Unconnected {
    /// Returns a connector for a dialect, to which an engine tells the schemas.
    #[must_use]
    pub fn new(reader: Arc<dyn Engine>, dialect: &'static Spark) -> Self {
        Self { reader, dialect }
    }
}

impl Connector for Unconnected {
    fn name(&self) -> String {
        self.dialect.name().to_lowercase()
    }

    fn dialect(&self) -> &'static dyn Dialect {
        self.dialect
    }

    fn format(&self) -> Format {
        Format::Spark
    }

    fn table(&self, uri: &str, at: At) -> Result<Table, SourceError> {
        let data = Data::Uri { uri: uri.to_owned(), at };
        let opened = self.reader.open(data, &StorageOptions::default(), &TextDialect::default())?;
        let (identity, schema) = (opened.identity(), opened.schema());
        let at = identity.version.map_or_else(String::new, |version| format!(" VERSION AS OF {version}"));
        let name = format!("{}.{}{at}", identity.format.name(), self.dialect.quoted(&identity.uri));
        let columns = schema.fields.iter().map(|field| Column {
            field: field.clone(),
            converted: converted(&field.name, &field.data_type),
            guard: None,
        });
        let listed = Listed {
            uri: identity.uri.clone(),
            name,
            columns: columns.collect(),
            place: String::new(),
            version: identity.version,
        };
        Ok(listed.table(self.dialect, Arc::new(Mutex::new(Nothing))))
    }
}

/// The connection to nothing.
struct Nothing;

impl Session for Nothing {
    fn rows(&mut self, _: &str, _: &(dyn Fn() -> bool + Sync)) -> Result<Vec<Vec<Cell>>, SessionError> {
        Err(SessionError::Lost { message: "statements are only printed here".to_owned() })
    }
}

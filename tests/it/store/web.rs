//! Parquet and Delta on plain web servers.

use karat::data::Value;

use super::web_server::WebServer;
use super::{assert_passes, bytes_read, error, many, orders, parquet_bytes, run_with};
use crate::corpora::corpora;
use crate::support::only;

const ROWS: &str = "{suite: rows, table: [row_count: {min: 0}]}";
const IDS: &str = "{suite: s, columns: {id: [not_null]}}";

fn run(uri: &str, suite: &str) -> karat::Run {
    run_with(suite, uri, super::s3::options(&[("max_retries", "0")]))
}

#[test]
fn a_file_is_read_with_and_without_ranges() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = parquet_bytes(many());
    std::fs::write(folder.path().join("many rows.parquet"), &bytes).unwrap();
    for (ranges, least, most) in
        [(true, 300_000, 450_000), (false, bytes.len() as u64, 2 * bytes.len() as u64)]
    {
        let server = WebServer::of(folder.path(), ranges);
        let run = run(&server.uri("many%20rows.parquet?token=hidden"), IDS);
        assert_passes(&run);
        let read = bytes_read(&run);
        assert!((least..=most).contains(&read), "{read}");
        // Only the server sees the token, and it sees it always.
        assert_eq!(run.suites[0].uri, Some(server.uri("many%20rows.parquet")));
        assert!(server.asked.lock().unwrap().iter().all(|line| line.contains("?token=hidden")));
    }
}

#[test]
fn user_and_password_are_told_to_the_server_and_to_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("x.parquet"), parquet_bytes(orders())).unwrap();
    let server = WebServer::of(folder.path(), true);
    let run = run(&server.uri("x.parquet").replace("http://", "http://me:p%40ss@"), IDS);
    assert_passes(&run);
    assert_eq!(run.suites[0].uri, Some(server.uri("x.parquet")));
    // `me:p@ss`
    let asked = server.asked.lock().unwrap();
    assert!(asked.iter().all(|line| line.ends_with("Basic bWU6cEBzcw==")), "{asked:?}");
}

#[test]
fn what_is_not_there_is_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("orders.parquet"), parquet_bytes(orders())).unwrap();
    let server = WebServer::of(folder.path(), true);
    let uri = server.uri("none.parquet");
    assert_eq!(error(&run(&uri, IDS)), format!("nothing lies at {uri}"));
    let uri = server.uri("none");
    assert_eq!(error(&run(&uri, IDS)), format!("nothing lies at {uri}"));
    let uri = server.uri("folder/");
    assert!(error(&run(&uri, IDS)).contains("a web server does not list its files"));
}

#[test]
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
fn a_table_is_read_though_nothing_is_listed() {
    let folder = corpora("delta/delta-rs");
    let server = WebServer::of(&folder, true);
    for (table, rows) in [
        ("simple_table_with_checkpoint", 11),
        ("simple_table_with_checkpoint@v3", 4),
        ("table-with-dv-small", 8),
        ("delta-0.8.0-special-partition", 2),
    ] {
        let run = run(&server.uri(table), ROWS);
        assert_eq!(run.suites[0].error, None, "{table}");
        assert_eq!(only(&run).observed, Value::Integer(rows), "{table}");
    }
    let uri = server.uri("simple_table@v99");
    assert!(error(&run(&uri, ROWS)).contains("there is no version 99; the newest is 4"));
}

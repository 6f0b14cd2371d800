//! Stores that fail, and connections that break.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::{Duration, Instant};

use karat::CheckOptions;

use super::proxy::Proxy;
use super::s3::{S3, options_at};
use super::{assert_passes, error, many, orders, parquet_bytes, run, run_with};

const MANY: &str = "{suite: s, columns: {id: [not_null]}, table: [row_count: {equal: 40000}]}";

fn cut(cuts: i64, after: usize) -> (karat::Run, Proxy) {
    let server = S3::new();
    server.put("many.parquet", &parquet_bytes(many()));
    let proxy = Proxy::to(server.address(), cuts, after);
    (run_with(MANY, "s3://lake/many.parquet", options_at(proxy.address)), proxy)
}

#[test]
fn a_connection_that_is_cut_in_the_middle_of_a_read_is_taken_up_again() {
    let (run, proxy) = cut(1, 150_000);
    assert_passes(&run);
    assert!(proxy.has_cut_all());
}

#[test]
fn a_connection_that_is_always_cut_is_an_error_in_time() {
    let start = Instant::now();
    let (run, _proxy) = cut(i64::MAX, 1_000);
    let message = error(&run);
    assert!(message.starts_with("cannot read s3://lake/many.parquet: the connection was cut"), "{message}");
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[test]
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
fn a_log_that_cannot_be_fetched_says_nothing_of_versions() {
    let folder = crate::corpora::corpora("delta");
    let server = S3::of(folder);
    for version in ["", "@v3"] {
        let proxy = Proxy::to(server.address(), i64::MAX, 2_500);
        let uri = format!("s3://delta-rs/simple_table_with_checkpoint{version}");
        let message = error(&run_with(MANY, uri, options_at(proxy.address)));
        let expected = "cannot read s3://delta-rs/simple_table_with_checkpoint: the connection was cut";
        assert!(message.starts_with(expected), "{message}");
    }
}

#[test]
fn a_server_that_is_not_there_is_an_error_in_time() {
    let nobody: SocketAddr = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let message = error(&run_with(MANY, "s3://lake/many.parquet", options_at(nobody)));
    assert!(
        message.starts_with("cannot read s3://lake/many.parquet: its server cannot be reached"),
        "{message}"
    );
}

#[test]
fn a_bucket_that_is_not_there_is_told() {
    let server = S3::new();
    for place in ["orders.parquet", "orders", "*.parquet"] {
        let message = error(&run(&server, MANY, &format!("s3://nobody/{place}")));
        assert!(message.contains("there is no such bucket (NoSuchBucket"), "{message}");
        assert!(message.contains(&format!("s3://nobody/{place}")), "{message}");
    }
}

#[test]
fn a_file_that_is_changed_during_the_run_is_no_wrong_count() {
    let server = Arc::new(S3::new());
    for (removed, how) in [(false, "was rewritten while"), (true, "was removed, perhaps by a vacuum, while")]
    {
        server.put("a/x.parquet", &parquet_bytes(many()));
        let suite = "{suite: s, columns: {id: [not_null]}, table: [row_count_same_as: 's3://lake/b']}";
        let other = server.clone();
        // Another dataset is opened after the judged one, and before its rows are read.
        server.put("b/x.parquet", &parquet_bytes(orders()));
        let options = CheckOptions {
            trust: karat::source::Trust::None,
            storage: server.options(),
            datasets: Arc::new(move |name| {
                let changed = other.path("a/x.parquet");
                if removed {
                    std::fs::remove_file(changed).unwrap();
                } else {
                    let mut bytes = std::fs::read(&changed).unwrap();
                    bytes[1_000] ^= 1;
                    std::fs::write(changed, bytes).unwrap();
                }
                karat::DataSource::from(name)
            }),
            ..CheckOptions::default()
        };
        let run = karat::check(&karat::Suite::from_yaml(suite).unwrap(), "s3://lake/a", &options);
        let message = error(&run);
        assert!(message.contains("s3://lake/a/x.parquet") && message.contains(how), "{message}");
    }
}

#[test]
fn what_was_fetched_goes_with_the_run() {
    let server = S3::new();
    server.put("many.parquet", &parquet_bytes(many()));
    let folder = tempfile::tempdir().unwrap();
    let spools = folder.path().join("tmp");
    std::fs::create_dir(&spools).unwrap();
    std::fs::write(folder.path().join("s.yml"), MANY).unwrap();
    let check = || {
        let command = server.karat().args(["check", "s.yml", "--data", "s3://lake/many.parquet"]);
        command.env("TMPDIR", &spools.display().to_string()).in_dir(folder.path()).run()
    };
    let ran = check();
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(std::fs::read_dir(&spools).unwrap().count(), 0);
    // And it lay there: where there is no such folder, nothing can be fetched.
    std::fs::remove_dir(&spools).unwrap();
    let ran = check();
    assert_eq!(ran.code, 3, "{ran}");
    assert!(ran.stdout.contains("cannot read [DIR]/tmp"), "{ran}");
}

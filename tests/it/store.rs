//! Data in object stores: a real S3 server on loopback that checks signatures, and a web server.

mod addresses;
mod azure;
mod begun;
mod credentials;
mod delta;
mod faults;
mod faulty;
mod google;
mod history;
mod parquet;
mod proxy;
mod publish;
mod recorder;
mod redirects;
mod requests;
mod room;
pub(crate) mod s3;
mod secrets;
#[cfg(unix)]
mod signals;
mod sink;
mod slips;
mod split;
mod text;
mod throttled;
mod tls;
mod web;
mod web_server;

use karat::source::StorageOptions;
use karat::source::Trust;
use karat::{CheckOptions, Data, Run, Suite, check};
use polars::prelude::*;

use s3::S3;

/// A suite that holds on [`orders`].
const HOLDS: &str = "{suite: s, columns: {id: [not_null, unique]}, table: [row_count: {equal: 3}]}";

/// Three rows.
fn orders() -> DataFrame {
    df!("id" => [1_i64, 2, 3], "status" => ["O", "F", "X"]).unwrap()
}

/// Rows that take more than one read to fetch: what one part of the columns holds, the other needs not.
fn many() -> DataFrame {
    let scattered = |seed: u64| {
        (0..40_000_u64).map(|i| (i + seed).wrapping_mul(0x9E37_79B9_7F4A_7C15)).collect::<Vec<_>>()
    };
    df!("id" => scattered(1), "other" => scattered(2)).unwrap()
}

fn parquet_bytes(mut frame: DataFrame) -> Vec<u8> {
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut frame).unwrap();
    bytes
}

fn run_with(suite: &str, data: impl Into<Data>, storage: StorageOptions) -> Run {
    check(
        &Suite::from_yaml(suite).unwrap(),
        data,
        &CheckOptions { storage, trust: Trust::None, ..CheckOptions::default() },
    )
}

/// A run on what lies in the bucket.
fn run(server: &S3, suite: &str, uri: &str) -> Run {
    run_with(suite, uri, server.options())
}

fn assert_passes(run: &Run) {
    assert_eq!(run.suites[0].error, None);
    assert!(run.passed(), "{:?}", run.suites[0].outcomes);
}

/// Why nothing of a suite could be judged.
fn error(run: &Run) -> String {
    assert_eq!(run.decision(), karat::gate::Decision::Unknown);
    run.suites[0].error.clone().unwrap().to_string()
}

/// The bytes that a run read.
fn bytes_read(run: &Run) -> u64 {
    run.suites[0].execution.as_ref().unwrap().1.bytes_read.unwrap()
}

/// Copies a folder.
pub(crate) fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            std::fs::write(to, std::fs::read(from).unwrap()).unwrap();
        }
    }
}

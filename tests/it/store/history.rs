//! Histories in Delta tables of object stores.

use std::collections::BTreeSet;

use ::karat::history::{History, Place};
use serde_json::Value as Json;

use super::{S3, orders, parquet_bytes};
use crate::cli::Project;

const PLACE: &str = "delta:s3://lake/kept/runs";

#[test]
fn a_history_is_kept_in_a_bucket() {
    let server = S3::new();
    server.put("orders.parquet", &parquet_bytes(orders()));
    let suite =
        "{suite: orders, data: 's3://lake/orders.parquet', columns: {id: [unique], status: [{in_set: [O]}]}}";
    let project = Project::new()
        .file("orders.yml", suite)
        .file("karat.yml", "history: {delta: 's3://lake/kept/runs'}\n");
    let none = server.karat().arg("history").in_dir(project.path()).run();
    assert!(none.code == 2 && none.stderr.contains("s3://lake/kept/runs has no runs"), "{none}");
    // All want to make the table, and to write the first version after that.
    let told: BTreeSet<String> = std::thread::scope(|scope| {
        let write = || {
            let writer = server.karat().args(["check", "orders.yml", "--format", "json"]);
            let ran = writer.in_dir(project.path()).command().output().unwrap();
            let report: Json = serde_json::from_slice(&ran.stdout).unwrap();
            assert_eq!(ran.status.code(), Some(1), "{}", String::from_utf8_lossy(&ran.stderr));
            report["run"]["id"].as_str().unwrap().to_owned()
        };
        let writers: Vec<_> = (0..4).map(|_| scope.spawn(write)).collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).collect()
    });
    let history = History::of(Place::Delta("s3://lake/kept/runs".to_owned()), &server.options());
    let kept: Vec<String> = history.runs().unwrap().runs.into_iter().map(|run| run.id).collect();
    assert_eq!(kept.len(), 4);
    assert!(told.iter().all(|id| kept.iter().any(|kept| kept.starts_with(id))), "{told:?} in {kept:?}");
    assert!(history.reports().unwrap().all(|report| report.is_ok()));

    let last = server.karat().args(["check", "orders.yml"]).in_dir(project.path()).run();
    assert!(last.stdout.contains("failing since "), "{last}");
    let pruned = server.karat().args(["history", "prune", "--keep", "1"]).in_dir(project.path()).run();
    assert_eq!(pruned.stdout, "4 files deleted, 1 run kept\n", "{pruned}");
    let listed = server.karat().args(["history", "--history", PLACE]).in_dir(project.path()).run();
    assert_eq!(listed.stdout.lines().count(), 1, "{listed}");
}

/// Nobody may write where nobody may; the verdict is told all the same.
#[test]
fn a_bucket_that_is_not_there_is_told() {
    let server = S3::new();
    server.put("orders.parquet", &parquet_bytes(orders()));
    let project = Project::new()
        .file("orders.yml", "{suite: orders, data: 's3://lake/orders.parquet', columns: {id: [unique]}}");
    let check = |place: &str| {
        server.karat().args(["check", "orders.yml", "-q", "--history", place]).in_dir(project.path()).run()
    };
    insta::assert_snapshot!(check("delta:s3://nowhere/runs"), @r"
    exit 3
    --- stdout
    orders  s3://lake/orders.parquet  3 rows in 1 file

    gate PASSED: 1 passed  (the gate stops on fail and error; trust footer)  1 scan, [TIME]
    --- stderr
    error: the history s3://nowhere/runs cannot be read: cannot read s3://nowhere/runs: there is no such bucket (NoSuchBucket)
      help: a history is a folder or a Delta table of runs: karat explain history
    error: the run cannot be kept in the history s3://nowhere/runs: cannot read s3://nowhere/runs: there is no such bucket (NoSuchBucket)
      help: a history is a folder or a Delta table of runs: karat explain history
    ");
    let web = check("delta:https://127.0.0.1:1/runs");
    assert!(web.code == 3 && web.stderr.contains("a web server is only read from"), "{web}");
}

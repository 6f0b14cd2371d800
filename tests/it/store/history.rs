//! Histories in Delta tables of object stores.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::{S3, orders, parquet_bytes};
use crate::cli::{Karat, Project};

#[test]
fn a_history_is_kept_in_a_bucket() {
    let server = S3::new();
    server.put("orders.parquet", &parquet_bytes(orders()));
    is_kept("s3", || server.karat());
    // Of all who wanted to make the table, one has.
    let log = std::fs::read_dir(server.path("kept/runs/_delta_log")).unwrap();
    let commits = log.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap_or_default());
    assert_eq!(commits.filter(|commit| commit.contains("\"metaData\"")).count(), 1);
}

/// Keeps the history of `orders.parquet` beside it, in the bucket or container `lake`: several begin it at once, and it is read,
/// followed and pruned.
pub(super) fn is_kept(scheme: &str, karat: impl Fn() -> Karat + Sync) {
    let place = format!("{scheme}://lake/kept/runs");
    let suite = format!(
        "{{suite: orders, data: '{scheme}://lake/orders.parquet', columns: {{id: [unique], status: [{{in_set: [O]}}]}}}}"
    );
    let project = Project::new()
        .file("orders.yml", &suite)
        .file("karat.yml", &format!("history: {{delta: '{place}'}}\n"));
    let none = karat().arg("history").in_dir(project.path()).run();
    assert!(none.code == 2 && none.stderr.contains(&format!("{place} has no runs")), "{none}");
    // All want to make the table, and to write the first version after that.
    let told: BTreeSet<String> = std::thread::scope(|scope| {
        let write = || {
            let writer = karat().args(["check", "orders.yml", "--format", "json"]);
            let ran = writer.in_dir(project.path()).command().output().unwrap();
            let report: Json = serde_json::from_slice(&ran.stdout).unwrap();
            assert_eq!(ran.status.code(), Some(1), "{}", String::from_utf8_lossy(&ran.stderr));
            report["run"]["id"].as_str().unwrap().to_owned()
        };
        let writers: Vec<_> = (0..4).map(|_| scope.spawn(write)).collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).collect()
    });
    let listed = karat().arg("history").in_dir(project.path()).command().output().unwrap();
    let kept = String::from_utf8(listed.stdout).unwrap();
    assert_eq!(kept.lines().count(), 4, "{kept}");
    assert!(told.iter().all(|id| kept.contains(id)), "{told:?} in {kept}");
    // Their reports are read, too.
    let site = karat().args(["docs", "build", "--output", "site"]).in_dir(project.path()).run();
    assert!(site.code == 0 && site.stdout.contains(": 4 runs, "), "{site}");

    let last = karat().args(["check", "orders.yml"]).in_dir(project.path()).run();
    assert!(last.stdout.contains("failing since "), "{last}");
    let pruned = karat().args(["history", "prune", "--keep", "1"]).in_dir(project.path()).run();
    assert_eq!(pruned.stdout, "4 files deleted, 1 run kept\n", "{pruned}");
    let listed =
        karat().args(["history", "--history", &format!("delta:{place}")]).in_dir(project.path()).run();
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

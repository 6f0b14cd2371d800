//! The Delta table of a history, read and changed by the deltalake package of Python.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value as Json, json};

use super::{SUITE, TABLE, history_in, orders, project, report_in, run_in};

/// What the script prints of a table.
fn python(task: &str, table: &Path) -> Json {
    let beside =
        std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache/karat-venv/bin/python"));
    let python = std::env::var_os("KARAT_DUCKDB_PYTHON").map(PathBuf::from).or(beside).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/history/read_back.py");
    let output = Command::new(python).args([script, task]).arg(table).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
#[cfg_attr(
    not(deltalake),
    ignore = "there is no deltalake; KARAT_DUCKDB_PYTHON names a Python that has it, beside DuckDB"
)]
fn the_table_is_read_back_by_another_reader() {
    let project = project(SUITE);
    let mut reports = Vec::new();
    for day in 1..=3 {
        orders(&project, usize::from(day > 1));
        reports.push(report_in(TABLE, &project, day, &[]));
    }
    let read = python("read", &project.path().join("runs"));
    assert_eq!(read["version"], 3);
    let messages: Vec<String> = reports
        .iter()
        .rev()
        .map(|report| format!("karat: run {}", report["run"]["id"].as_str().unwrap()))
        .collect();
    assert_eq!(read["messages"], json!([messages[0], messages[1], messages[2], null]));
    let rows = read["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 9);
    let suites = reports.iter().map(|report| (&report["run"], &report["suites"][0]));
    let checks = suites.flat_map(|(run, suite)| {
        suite["checks"].as_array().unwrap().iter().map(move |check| (run, suite, check))
    });
    for (row, (run, suite, check)) in rows.iter().zip(checks) {
        let since = &check["past"]["since"];
        let expected = json!({
            "history_version": 1,
            "run_id": run["id"],
            "started_at": run["started_at"],
            "elapsed_ms": run["elapsed_ms"],
            "karat_version": run["karat_version"],
            "suite": suite["name"],
            "suite_digest": suite["digest"],
            "gate": suite["gate"]["verdict"],
            "gate_reason": suite["gate"]["reason"],
            "uri": suite["snapshot"]["uri"],
            "table_rows": suite["snapshot"]["rows"],
            "check_id": check["id"],
            "expectation": check["expectation"],
            "columns": check["columns"],
            "severity": check["severity"],
            "verdict": check["verdict"],
            "considered": check["counts"]["considered"],
            "failing": check["counts"]["failing"],
            "sentence": check["sentence"],
            "summary": check["summary"],
            "fingerprint": check["fingerprint"],
            "since_runs": since["runs"],
            "verdicts": check["past"]["verdicts"],
        });
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(&row[name], value, "{name} of {row}");
        }
        let whole: Json = serde_json::from_str(row["check_report"].as_str().unwrap()).unwrap();
        assert_eq!(&whole, check);
    }
}

/// What others do to the table does not hurt: they compact it, and delete rows.
#[test]
#[cfg_attr(
    not(deltalake),
    ignore = "there is no deltalake; KARAT_DUCKDB_PYTHON names a Python that has it, beside DuckDB"
)]
fn a_table_that_others_change_is_still_a_history() {
    let project = project(SUITE);
    for day in 1..=4 {
        orders(&project, usize::from(day > 2));
        run_in(TABLE, &project, day, &[]);
    }
    let before = history_in(TABLE, &project, &[]);
    let table = project.path().join("runs");
    python("compact", &table);
    assert_eq!(std::fs::read_dir(table.join("_delta_log")).unwrap().count(), 6);
    assert_eq!(history_in(TABLE, &project, &[]).stdout, before.stdout);
    // Runs after that know those before, and ids that are taken are known too.
    let later = report_in(TABLE, &project, 5, &[]);
    assert_eq!(later["suites"][0]["checks"][2]["past"]["verdicts"], "ppfff", "{later}");
    assert_eq!(run_in(TABLE, &project, 4, &[]).code, 1);
    let ids: Vec<String> =
        super::opened(TABLE, &project).runs().unwrap().runs.into_iter().map(|run| run.id).collect();
    assert!(ids.len() == 6 && ids[1].ends_with("-2") && ids[1].starts_with(&ids[2]), "{ids:?}");
    let pruned = history_in(TABLE, &project, &["prune", "--keep", "3"]);
    assert_eq!(pruned.code, 3, "{pruned}");
    assert!(pruned.stderr.contains("somebody has compacted it: delete their rows by SQL"), "{pruned}");
    python("delete", &table);
    let listed = history_in(TABLE, &project, &[]);
    assert_eq!((listed.stdout.lines().count(), listed.stderr.as_str()), (4, ""), "{listed}");
    // What a later karat writes is named and skipped.
    python("later", &table);
    let listed = history_in(TABLE, &project, &[]);
    assert_eq!(listed.stdout.lines().count(), 4, "{listed}");
    insta::assert_snapshot!(listed.stderr, @"note: runs: [RUN] is no run: a later karat wrote it, as version 2");
}

//! Runs that are killed in the middle: the table is as it was or as it is to be, and the next run ends right.

use std::process::Stdio;
use std::time::{Duration, Instant};

use polars::prelude::*;
use serde_json::Value as Json;

use super::lake::{Lake, read_by_python};
use crate::cli::karat;

const SUITE: &str = "{suite: s, data: orders, columns: {id: [unique, not_null]}}";

fn rows(ids: std::ops::Range<i64>) -> DataFrame {
    let status: Vec<String> = ids.clone().map(|id| format!("status {id}")).collect();
    df!("id" => ids.collect::<Vec<_>>(), "status" => status).unwrap()
}

/// How often runs are killed: `KARAT_KILLS=100` kills a hundred.
fn rounds() -> u64 {
    std::env::var("KARAT_KILLS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(6)
}

#[test]
#[cfg_attr(
    not(deltalake),
    ignore = "there is no deltalake; KARAT_DUCKDB_PYTHON names a Python that has it, beside DuckDB"
)]
fn a_killed_publisher_leaves_the_old_table_or_the_new_one() {
    const STEP: i64 = 2_000;
    let lake = Lake::new();
    lake.text("s.yml", SUITE);
    let mut rows_there = 0;
    let publish = |batch: &str| {
        let arguments = ["check", "s.yml", "--staged", batch, "--publish", "-q"];
        let mut command = karat().args(arguments).in_dir(lake.folder()).command();
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let batch = |number: i64| {
        let name = format!("b{number}");
        let first = number * STEP;
        lake.parquet(&format!("{name}/a.parquet"), &rows(first..first + STEP / 2));
        lake.parquet(&format!("{name}/b.parquet"), &rows(first + STEP / 2..first + STEP));
        name
    };
    // How long a whole run takes.
    let start = Instant::now();
    assert!(publish(&batch(0)).status().unwrap().success());
    let whole = start.elapsed();
    rows_there += STEP;
    let (mut old, mut new) = (0, 0);
    for round in 1..=rounds() {
        let name = batch(round as i64);
        // Moments all over a run, in an order without order, more of them late.
        let part = (round.wrapping_mul(2_654_435_769) >> 8 & 0xff_ffff) as f64 / f64::from(1 << 24);
        let mut run = publish(&name).spawn().unwrap();
        std::thread::sleep(whole.mul_f64(part.sqrt() * 1.05) + Duration::from_millis(1));
        let _ = run.kill();
        run.wait().unwrap();
        let read = read_by_python(&lake.uri("orders"), None);
        let found = read["rows"].as_array().unwrap().len() as i64;
        assert!(found == rows_there || found == rows_there + STEP, "{found} rows after {rows_there}");
        if found == rows_there {
            old += 1;
        } else {
            new += 1;
        }
        // Who comes next ends right: nothing is lost, nothing is twice.
        assert!(publish(&name).status().unwrap().success());
        rows_there += STEP;
        let read = read_by_python(&lake.uri("orders"), None);
        let rows = read["rows"].as_array().unwrap();
        assert_eq!(rows.len() as i64, rows_there);
        let is_numbered = |(id, row): (usize, &Json)| row[0].as_u64() == Some(id as u64);
        assert!(rows.iter().enumerate().all(is_numbered));
        assert_eq!(lake.version("orders"), round);
    }
    println!("killed {} times: {old} at the old version, {new} at the new one", old + new);
}

/// The same of a table that begins with what is published.
#[test]
fn a_killed_publisher_leaves_no_table_or_a_whole_one() {
    let lake = Lake::new();
    lake.parquet("b/a.parquet", &rows(0..20_000));
    let mut whole = Duration::ZERO;
    for round in 0..=rounds() {
        let table = format!("orders{round}");
        lake.text("s.yml", &SUITE.replace("orders", &table));
        let publish = || {
            let arguments = ["check", "s.yml", "--staged", "b", "--publish", "-q"];
            let mut command = karat().args(arguments).in_dir(lake.folder()).command();
            command.stdout(Stdio::null()).stderr(Stdio::null());
            command
        };
        if round > 0 {
            let part = (round.wrapping_mul(2_654_435_769) >> 8 & 0xff_ffff) as f64 / f64::from(1 << 24);
            let mut run = publish().spawn().unwrap();
            std::thread::sleep(whole.mul_f64(part.sqrt() * 1.05));
            let _ = run.kill();
            run.wait().unwrap();
        }
        let start = Instant::now();
        assert!(publish().status().unwrap().success(), "after {round}");
        whole = start.elapsed();
        assert_eq!(lake.version(&table), 0);
        let suite = "{suite: s, columns: {id: [unique]}, table: [row_count: {equal: 20000}]}";
        crate::support::assert_all_pass(&crate::support::judge(suite, lake.uri(&table)));
    }
}

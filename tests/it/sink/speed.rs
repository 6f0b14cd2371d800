//! How long it takes to write TPC-H's lineitem, and how much memory: with `cargo test --release`, beside nothing else.

use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::array::{
    ArrayRef, Date32Array, Float64Array, Int32Array, Int64Array, RecordBatch, StringViewArray,
};
use karat::sink::Sink;
use tempfile::TempDir;
use tpchgen::generators::{LineItem, LineItemGenerator};

use super::{append, at, batch, provenance};

fn rows(lines: &[LineItem<'_>]) -> RecordBatch {
    let numbers = |of: fn(&LineItem<'_>) -> i64| Arc::new(Int64Array::from_iter_values(lines.iter().map(of)));
    let doubles =
        |of: fn(&LineItem<'_>) -> f64| Arc::new(Float64Array::from_iter_values(lines.iter().map(of)));
    let days = |of: fn(&LineItem<'_>) -> i32| Arc::new(Date32Array::from_iter_values(lines.iter().map(of)));
    let texts = |of: for<'l> fn(&'l LineItem<'_>) -> &'l str| {
        Arc::new(StringViewArray::from_iter_values(lines.iter().map(of)))
    };
    let line = Int32Array::from_iter_values(lines.iter().map(|line| line.l_linenumber));
    batch([
        ("order_id", numbers(|line| line.l_orderkey) as ArrayRef),
        ("part_id", numbers(|line| line.l_partkey)),
        ("supplier_id", numbers(|line| line.l_suppkey)),
        ("line_number", Arc::new(line)),
        ("quantity", numbers(|line| line.l_quantity)),
        ("extended_price", doubles(|line| line.l_extendedprice.as_f64())),
        ("discount", doubles(|line| line.l_discount.as_f64())),
        ("tax", doubles(|line| line.l_tax.as_f64())),
        ("return_flag", texts(|line| line.l_returnflag)),
        ("line_status", texts(|line| line.l_linestatus)),
        ("ship_date", days(|line| line.l_shipdate.to_unix_epoch())),
        ("commit_date", days(|line| line.l_commitdate.to_unix_epoch())),
        ("receipt_date", days(|line| line.l_receiptdate.to_unix_epoch())),
        ("ship_instructions", texts(|line| line.l_shipinstruct)),
        ("ship_mode", texts(|line| line.l_shipmode)),
        ("comment", texts(|line| line.l_comment)),
    ])
}

/// The memory of this process at its peak, in MiB, where the system tells.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default() >> 10
}

#[test]
#[ignore = "measures: cargo test --release --test it sink::speed -- --ignored --nocapture"]
fn lineitem() {
    let scale: f64 =
        std::env::var("KARAT_BENCH_SCALE").ok().and_then(|scale| scale.parse().ok()).unwrap_or(1.0);
    for name in ["lineitem", "lineitem.parquet", "lineitem", "lineitem.parquet"] {
        let folder = TempDir::new().unwrap();
        let generator = LineItemGenerator::new(scale, 1, 1);
        let mut lines = generator.iter();
        let (mut spent, before) = (Duration::ZERO, peak());
        let mut sink: Option<Sink> = None;
        loop {
            let some: Vec<LineItem<'_>> = lines.by_ref().take(100_000).collect();
            if some.is_empty() {
                break;
            }
            let rows = rows(&some);
            let start = Instant::now();
            let to = at(&folder.path().join(name));
            let sink = sink.get_or_insert_with(|| Sink::open(&to, rows.schema(), &append()).unwrap());
            sink.write(&rows).unwrap();
            spent += start.elapsed();
        }
        let start = Instant::now();
        let done = sink.unwrap().finish().unwrap().commit(&provenance(1)).unwrap();
        spent += start.elapsed();
        eprintln!(
            "{name}: {} rows, {} MiB in {} files, {:.2} s; peak of memory {before} MiB before, {} MiB after",
            done.rows,
            done.bytes >> 20,
            done.files,
            spent.as_secs_f64(),
            peak()
        );
    }
}

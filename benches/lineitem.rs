//! 40 mixed checks on TPC-H's lineitem, beside one hand-written Polars query with the same
//! expressions: what karat adds to the engine it stands on.
//!
//! `cargo bench --bench lineitem`; `KARAT_BENCH_SCALE` sets TPC-H's scale factor (1: 6 million
//! rows). The table is generated once, into the target directory.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a bench stops where it cannot measure")]

mod table;

use criterion::{Criterion, criterion_group, criterion_main};
use karat::{CheckOptions, Suite, check};
use polars::prelude::*;

use crate::table::{scale, table};

const SUITE: &str = include_str!("lineitem.yml");

/// What the suite's 40 checks need to know, as somebody who knows Polars would ask for it.
fn hand_written(folder: &std::path::Path) -> Vec<DataFrame> {
    let path = PlRefPath::try_from_path(&folder.join("*.parquet")).unwrap();
    let table = LazyFrame::scan_parquet(path, ScanArgsParquet::default()).unwrap();
    let fails = |holds: Expr, name: &str| holds.not().sum().alias(name);
    let day = |text: &str| lit(text).str().to_date(StrptimeOptions::default());
    let in_set = |column: &str, values: &[&str]| {
        col(column).is_in(lit(Series::new("".into(), values)).implode(true), false)
    };
    let mut scalars: Vec<Expr> = vec![len().alias("rows")];
    let nullable = [
        "order_id",
        "part_id",
        "supplier_id",
        "line_number",
        "quantity",
        "extended_price",
        "ship_date",
        "ship_mode",
    ];
    scalars.extend(nullable.map(|name| col(name).null_count().alias(format!("{name} nulls"))));
    scalars.extend([
        fails(col("line_number").is_between(lit(1), lit(7), ClosedInterval::Both), "line_number"),
        fails(col("quantity").is_between(lit(1), lit(50), ClosedInterval::Both), "quantity"),
        fails(col("extended_price").is_between(lit(900.0), lit(105_000.0), ClosedInterval::Both), "price"),
        fails(col("discount").is_between(lit(0.0), lit(0.1), ClosedInterval::Both), "discount"),
        fails(col("tax").is_between(lit(0.0), lit(0.08), ClosedInterval::Both), "tax"),
        fails(
            col("ship_date").is_between(day("1992-01-01"), day("1998-12-31"), ClosedInterval::Both),
            "shipped",
        ),
        fails(col("order_id").gt(lit(0)), "order_id"),
        fails(in_set("return_flag", &["A", "N", "R"]), "flag"),
        fails(in_set("line_status", &["F", "O"]), "status"),
        fails(in_set("ship_mode", &["AIR", "FOB", "MAIL", "RAIL", "REG AIR", "SHIP", "TRUCK"]), "mode"),
        fails(
            in_set("ship_instructions", &["COLLECT COD", "DELIVER IN PERSON", "NONE", "TAKE BACK RETURN"]),
            "instructions",
        ),
        in_set("ship_mode", &["N/A", "TBD"]).sum().alias("not mode"),
        fails(col("comment").str().contains(lit("^[ -~]+$"), true), "comment"),
        col("comment").str().contains(lit("<script"), true).sum().alias("script"),
        fails(
            col("comment").str().len_chars().is_between(lit(10), lit(43), ClosedInterval::Both),
            "comment length",
        ),
        fails(col("return_flag").str().len_chars().eq(lit(1)), "flag length"),
        fails(col("receipt_date").gt(col("ship_date")), "received"),
        fails(col("extended_price").gt_eq(lit(900) * col("quantity")), "plausible"),
        fails(col("line_status").eq(lit("F")).or(col("ship_date").gt(day("1995-06-17"))), "finished"),
        fails(col("discount").lt_eq(lit(0.1)).and(col("tax").lt_eq(lit(0.08))), "rates"),
        col("extended_price").min().alias("min"),
        col("extended_price").max().alias("max"),
        col("extended_price").mean().alias("mean"),
        col("extended_price").std(1).alias("std"),
        col("quantity").cast(DataType::Int128).sum().alias("sum"),
        col("quantity").mean().alias("mean quantity"),
        col("ship_date").max().alias("newest"),
        col("discount").median().alias("median"),
    ]);
    let groups = |keys: &[&str]| {
        table.clone().group_by(keys.iter().map(|key| col(*key)).collect::<Vec<_>>()).agg([len().alias("n")])
    };
    let queries = [
        table.clone().select(scalars),
        groups(&["ship_mode"]).select([len()]),
        groups(&["return_flag"]).select([col("return_flag").implode(true)]),
        groups(&["line_status"]).select([len()]),
        groups(&["order_id", "line_number"]).select([col("n").filter(col("n").gt(lit(1))).sum()]),
    ];
    let plans = queries.into_iter().map(|query| query.logical_plan).collect();
    LazyFrame::collect_all_with_engine(plans, Engine::Streaming, OptFlags::default()).unwrap()
}

fn lineitem(criterion: &mut Criterion) {
    let (folder, _) = table(scale(1.0));
    let uri = folder.display().to_string();
    let run = check(&Suite::from_yaml(SUITE).unwrap(), uri.as_str(), &CheckOptions::default());
    let execution = &run.suites[0].execution.as_ref().unwrap().1;
    assert!(run.passed(), "{:?}", run.suites[0].gate);
    assert_eq!((run.suites[0].outcomes.len(), execution.scans), (40, 1));
    let mut group = criterion.benchmark_group("lineitem, 40 checks");
    group.sample_size(10);
    group.bench_function("hand-written polars", |bencher| bencher.iter(|| hand_written(&folder)));
    group.bench_function("karat", |bencher| {
        bencher.iter(|| check(&Suite::from_yaml(SUITE).unwrap(), uri.as_str(), &CheckOptions::default()));
    });
    group.finish();
}

criterion_group!(benches, lineitem);
criterion_main!(benches);

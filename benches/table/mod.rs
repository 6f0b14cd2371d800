//! TPC-H's lineitem as Parquet files of a million rows, made once, into the target directory.

use std::path::PathBuf;

use polars::prelude::*;
use tpchgen::generators::LineItemGenerator;

/// TPC-H's scale factor: 1 is 6 million rows.
pub(crate) fn scale(usually: f64) -> f64 {
    std::env::var("KARAT_BENCH_SCALE").ok().and_then(|scale| scale.parse().ok()).unwrap_or(usually)
}

/// The folder of the table, and the names of its files.
pub(crate) fn table(scale: f64) -> (PathBuf, Vec<String>) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("lineitem-{scale}"));
    let parts = (1..).take_while(|part| f64::from(*part) <= (6.0 * scale).max(6.0)).count();
    let parts = i32::try_from(parts).unwrap();
    let names = (1..=parts).map(|part| format!("part-{part}.parquet")).collect();
    if folder.join("done").exists() {
        return (folder, names);
    }
    std::fs::create_dir_all(&folder).unwrap();
    for part in 1..=parts {
        let mut frame = part_of(scale, part, parts);
        let file = std::fs::File::create(folder.join(format!("part-{part}.parquet"))).unwrap();
        ParquetWriter::new(file).with_compression(ParquetCompression::Snappy).finish(&mut frame).unwrap();
    }
    std::fs::write(folder.join("done"), "").unwrap();
    (folder, names)
}

fn part_of(scale: f64, part: i32, parts: i32) -> DataFrame {
    let rows: Vec<_> = LineItemGenerator::new(scale, part, parts).iter().collect();
    macro_rules! column {
        ($name:literal, $value:expr) => {
            Series::new($name.into(), rows.iter().map($value).collect::<Vec<_>>())
        };
    }
    let date = |name: &str, days: Vec<i32>| Series::new(name.into(), days).cast(&DataType::Date).unwrap();
    let columns = [
        column!("order_id", |row| row.l_orderkey),
        column!("part_id", |row| row.l_partkey),
        column!("supplier_id", |row| row.l_suppkey),
        column!("line_number", |row| row.l_linenumber),
        column!("quantity", |row| row.l_quantity),
        column!("extended_price", |row| row.l_extendedprice.as_f64()),
        column!("discount", |row| row.l_discount.as_f64()),
        column!("tax", |row| row.l_tax.as_f64()),
        column!("return_flag", |row| row.l_returnflag),
        column!("line_status", |row| row.l_linestatus),
        date("ship_date", rows.iter().map(|row| row.l_shipdate.to_unix_epoch()).collect()),
        date("commit_date", rows.iter().map(|row| row.l_commitdate.to_unix_epoch()).collect()),
        date("receipt_date", rows.iter().map(|row| row.l_receiptdate.to_unix_epoch()).collect()),
        column!("ship_instructions", |row| row.l_shipinstruct),
        column!("ship_mode", |row| row.l_shipmode),
        column!("comment", |row| row.l_comment),
    ];
    DataFrame::new_infer_height(columns.into_iter().map(Column::from).collect()).unwrap()
}

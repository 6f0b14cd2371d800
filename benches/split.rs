//! `split` of TPC-H's lineitem by 20 checks of rows, beside reading and writing the same table with Polars, in turns.
//!
//! `cargo bench --bench split`; `KARAT_BENCH_SCALE` sets TPC-H's scale factor (1: 6 million rows), `KARAT_BENCH_RUNS` how often each is
//! run, `KARAT_BENCH_MEMORY` the memory of karat in MB. Each run writes to a folder of its own, which is removed afterwards.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a bench stops where it cannot measure, and runs the engine itself"
)]

mod table;

use std::path::Path;
use std::time::{Duration, Instant};

use karat::sink::{Destination, WriteOptions};
use karat::split::Destinations;
use karat::{CheckOptions, SplitOptions, StorageOptions, Suite, split};
use polars::prelude::*;

use crate::table::{scale, table};

const SUITE: &str = include_str!("split.yml");

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Reads all files and writes them to one.
fn polars(folder: &Path, to: &Path) {
    let path = PlRefPath::try_from_path(&folder.join("*.parquet")).unwrap();
    let table = LazyFrame::scan_parquet(path, ScanArgsParquet::default()).unwrap();
    let target = SinkTarget::Path(PlRefPath::try_from_path(&to.join("all.parquet")).unwrap());
    // As karat compresses; Polars' own default takes longer.
    let compression =
        ParquetCompression::Zstd(Some(polars_utils::compression::ZstdLevel::try_new(1).unwrap()));
    let options = ParquetWriteOptions { compression, ..ParquetWriteOptions::default() };
    let format = FileWriteFormat::Parquet(options.into());
    let sink = table.sink(SinkDestination::File { target }, format, UnifiedSinkArgs::default()).unwrap();
    sink.collect_with_engine(Engine::Streaming).unwrap();
}

/// Splits the table into two Delta tables, and returns the number of rows of both.
fn karat(folder: &Path, to: &Path) -> [u64; 2] {
    let place = |name: &str| {
        std::fs::create_dir_all(to).unwrap();
        Destination::new(to.join(name).display().to_string(), StorageOptions::default())
    };
    let memory = number("KARAT_BENCH_MEMORY").map(|megabytes| megabytes * 1_000_000);
    let options =
        SplitOptions { check: CheckOptions { memory, ..CheckOptions::default() }, ..SplitOptions::default() };
    let suite = Suite::from_yaml(SUITE).unwrap();
    assert_eq!(suite.checks.len(), 20);
    let mut divided = split(&suite, folder.display().to_string(), &options).unwrap();
    let to = Destinations {
        valid: place("valid"),
        quarantine: place("quarantine"),
        options: WriteOptions::default(),
    };
    divided.write(&to).unwrap();
    let rows = divided.run.suites[0].snapshot.as_ref().unwrap().rows.unwrap();
    [rows - divided.quarantined(), divided.quarantined()]
}

fn timed<T>(work: impl FnOnce(&Path) -> T) -> (Duration, T) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let begun = Instant::now();
    let found = work(folder.path());
    (begun.elapsed(), found)
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64()
}

fn main() {
    let (folder, _) = table(scale(1.0));
    let runs = number("KARAT_BENCH_RUNS").unwrap_or(5);
    let (mut of_polars, mut of_karat, mut rows) = (Vec::new(), Vec::new(), [0, 0]);
    for _ in 0..runs {
        of_polars.push(timed(|to| polars(&folder, to)).0);
        let (time, found) = timed(|to| karat(&folder, to));
        of_karat.push(time);
        rows = found;
    }
    let (polars, karat) = (median(of_polars), median(of_karat));
    let [valid, quarantined] = rows;
    println!("{valid} rows are valid, {quarantined} are not; medians of {runs} runs in turns");
    println!("polars reads and writes  {polars:6.2} s");
    println!("karat splits             {karat:6.2} s, {:.2} times as long", karat / polars);
}

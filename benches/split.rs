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
use polars_utils::compression::ZstdLevel;

use crate::table::{scale, table};

const SUITE: &str = include_str!("split.yml");

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Reads all files and writes them to one.
fn polars(folder: &Path, to: &Path, compression: ParquetCompression) {
    let path = PlRefPath::try_from_path(&folder.join("*.parquet")).unwrap();
    let table = LazyFrame::scan_parquet(path, ScanArgsParquet::default()).unwrap();
    let target = SinkTarget::Path(PlRefPath::try_from_path(&to.join("all.parquet")).unwrap());
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

/// What became of one run: its time, and the bytes that it wrote.
struct Run {
    time: Duration,
    bytes: u64,
}

fn timed(work: impl FnOnce(&Path)) -> Run {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let begun = Instant::now();
    work(folder.path());
    Run { time: begun.elapsed(), bytes: size(folder.path()) }
}

fn size(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries.map(|it| if it.path().is_dir() { size(&it.path()) } else { it.metadata().unwrap().len() }).sum()
}

/// Prints the median of runs, and returns it in seconds.
fn told(name: &str, mut runs: Vec<Run>) -> f64 {
    runs.sort_unstable_by_key(|run| run.time);
    let Run { time, bytes } = &runs[runs.len() / 2];
    println!("{name:<36} {:6.2} s, {} MB", time.as_secs_f64(), bytes / 1_000_000);
    time.as_secs_f64()
}

fn main() {
    let (folder, _) = table(scale(1.0));
    let runs = number("KARAT_BENCH_RUNS").unwrap_or(5);
    // That of karat's files.
    let first = || ParquetCompression::Zstd(Some(ZstdLevel::try_new(1).unwrap()));
    let (mut own, mut same, mut splits, mut rows) = (Vec::new(), Vec::new(), Vec::new(), [0, 0]);
    for _ in 0..runs {
        own.push(timed(|to| polars(&folder, to, ParquetCompression::default())));
        splits.push(timed(|to| rows = karat(&folder, to)));
        same.push(timed(|to| polars(&folder, to, first())));
    }
    let [valid, quarantined] = rows;
    println!("{valid} rows are valid, {quarantined} are not; medians of {runs} runs in turns");
    let own = told("Polars reads and writes (zstd)", own);
    let same = told("Polars reads and writes (zstd 1)", same);
    let karat = told("karat splits (zstd 1)", splits);
    println!("karat takes {:.2} and {:.2} times as long", karat / own, karat / same);
}

//! How much memory the binary takes: lineitem at scale 10 (60 million rows, over 2 GB in Parquet), by
//! checks that need no grouping, by quantiles, and by checks that group.
//!
//! `cargo bench --bench memory`; `KARAT_BENCH_SCALE` sets TPC-H's scale factor. Linux only: the peak
//! is what the kernel says of the process (`VmHWM`), with the pages of files that it has mapped.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a bench stops where it cannot measure, and runs the binary as users do"
)]

mod table;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::table::{scale, table};

const SUITES: [(&str, &str); 3] = [
    ("no grouping", include_str!("memory/rows.yml")),
    ("a quantile", include_str!("memory/quantile.yml")),
    ("grouping", include_str!("memory/groups.yml")),
];

fn main() {
    let scale = scale(10.0);
    let (folder, names) = table(scale);
    let bytes: u64 = names.iter().map(|name| std::fs::metadata(folder.join(name)).unwrap().len()).sum();
    println!("lineitem at scale {scale}: {} files, {} MB", names.len(), bytes / 1_000_000);
    for (name, suite) in SUITES {
        let path = folder.join("suite.yml");
        std::fs::write(&path, suite).unwrap();
        let peak = measured(&path, &folder);
        println!(
            "{name:12}  {:6.1} s  peak {:5} MB, of it not of files {:5} MB",
            peak.elapsed.as_secs_f64(),
            peak.resident / 1000,
            peak.anonymous / 1000
        );
    }
}

/// The most that a run took, in kB.
#[derive(Default)]
struct Peak {
    resident: u64,
    anonymous: u64,
    elapsed: Duration,
}

fn measured(suite: &Path, data: &Path) -> Peak {
    let start = Instant::now();
    let mut karat = Command::new(env!("CARGO_BIN_EXE_karat"))
        .args([Path::new("check"), suite, Path::new("--data"), &data.join("*.parquet")])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut peak = Peak::default();
    let exit = loop {
        if let Ok(status) = std::fs::read_to_string(format!("/proc/{}/status", karat.id())) {
            peak.resident = peak.resident.max(kilobytes(&status, "VmHWM:"));
            peak.anonymous = peak.anonymous.max(kilobytes(&status, "RssAnon:"));
        }
        if let Some(exit) = karat.try_wait().unwrap() {
            break exit;
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    // Its verdict does not matter, but that it came to one.
    assert!(matches!(exit.code(), Some(0 | 1)), "{exit}");
    Peak { elapsed: start.elapsed(), ..peak }
}

fn kilobytes(status: &str, name: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.split_whitespace().next()).and_then(|number| number.parse().ok()).unwrap_or(0)
}

//! How much memory the binary takes: lineitem at scale 10 (60 million rows, over 2 GB in Parquet), by
//! suites of which each holds something else, with budgets and in cgroups, on one thread and on two.
//!
//! `cargo bench --bench memory`; `KARAT_BENCH_SCALE` sets TPC-H's scale factor, `KARAT_BENCH_KARAT` names another
//! binary. Linux only: the peak is what the kernel says of the process's own pages (`RssAnon`), every
//! 5 ms. Cgroups need the right to make one (version 1 or 2); where there is none, their runs are left out.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a bench stops where it cannot measure, and runs the binary as users do"
)]

mod table;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use polars::prelude::{IntoColumn as _, NamedFrom as _, ParquetWriter, Series};

use crate::table::{scale, table};

const SUITES: [(&str, &str); 6] = [
    ("rows", include_str!("memory/rows.yml")),
    ("one unique", include_str!("memory/unique.yml")),
    ("two uniques", include_str!("memory/uniques.yml")),
    ("distinct", include_str!("memory/distinct.yml")),
    ("median", include_str!("memory/median.yml")),
    ("foreign key", include_str!("memory/foreign_key.yml")),
];

/// What bounds a run.
#[derive(Clone, Copy)]
enum Bound {
    Nothing,
    /// `--memory`, in MB.
    Budget(u64),
    /// A cgroup, in MiB.
    Cgroup(u64),
}

const BOUNDS: [Bound; 6] = [
    Bound::Nothing,
    Bound::Budget(1_000),
    Bound::Budget(500),
    Bound::Budget(100),
    Bound::Cgroup(1_024),
    Bound::Cgroup(512),
];

fn main() {
    let scale = scale(10.0);
    let (folder, names) = table(scale);
    let bytes: u64 = names.iter().map(|name| std::fs::metadata(folder.join(name)).unwrap().len()).sum();
    write_parts(&folder.join("parts"), scale);
    println!("lineitem at scale {scale}: {} files, {} MB\n", names.len(), bytes / 1_000_000);
    println!("| suite | bound | threads | exit | seconds | peak, MB | of the bound |");
    println!("|---|---|--:|--:|--:|--:|--:|");
    for (name, suite) in SUITES {
        let path = folder.join("suite.yml");
        std::fs::write(&path, suite).unwrap();
        for bound in BOUNDS {
            for threads in [1, 2] {
                if let Some(peak) = measured(&path, &folder, bound, threads) {
                    peak.print(name, bound, threads);
                }
            }
        }
    }
}

/// The keys of the parts that the rows name, beside the table.
fn write_parts(folder: &Path, scale: f64) {
    let file = folder.join("part.parquet");
    if file.exists() {
        return;
    }
    std::fs::create_dir_all(folder).unwrap();
    let parts = (1..).take_while(|part| f64::from(*part) <= 200_000.0 * scale).map(i64::from);
    let mut frame = Series::new("part_id".into(), parts.collect::<Vec<_>>()).into_column().into_frame();
    ParquetWriter::new(std::fs::File::create(file).unwrap()).finish(&mut frame).unwrap();
}

/// What a run took.
struct Peak {
    exit: String,
    elapsed: Duration,
    /// In bytes.
    own: u64,
}

impl Peak {
    fn print(&self, name: &str, bound: Bound, threads: u16) {
        let (shown, most) = match bound {
            Bound::Nothing => ("none".to_owned(), None),
            Bound::Budget(megabytes) => (format!("{megabytes} MB"), Some(megabytes * 1_000_000)),
            Bound::Cgroup(mebibytes) => (format!("cgroup of {mebibytes} MiB"), Some(mebibytes << 20)),
        };
        let share = most.map_or_else(String::new, |most| format!("{} %", 100 * self.own / most));
        println!(
            "| {name} | {shown} | {threads} | {} | {:.1} | {} | {share} |",
            self.exit,
            self.elapsed.as_secs_f64(),
            self.own / 1_000_000
        );
    }
}

/// What a run takes; nothing where no cgroup can be made for it.
fn measured(suite: &Path, data: &Path, bound: Bound, threads: u16) -> Option<Peak> {
    let karat = std::env::var("KARAT_BENCH_KARAT").unwrap_or_else(|_| env!("CARGO_BIN_EXE_karat").to_owned());
    let cgroup = match bound {
        Bound::Cgroup(mebibytes) => Some(Cgroup::new(mebibytes << 20)?),
        _ => None,
    };
    let mut command = Command::new("sh");
    // The shell enters the cgroup and becomes the binary, which keeps the number of its process.
    match &cgroup {
        Some(cgroup) => {
            command.args(["-c", "echo $$ > \"$0\"; exec \"$@\""]).arg(cgroup.0.join("cgroup.procs"))
        }
        None => command.args(["-c", "exec \"$@\"", "sh"]),
    };
    // Other datasets lie beside this one.
    command.current_dir(data).arg(karat).args([
        Path::new("check"),
        suite,
        Path::new("--data"),
        &data.join("*.parquet"),
    ]);
    command.args(["--threads", &threads.to_string(), "--trust", "none"]);
    if let Bound::Budget(megabytes) = bound {
        command.args(["--memory", &format!("{megabytes}MB")]);
    }
    let start = Instant::now();
    let mut karat = command.stdout(Stdio::null()).spawn().unwrap();
    let mut own = 0;
    let exit = loop {
        if let Ok(status) = std::fs::read_to_string(format!("/proc/{}/status", karat.id())) {
            own = own.max(kilobytes(&status, "RssAnon:") * 1024);
        }
        if let Some(exit) = karat.try_wait().unwrap() {
            break exit;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let exit = exit.code().map_or_else(|| "killed".to_owned(), |code| code.to_string());
    Some(Peak { exit, elapsed: start.elapsed(), own })
}

fn kilobytes(status: &str, name: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.split_whitespace().next()).and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// A cgroup of so many bytes, which goes with this value.
struct Cgroup(PathBuf);

impl Cgroup {
    fn new(bytes: u64) -> Option<Self> {
        let name = format!("karat-bench-{}", std::process::id());
        let kinds = [("/sys/fs/cgroup/memory", "memory.limit_in_bytes"), ("/sys/fs/cgroup", "memory.max")];
        kinds.into_iter().find_map(|(root, limit)| {
            let made = Self(Path::new(root).join(&name));
            std::fs::create_dir(&made.0).ok()?;
            std::fs::write(made.0.join(limit), bytes.to_string()).ok()?;
            Some(made)
        })
    }
}

impl Drop for Cgroup {
    fn drop(&mut self) {
        // Until its last process is gone from it, it stays.
        for _ in 0..100 {
            if std::fs::remove_dir(&self.0).is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

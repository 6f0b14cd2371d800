//! Data, logs, suites, definitions and project files that someone changed end in a right result or in words: never in
//! a panic, an abort, a hang or memory without end.
//!
//! The cases are numbered, and a number makes the same case everywhere. They run in child processes
//! (this test binary itself), since an abort takes the process with it.

mod cases;
mod mutate;

pub(crate) use cases::suite;
pub(crate) use mutate::Random;

use cases::Input;

use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a case may take in a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_mins(3);

/// What a child may take of the machine's memory at most, in KiB.
const MEMORY: u64 = 1 << 20;

#[test]
fn changed_bytes_end_in_words() {
    let findings = tempfile::tempdir().unwrap();
    let found = explore(findings.path(), 0, 180, Instant::now() + Duration::from_mins(10));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// As long as `KARAT_FUZZ_SECONDS` says, from the case `KARAT_FUZZ_FROM` on: the kinds of input in turn, and at the end
/// how many cases there were of each. What it finds, it leaves in the folder `KARAT_FUZZ_FINDINGS`.
#[test]
#[ignore = "runs as long as it is told to: see CONTRIBUTING.md"]
fn for_a_while() {
    let number = |name: &str, or: u64| std::env::var(name).map_or(or, |text| text.parse().unwrap());
    let findings = std::env::var("KARAT_FUZZ_FINDINGS")
        .map_or_else(|_| Path::new(env!("CARGO_TARGET_TMPDIR")).join("findings"), PathBuf::from);
    std::fs::create_dir_all(&findings).unwrap();
    let until = Instant::now() + Duration::from_secs(number("KARAT_FUZZ_SECONDS", 60));
    let found = explore(&findings, number("KARAT_FUZZ_FROM", 0), u64::MAX, until);
    assert!(found.is_empty(), "in {}:\n{}", findings.display(), found.join("\n"));
}

/// Runs cases for `KARAT_FUZZ_SECONDS`, from the case `KARAT_FUZZ_FROM` on, or else from one of the clock; returns which
/// ran.
pub(crate) fn run_for_a_while(mut case: impl FnMut(u64)) -> Range<u64> {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let now = || std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let from = number("KARAT_FUZZ_FROM").unwrap_or_else(|| now() << 20);
    let until = Instant::now() + Duration::from_secs(number("KARAT_FUZZ_SECONDS").unwrap_or(60));
    let mut next = from;
    while Instant::now() < until {
        case(next);
        next += 1;
    }
    from..next
}

/// Runs cases until there are enough of them or the time is over; says what went wrong.
fn explore(findings: &Path, from: u64, count: u64, until: Instant) -> Vec<String> {
    let state = tempfile::NamedTempFile::new().unwrap();
    let mut found = Vec::new();
    let mut next = from;
    let end = from.saturating_add(count);
    while next < end && Instant::now() < until {
        let left = end - next;
        let said = tempfile::NamedTempFile::new().unwrap();
        let mut child = start(state.path(), said.as_file(), next, left.min(20_000));
        let fault = watch(&mut child, state.path(), said.path(), until);
        next = reached(state.path()).map_or(next, |(case, _)| case) + 1;
        if let Some(fault) = fault {
            let case = next - 1;
            let name = cases::keep(case, findings);
            let words = format!("case {case} ({}, {name}): {fault}", Input::of(case).name());
            eprintln!("{words}");
            found.push(words);
        }
    }
    for input in Input::ALL {
        let cases = (from..next).filter(|case| Input::of(*case) == input).count();
        eprintln!("{:<22} {cases:>9} cases", input.name());
    }
    eprintln!("{:<22} {:>9} cases, {} findings", "all", next - from, found.len());
    found
}

/// Starts a child; what it says goes to a file, which takes as much as there is.
fn start(state: &Path, said: &File, from: u64, count: u64) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["fuzz::child", "--exact", "--ignored", "--nocapture"])
        .env("KARAT_FUZZ_CHILD", format!("{from} {count}"))
        .env("KARAT_FUZZ_STATE", state)
        .env("RUST_BACKTRACE", "0")
        .stdout(Stdio::null())
        .stderr(said.try_clone().unwrap())
        .spawn()
        .unwrap()
}

/// The exit code of a command, if it ends in time and not by a signal.
pub(crate) fn ended_within(mut command: Command, patience: Duration) -> Option<i32> {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let until = Instant::now() + patience;
    while Instant::now() < until {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    None
}

/// The case that a child is at, and the most memory that it took so far.
fn reached(state: &Path) -> Option<(u64, u64)> {
    let text = std::fs::read_to_string(state).ok()?;
    let (case, memory) = text.split_once(' ')?;
    Some((case.parse().ok()?, memory.parse().ok()?))
}

/// Waits for a child; what went wrong with the case that it reached.
fn watch(child: &mut Child, state: &Path, said: &Path, until: Instant) -> Option<String> {
    let mut at = None;
    let mut since = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            let words = String::from_utf8_lossy(&std::fs::read(said).unwrap()).into_owned();
            let said: Vec<&str> = words.lines().filter(|line| !line.contains("RUST_BACKTRACE")).collect();
            let last = said[said.len().saturating_sub(4)..].join(" ");
            return (!status.success()).then(|| format!("{status}: {last}"));
        }
        let now = reached(state);
        if now.map(|(case, _)| case) != at {
            (at, since) = (now.map(|(case, _)| case), Instant::now());
        }
        let stop = |child: &mut Child| {
            child.kill().unwrap();
            child.wait().unwrap();
        };
        if since.elapsed() > PATIENCE {
            let doing = doing(child.id());
            stop(child);
            return Some(format!("it hangs: {doing}"));
        }
        if Instant::now() > until {
            stop(child);
            return None;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// What the threads of a process wait for, where the system says so.
fn doing(process: u32) -> String {
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten();
    let read = |path: PathBuf| std::fs::read_to_string(path).unwrap_or_default().trim().to_owned();
    let each = threads.map(|thread| thread.unwrap().path());
    let each = each.map(|path| format!("{} {}", read(path.join("comm")), read(path.join("wchan"))));
    each.collect::<Vec<_>>().join(", ")
}

#[test]
#[ignore = "run by the others as a process of its own"]
fn child() {
    let Ok(span) = std::env::var("KARAT_FUZZ_CHILD") else { return };
    let state = std::env::var("KARAT_FUZZ_STATE").unwrap();
    let (from, count) = span.split_once(' ').unwrap();
    let from: u64 = from.parse().unwrap();
    let folder = tempfile::tempdir().unwrap();
    for case in from..from.saturating_add(count.parse().unwrap()) {
        std::fs::write(&state, format!("{case} {}", memory())).unwrap();
        cases::run(case, folder.path());
        assert!(memory() < MEMORY, "{} KiB of memory", memory());
    }
}

/// The most memory that this process took so far, in KiB; nothing where the system does not say.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

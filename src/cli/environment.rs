//! The environment: what the command line reads of it, and what the engine and the allocator do, and only when they
//! start: how many threads work, and how much they hold at once.

use std::ffi::OsString;
use std::process::Command;

use super::exit::Exit;
use super::standard_input::is_taken;
use super::terminal::error;

/// With so much memory, what the reader and its threads hold need not be bounded.
const ENOUGH: u64 = 4 << 30;
/// For so many bytes of memory one more part of a file may be decoded at once.
const PART: u64 = 256 << 20;
/// For so many, one more file may be read at once.
const FILE: u64 = 512 << 20;
/// With less than that, threads work on fewer rows at a time.
const FEW: u64 = 256 << 20;
const FEW_ROWS: u64 = 20_000;

/// What the program tells itself where it has begun again on one thread.
const ON_ONE_THREAD: &str = "KARAT_ON_ONE_THREAD";

/// A variable that is wanted.
struct Wanted {
    name: &'static str,
    value: String,
    /// Whether it is wanted also where another value is set.
    overrides: bool,
}

/// Begins again with so many threads, and so that what the engine holds fits into so much memory, unless that
/// is so already: then the exit code is that of the new process.
pub(super) fn begin_again(threads: Option<u16>, memory: Option<u64>) -> Result<(), Exit> {
    if begun_again() {
        return Ok(());
    }
    let mut missing = wanted(threads, memory);
    missing.retain(|wanted| match set(wanted.name) {
        Some(value) => wanted.overrides && value.to_str() != Some(wanted.value.as_str()),
        None => true,
    });
    if missing.is_empty() {
        return Ok(());
    }
    let begun = itself()
        .and_then(|mut again| run(again.envs(missing.iter().map(|wanted| (wanted.name, &wanted.value)))));
    Err(begun.unwrap_or_else(|problem| {
        error(&format!("karat cannot be started anew within its memory and threads: {problem}"), None);
        Exit::Unknown
    }))
}

/// Returns whether so many threads are more than the program could still do with, to hold less. What was read from
/// standard input cannot be read again.
pub(super) fn may_take_fewer(threads: Option<u16>) -> bool {
    let threads =
        threads.map(usize::from).or_else(|| std::thread::available_parallelism().ok().map(Into::into));
    cfg!(unix) && threads.is_some_and(|threads| threads > 1) && !begun_again() && !is_taken()
}

/// Begins again on one thread, with as little at once as there can be. It only comes back if that fails.
pub(super) fn begin_again_on_one_thread() {
    let least = wanted(Some(1), Some(0)).into_iter().map(|wanted| (wanted.name, wanted.value));
    let all = least.chain([(ON_ONE_THREAD, "1".to_owned())]);
    // What keeps it from beginning again, its end in words does not.
    let _ = itself().and_then(|mut again| run(again.envs(all)));
}

/// This very program, with the same arguments.
#[expect(clippy::disallowed_methods, reason = "it is no other program that is run")]
fn itself() -> std::io::Result<Command> {
    let mut again = Command::new(std::env::current_exe()?);
    again.args(std::env::args_os().skip(1));
    Ok(again)
}

fn wanted(threads: Option<u16>, memory: Option<u64>) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    if let Some(threads) = threads {
        wanted.push(Wanted { name: "POLARS_MAX_THREADS", value: threads.to_string(), overrides: true });
    }
    let Some(memory) = memory.filter(|memory| *memory < ENOUGH) else { return wanted };
    let at_once = |each: u64| (memory / each).max(1).to_string();
    let mut want = |name, value| wanted.push(Wanted { name, value, overrides: false });
    want("POLARS_MAX_CONCURRENT_SCANS", at_once(FILE));
    want("POLARS_ROW_GROUP_PREFETCH_SIZE", at_once(PART));
    if memory < FEW {
        want("POLARS_IDEAL_MORSEL_SIZE", FEW_ROWS.to_string());
    }
    // What threads have freed in heaps of their own, others cannot take. Only the allocator of GNU reads it.
    want("MALLOC_ARENA_MAX", at_once(FILE));
    wanted
}

/// The value of a variable, if it is set and not empty.
pub(super) fn given(name: &str) -> Option<OsString> {
    set(name).filter(|value| !value.is_empty())
}

/// The names of all variables, in their order.
pub(super) fn names() -> Vec<String> {
    let mut names: Vec<String> =
        std::env::vars_os().map(|(name, _)| name.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Returns whether this process is the one that another began again as.
pub(super) fn begun_again() -> bool {
    set(ON_ONE_THREAD).is_some()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the environment is read here, for the command line and the engine"
)]
fn set(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

/// Becomes the other process.
#[cfg(unix)]
fn run(again: &mut Command) -> std::io::Result<Exit> {
    use std::os::unix::process::CommandExt as _;
    Err(again.exec())
}

/// Waits for the other process.
#[cfg(not(unix))]
fn run(again: &mut Command) -> std::io::Result<Exit> {
    Ok(Exit::of_code(again.status()?.code()))
}

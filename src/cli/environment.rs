//! Environment variables: those that the engine and the allocator read only at their start (the number of threads, and
//! limits on what they hold at once; to set them, the program starts itself anew), those that select values of a project,
//! and those by which a build server tells of itself.

use std::ffi::OsString;
use std::process::Command;
use std::sync::OnceLock;

use super::exit::Exit;
use super::standard_input::is_taken;
use super::terminal::error;

/// With this many bytes of memory or more, the reader and its threads need no limits.
const ENOUGH: u64 = 4 << 30;
/// Bytes of memory for each part of a file that may be decoded at once.
const PART: u64 = 256 << 20;
/// Bytes of memory for each file that may be read at once.
const FILE: u64 = 512 << 20;
/// With less memory than this, in bytes, threads work on fewer rows at a time.
const FEW: u64 = 256 << 20;
const FEW_ROWS: u64 = 20_000;

/// The variable that marks a process that was started anew on one thread.
const ON_ONE_THREAD: &str = "KARAT_ON_ONE_THREAD";

/// An environment variable and the value that the process needs.
struct Variable {
    name: &'static str,
    value: String,
    /// True if the value replaces one that is already set.
    overrides: bool,
}

/// Starts the program anew with this number of threads and with limits that suit this much memory, unless the
/// environment has them already. Returns the exit code of the new process as an error.
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

/// Returns whether the program could run on fewer threads to use less memory. What was read from standard input cannot
/// be read again.
pub(super) fn may_take_fewer(threads: Option<u16>) -> bool {
    let threads =
        threads.map(usize::from).or_else(|| std::thread::available_parallelism().ok().map(Into::into));
    cfg!(unix) && threads.is_some_and(|threads| threads > 1) && !begun_again() && !is_taken()
}

/// Starts the program anew on one thread with the tightest limits. Returns only if that fails.
pub(super) fn begin_again_on_one_thread() {
    let least = wanted(Some(1), Some(0)).into_iter().map(|wanted| (wanted.name, wanted.value));
    let all = least.chain([(ON_ONE_THREAD, "1".to_owned())]);
    // If the start fails, the caller ends the program with an error message anyway.
    let _ = itself().and_then(|mut again| run(again.envs(all)));
}

/// The command that runs this program with the same arguments, where it is not the file of the process.
static STARTS_BY: OnceLock<Vec<OsString>> = OnceLock::new();

/// Says by which command this program is started with the same arguments. What was said before holds.
pub(super) fn starts_by(command: Vec<OsString>) {
    let _ = STARTS_BY.set(command);
}

/// Returns a command that runs this program with the same arguments.
#[expect(clippy::disallowed_methods, reason = "it is no other program that is run")]
fn itself() -> std::io::Result<Command> {
    if let Some([program, arguments @ ..]) = STARTS_BY.get().map(Vec::as_slice) {
        let mut again = Command::new(program);
        again.args(arguments);
        return Ok(again);
    }
    let mut again = Command::new(std::env::current_exe()?);
    again.args(std::env::args_os().skip(1));
    Ok(again)
}

fn wanted(threads: Option<u16>, memory: Option<u64>) -> Vec<Variable> {
    let mut wanted = Vec::new();
    if let Some(threads) = threads {
        wanted.push(Variable { name: "POLARS_MAX_THREADS", value: threads.to_string(), overrides: true });
    }
    let Some(memory) = memory.filter(|memory| *memory < ENOUGH) else { return wanted };
    let at_once = |each: u64| (memory / each).max(1).to_string();
    let mut want = |name, value| wanted.push(Variable { name, value, overrides: false });
    want("POLARS_MAX_CONCURRENT_SCANS", at_once(FILE));
    want("POLARS_ROW_GROUP_PREFETCH_SIZE", at_once(PART));
    if memory < FEW {
        want("POLARS_IDEAL_MORSEL_SIZE", FEW_ROWS.to_string());
    }
    // One thread cannot reuse what another has freed in a heap of its own. Only the GNU allocator reads this
    // variable.
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

/// Returns a variable by which a build server tells of itself.
#[expect(clippy::disallowed_methods, reason = "a build server has no other place for it")]
pub(super) fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

/// Replaces this process by the command.
#[cfg(unix)]
fn run(again: &mut Command) -> std::io::Result<Exit> {
    use std::os::unix::process::CommandExt as _;
    Err(again.exec())
}

/// Runs the command and waits for its end.
#[cfg(not(unix))]
fn run(again: &mut Command) -> std::io::Result<Exit> {
    Ok(Exit::of_code(again.status()?.code()))
}

/// The beginning of the names of environment variables that hold values of the project's variables.
pub(super) const PROJECT_VARIABLE: &str = "KARAT_VAR_";

/// The variable that holds the key of hashes that stand for personal values.
pub(super) const MASK_KEY: &str = "KARAT_MASK_KEY";

/// Returns the values of the project's variables in the environment: of each `KARAT_VAR_NAME`, by its name.
pub(super) fn project_variables() -> Vec<(String, String)> {
    let readable = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    readable
        .filter_map(|(name, value)| Some((name.strip_prefix(PROJECT_VARIABLE)?.to_owned(), value)))
        .collect()
}

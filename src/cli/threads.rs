//! How many threads work: the engine reads it from its environment, and only when it starts.

use std::ffi::OsStr;
use std::process::Command;

use super::exit::Exit;
use super::terminal::error;

const VARIABLE: &str = "POLARS_MAX_THREADS";

/// Begins again with so many threads, if the engine would not start so many: then the exit code is
/// that of the new process.
pub(super) fn begin_again(threads: u16) -> Result<(), Exit> {
    let wanted = threads.to_string();
    #[expect(clippy::disallowed_methods, reason = "the engine has no other place for it")]
    let set = std::env::var_os(VARIABLE);
    if set.as_deref() == Some(OsStr::new(&wanted)) {
        return Ok(());
    }
    #[expect(clippy::disallowed_methods, reason = "it is this very program, with the same arguments")]
    let begun = std::env::current_exe().and_then(|karat| {
        let mut again = Command::new(karat);
        again.args(std::env::args_os().skip(1)).env(VARIABLE, &wanted);
        run(again)
    });
    Err(begun.unwrap_or_else(|problem| {
        error(&format!("karat cannot be started with {threads} threads: {problem}"), None);
        Exit::Unknown
    }))
}

/// Becomes the other process.
#[cfg(unix)]
fn run(mut again: Command) -> std::io::Result<Exit> {
    use std::os::unix::process::CommandExt as _;
    Err(again.exec())
}

/// Waits for the other process.
#[cfg(not(unix))]
fn run(mut again: Command) -> std::io::Result<Exit> {
    Ok(Exit::of_code(again.status()?.code()))
}

//! Signals that end the program, which then removes its temporary folders, and what it has written and not committed.

use super::leftovers::remove_leftovers;

/// Makes signals end the program with the exit code that shells expect: 128 plus the number of the signal.
///
/// # Errors
/// The signals cannot be heard: they end the program as they end any.
#[cfg(unix)]
pub(super) fn end_on_signals() -> std::io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

    // A program that was started with `nohup` ignores SIGHUP, to outlive its terminal.
    let heard = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| !is_ignored(*signal));
    let mut signals = signal_hook::iterator::Signals::new(heard)?;
    std::thread::Builder::new().name("karat-signals".to_owned()).spawn(move || {
        if let Some(signal) = signals.forever().next() {
            end(
                match signal {
                    SIGTERM => "ended by SIGTERM",
                    SIGHUP => "ended by SIGHUP",
                    _ => "interrupted",
                },
                signal,
            );
        }
    })?;
    Ok(())
}

/// Makes Ctrl-C end the program, on systems that have no other signal.
#[cfg(not(unix))]
pub(super) fn end_on_signals() -> Result<(), ctrlc::Error> {
    const INTERRUPT: i32 = 2;
    ctrlc::set_handler(|| end("interrupted", INTERRUPT))
}

/// Returns whether a signal was ignored when this program started, as far as the system reports it.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    u32::try_from(signal - 1).is_ok_and(|bit| ignored.checked_shr(bit).unwrap_or_default() & 1 == 1)
}

/// Ends the program. Files are written whole or not at all, so that none is left half written at any time.
#[expect(clippy::disallowed_methods, reason = "a signal ends the program wherever it is")]
fn end(words: &str, signal: i32) {
    const BY_A_SIGNAL: i32 = 128;
    super::terminal::note(words);
    remove_leftovers();
    std::process::exit(BY_A_SIGNAL + signal)
}

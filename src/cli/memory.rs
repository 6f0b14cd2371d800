//! Watches the memory of the process, so that it ends with an error message before the system kills it
//! without one.

use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::time::Duration;

use super::environment::{begin_again_on_one_thread, may_take_fewer};
use super::exit::Exit;
use super::leftovers::remove_leftovers;
use super::terminal::error;
use crate::report::bytes;

/// The interval between two readings.
const EVERY: Duration = Duration::from_millis(5);
/// The tolerated excess is the memory divided by this number. A fifth is promised, and use grows between
/// readings.
const SOME: u64 = 7;
/// The file in which Linux reports the memory of the process.
const STATUS: &str = "/proc/self/status";

/// Starts a thread that watches memory use. Once use exceeds the memory by more than the tolerated excess,
/// the program starts anew on one thread, or ends. On systems that do not report memory use, nothing is
/// watched.
pub(super) fn watch(memory: u64, threads: Option<u16>, before_the_end: impl Fn() + Send + 'static) {
    let most = memory.saturating_add(memory / SOME);
    let Ok(mut status) = File::open(STATUS) else { return };
    // If the thread cannot start, the run goes on unwatched.
    let _ = std::thread::Builder::new().name("karat-memory".to_owned()).spawn(move || {
        let mut text = String::new();
        loop {
            text.clear();
            if status.rewind().and_then(|()| status.read_to_string(&mut text)).is_err() {
                return;
            }
            match taken(&text) {
                Some(taken) if taken > most => {
                    if may_take_fewer(threads) {
                        remove_leftovers();
                        begin_again_on_one_thread();
                    }
                    end(memory, taken, &before_the_end)
                }
                Some(_) => std::thread::sleep(EVERY),
                None => return,
            }
        }
    });
}

/// Returns the anonymous memory of the process in bytes, which leaves out mapped files.
fn taken(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[expect(clippy::disallowed_methods, reason = "there is no memory left to end in another way")]
fn end(memory: u64, taken: u64, before_the_end: &impl Fn()) -> ! {
    error(
        &format!("nothing was judged: this takes {}, and the memory is {}", bytes(taken), bytes(memory)),
        Some(
            "give more --memory, or judge fewer checks at once; karat explain memory says what takes how much",
        ),
    );
    before_the_end();
    remove_leftovers();
    std::process::exit(i32::from(Exit::Unknown.code()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_the_process_s_own_counts() {
        assert_eq!(taken("VmHWM:\t  9000 kB\nRssAnon:\t    4096 kB\nRssFile:\t 5 kB\n"), Some(4 << 20));
        assert_eq!(taken("VmRSS: 1 kB\n"), None);
    }
}

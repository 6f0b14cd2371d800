//! An end to what the process takes: what cannot be bounded otherwise ends it in words, before the system
//! ends it without.

use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::time::Duration;

use super::environment::{begin_again_on_one_thread, may_take_fewer};
use super::exit::Exit;
use super::terminal::error;
use crate::report::bytes;
use crate::source::remove_spools;

/// How often it is looked at.
const EVERY: Duration = Duration::from_millis(5);
/// It takes one of so many parts more at most, while it is looked at: a fifth is promised.
const SOME: u64 = 7;
/// The file in which the system says what the process takes.
const STATUS: &str = "/proc/self/status";

/// Once the program takes more than its memory and some, it begins again on one thread, or else it ends.
/// Where the system does not say what it takes, nothing does.
pub(super) fn watch(memory: u64, threads: Option<u16>, before_the_end: impl Fn() + Send + 'static) {
    let most = memory.saturating_add(memory / SOME);
    let Ok(mut status) = File::open(STATUS) else { return };
    // Without a thread for it, nothing is watched: that is no reason not to judge.
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
                        remove_spools();
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

/// The bytes that a process takes by itself, without those of files that it has mapped.
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
    remove_spools();
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

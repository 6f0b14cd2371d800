//! Polars' counting of tasks, a switch of the whole process.

use std::sync::{Mutex, PoisonError};

/// Number of executions that need tasks to be counted.
static WANTED: Mutex<usize> = Mutex::new(0);

/// As long as there is one, tasks are counted. With the last one the switch is off again, as it was: a
/// host's own queries are as without karat. The engine sets it by itself, and for good, where its
/// environment asks for that.
pub(super) struct Tracking(());

impl Tracking {
    pub(super) fn begin() -> Self {
        change(|wanted| wanted + 1);
        Self(())
    }
}

impl Drop for Tracking {
    fn drop(&mut self) {
        change(|wanted| wanted.saturating_sub(1));
    }
}

#[expect(clippy::disallowed_methods, reason = "the switch is the engine's, and set back")]
fn change(change: impl FnOnce(usize) -> usize) {
    let mut wanted = WANTED.lock().unwrap_or_else(PoisonError::into_inner);
    let before = *wanted;
    *wanted = change(before);
    let by_environment = || {
        ["POLARS_TRACK_METRICS", "POLARS_LOG_METRICS"]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| value == "1"))
    };
    if (before == 0) != (*wanted == 0) && !by_environment() {
        polars_async::executor::track_task_metrics(*wanted > 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_on_as_long_as_somebody_wants_it() {
        let now = || *WANTED.lock().unwrap_or_else(PoisonError::into_inner);
        let first = Tracking::begin();
        let second = Tracking::begin();
        // Other tests may want it too.
        assert!(now() >= 2);
        drop(first);
        assert!(now() >= 1);
        drop(second);
    }
}

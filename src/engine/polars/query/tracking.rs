//! Switches Polars' counting of tasks, which affects the whole process.

use std::sync::{Mutex, PoisonError};

/// Number of executions that need tasks to be counted.
static WANTED: Mutex<usize> = Mutex::new(0);

/// Has tasks counted as long as one of these exists. The last one switches counting off again, so that
/// queries of the host program run as without karat. Where an environment variable makes Polars count for
/// good, the switch is left alone.
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

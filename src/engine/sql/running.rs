//! Statements that run in other systems. A signal ends the program while somebody waits for one: it is stopped then, since it would
//! run on, and cost, for nobody. So is a session, which would be kept there.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How each is stopped, by numbers of their own.
static ALL: Mutex<BTreeMap<u64, Stop>> = Mutex::new(BTreeMap::new());

type Stop = Arc<dyn Fn() + Send + Sync>;

/// A statement or a session that a signal stops, as long as this lives.
pub struct Running(u64);

impl Running {
    /// Says that something runs, and how it is stopped: on another thread, while the program ends and waits for it.
    #[must_use]
    pub fn stopped_by(stop: impl Fn() + Send + Sync + 'static) -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        all().insert(number, Arc::new(stop));
        Self(number)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        all().remove(&self.0);
    }
}

fn all() -> MutexGuard<'static, BTreeMap<u64, Stop>> {
    ALL.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Stops all that runs.
#[cfg(feature = "cli")]
pub(crate) fn stop_statements() {
    let running: Vec<Stop> = all().values().cloned().collect();
    for stop in running {
        stop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_is_stopped_and_what_has_ended_is_not() {
        let stopped = Arc::new(AtomicU64::new(0));
        let counts = |stopped: &Arc<AtomicU64>| {
            let stopped = stopped.clone();
            move || {
                stopped.fetch_add(1, Ordering::Relaxed);
            }
        };
        let running = Running::stopped_by(counts(&stopped));
        drop(Running::stopped_by(counts(&stopped)));
        stop_statements();
        assert_eq!(stopped.load(Ordering::Relaxed), 1);
        drop(running);
    }
}

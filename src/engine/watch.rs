//! Watches work that nobody may wait for any more.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread::{Builder, scope};
use std::time::Duration;

/// How often it is asked whether the run is cancelled.
const EVERY: Duration = Duration::from_millis(50);

/// Does work, and calls `stop` once while the work goes on if the run is cancelled.
pub(super) fn watched<T>(
    is_cancelled: &(dyn Fn() -> bool + Sync),
    stop: impl FnOnce() + Send,
    work: impl FnOnce() -> T,
) -> T {
    let (working, has_ended) = channel::<()>();
    let watch = move || {
        while has_ended.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
            if is_cancelled() {
                stop();
                break;
            }
        }
    };
    scope(|scope| {
        // Dropped when the work is done, even by a panic: the watch ends with it, and at once.
        let _working = working;
        // Where no thread is to be had, the work is done to its end.
        let _ = Builder::new().name("karat-watch".to_owned()).spawn_scoped(scope, watch);
        work()
    })
}

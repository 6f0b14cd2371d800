//! The runtime on which everything is fetched. The first fetch starts it.

use std::future::Future;
use std::sync::OnceLock;
use std::sync::mpsc::sync_channel;

use tokio::runtime::{Builder, Runtime};

/// Runs a future to its end, from any thread, including one of another runtime, where `block_on` would panic.
pub(super) fn wait_for<T: Send + 'static>(
    future: impl Future<Output = T> + Send + 'static,
) -> Result<T, String> {
    let (done, result) = sync_channel(1);
    runtime()?.spawn(async move {
        // If the receiver is gone, nobody wants the result.
        let _ = done.send(future.await);
    });
    result.recv().map_err(|_| "it panicked".to_owned())
}

/// Runs blocking work on the runtime's threads for blocking work.
pub(crate) fn wait_for_blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, String> {
    let (done, result) = sync_channel(1);
    let work = runtime()?.spawn_blocking(move || {
        let _ = done.send(crate::data::caught(work));
    });
    drop(work);
    result.recv().map_err(|_| "it panicked".to_owned())?
}

fn runtime() -> Result<&'static Runtime, String> {
    static RUNTIME: OnceLock<Result<Runtime, String>> = OnceLock::new();
    let started = RUNTIME.get_or_init(|| {
        Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("karat-fetch")
            .enable_all()
            .build()
            .map_err(|error| format!("threads to fetch with cannot be started: {error}"))
    });
    started.as_ref().map_err(Clone::clone)
}

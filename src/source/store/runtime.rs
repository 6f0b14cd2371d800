//! The runtime on which everything is fetched and sent. The first fetch starts it.

use std::future::Future;
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, sync_channel};
#[cfg(feature = "databricks")]
use std::{sync::mpsc::RecvTimeoutError, time::Duration};

use tokio::runtime::{Builder, Runtime};

/// Runs a future to its end, from any thread, including one of another runtime, where `block_on` would panic.
pub(crate) fn wait_for<T: Send + 'static>(
    future: impl Future<Output = T> + Send + 'static,
) -> Result<T, String> {
    begin(future)?.wait()
}

/// A future that runs.
pub(crate) struct Running<T>(Receiver<T>);

impl<T> Running<T> {
    /// Waits until it has ended.
    pub(crate) fn wait(self) -> Result<T, String> {
        self.0.recv().map_err(|_| "it panicked".to_owned())
    }

    /// Waits until it has ended, or for some time; `None` if it has not.
    #[cfg(feature = "databricks")]
    pub(crate) fn wait_until(&self, time: Duration) -> Option<Result<T, String>> {
        match self.0.recv_timeout(time) {
            Ok(found) => Some(Ok(found)),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(Err("it panicked".to_owned())),
        }
    }
}

/// Lets a future run, and does not wait for it.
pub(crate) fn begin<T: Send + 'static>(
    future: impl Future<Output = T> + Send + 'static,
) -> Result<Running<T>, String> {
    let (done, result) = sync_channel(1);
    runtime()?.spawn(async move {
        // If the receiver is gone, nobody wants the result.
        let _ = done.send(future.await);
    });
    Ok(Running(result))
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

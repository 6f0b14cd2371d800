//! What runs beside Python, so that the interpreter does not end before it.
//!
//! Work that nobody waits for any more, as after an interrupt, may still hold rows of Python or read a stream that is written in it.
//! Once the interpreter ends, it would do so where there is none, and end the process.

use std::process;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pyo3::prelude::*;

/// How long the end of the interpreter waits for work that was told to stop. A stream that never gives its next rows is left alone then.
const AT_MOST: Duration = Duration::from_secs(10);

static RUNNING: Mutex<Vec<Arc<AtomicBool>>> = Mutex::new(Vec::new());
static ENDED: Condvar = Condvar::new();
/// The process that has run anything. A fork of it has none of its threads, and may have the lock as it was taken there.
static PROCESS: AtomicU32 = AtomicU32::new(0);

/// Work that runs until this is dropped.
pub(crate) struct Running(Arc<AtomicBool>);

impl Running {
    /// Notes work that stops once this is true.
    pub(crate) fn new(cancelled: &Arc<AtomicBool>) -> Self {
        PROCESS.store(process::id(), Ordering::Relaxed);
        running().push(Arc::clone(cancelled));
        Self(Arc::clone(cancelled))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        running().retain(|other| !Arc::ptr_eq(other, &self.0));
        ENDED.notify_all();
    }
}

fn running() -> MutexGuard<'static, Vec<Arc<AtomicBool>>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Has the interpreter stop all work and wait for it, before it ends.
pub(crate) fn stop_at_exit(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let stop = wrap_pyfunction!(stop_all, module)?;
    module.py().import("atexit")?.call_method1("register", (stop,))?;
    Ok(())
}

#[pyfunction]
fn stop_all(py: Python<'_>) {
    if PROCESS.load(Ordering::Relaxed) != process::id() {
        return;
    }
    py.detach(|| {
        let running = running();
        running.iter().for_each(|cancelled| cancelled.store(true, Ordering::Relaxed));
        // What is left after that time is left.
        let _ = ENDED.wait_timeout_while(running, AT_MOST, |running| !running.is_empty());
    });
}

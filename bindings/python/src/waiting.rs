//! Runs the library on a thread of its own. Python waits without holding its lock, hears of the progress and can be interrupted.

use std::any::Any;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Builder;
use std::time::Duration;

use karat::Progress;
use pyo3::prelude::*;

use crate::errors::internal_error;
use crate::running::Running;

/// How long a signal or the progress may wait.
const EVERY: Duration = Duration::from_millis(50);
/// How long work that is to stop may go on before it is left alone: it stops at its next chance.
const AT_MOST: Duration = Duration::from_millis(600);
/// The main thread has as much on most systems; deep predicates take it.
const STACK: usize = 8 << 20;

/// What work is told, and tells.
#[derive(Clone, Default)]
pub(crate) struct Hooks {
    /// True once it is to stop.
    pub(crate) cancelled: Arc<AtomicBool>,
    progress: Arc<Mutex<Option<Progress>>>,
}

impl Hooks {
    /// Returns what takes the progress.
    pub(crate) fn progress(&self) -> Arc<dyn Fn(Progress) + Send + Sync> {
        let latest = Arc::clone(&self.progress);
        Arc::new(move |progress| *latest.lock().unwrap_or_else(PoisonError::into_inner) = Some(progress))
    }

    /// Returns whether the work is to stop.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    fn latest(&self) -> Option<Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Runs work and returns what it gives. `tell` is called with the bytes that are done, and with all of them.
///
/// An exception, of a signal or of `tell`, makes the work stop, and is raised once it has, or after a moment: then it stops
/// later, and what it gives is dropped.
pub(crate) fn wait_for<T: Send + 'static>(
    py: Python<'_>,
    tell: Option<&Bound<'_, PyAny>>,
    work: impl FnOnce(Hooks) -> T + Send + 'static,
) -> PyResult<T> {
    let hooks = Hooks::default();
    let (done, mut is_done) = channel();
    let of_work = hooks.clone();
    let running = Running::new(&hooks.cancelled);
    // A thread with this beginning of a name prints no panic: it ends here, as an exception.
    let thread = Builder::new().name("karat-python".to_owned()).stack_size(STACK).spawn(move || {
        // It ends after all that it has made is gone, unless somebody waits for that: nobody does after an interrupt.
        let _running = running;
        let _ = done.send(work(of_work));
    })?;
    loop {
        let waiting = &mut is_done;
        match py.detach(move || waiting.recv_timeout(EVERY)) {
            Ok(given) => return Ok(given),
            Err(RecvTimeoutError::Disconnected) => {
                let panic = py.detach(|| thread.join()).err();
                return Err(internal_error(py, &panic.map_or_else(String::new, |panic| message(&*panic))));
            }
            Err(RecvTimeoutError::Timeout) => {
                if let Err(raised) = heard(py, tell, &hooks) {
                    hooks.cancelled.store(true, Ordering::Relaxed);
                    // Whether it has stopped or not, the exception is raised.
                    let waiting = &mut is_done;
                    let _ = py.detach(move || waiting.recv_timeout(AT_MOST));
                    return Err(raised);
                }
            }
        }
    }
}

/// Hears signals, and tells the progress.
fn heard(py: Python<'_>, tell: Option<&Bound<'_, PyAny>>, hooks: &Hooks) -> PyResult<()> {
    py.check_signals()?;
    if let (Some(tell), Some(Progress { done, total })) = (tell, hooks.latest()) {
        tell.call1((done, total))?;
    }
    Ok(())
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a message").to_owned()
}

//! Checks that a query that fails has left Polars any threads.
//!
//! Polars cancels the tasks of a query that fails; a thread that reaches a cancelled task, while another one
//! still waits for its result, ends. For that reason, functions of karat never fail within a query
//! (`expression/computed.rs`). Where Polars itself fails, the threads are probed before the next query, which
//! would wait forever if none were left.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use polars_async::executor::{TaskPriority, spawn};

use crate::engine::EngineError;

/// True if a query failed or panicked in Polars since its threads were last probed.
static UNVERIFIED: AtomicBool = AtomicBool::new(false);

/// The time that a thread may take to answer: it first ends its share of another query, on a machine that may
/// have much else to do.
const TIMEOUT: Duration = Duration::from_mins(1);

/// Runs a query on Polars' threads, or returns an error if there are none.
pub(super) fn run_on_workers<T>(query: impl FnOnce() -> Result<T, EngineError>) -> Result<T, EngineError> {
    if UNVERIFIED.load(Ordering::Relaxed) {
        if !is_any_left() {
            return Err(EngineError::NoWorkers);
        }
        UNVERIFIED.store(false, Ordering::Relaxed);
    }
    let done = query();
    if done.is_err() {
        UNVERIFIED.store(true, Ordering::Relaxed);
    }
    done
}

fn is_any_left() -> bool {
    let (answer, answered) = sync_channel(1);
    let asked = spawn(TaskPriority::High, async move {
        // The receiver is gone if the answer comes too late.
        let _ = answer.send(());
    });
    let is_there = answered.recv_timeout(TIMEOUT).is_ok();
    drop(asked);
    is_there
}

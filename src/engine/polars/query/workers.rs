//! The engine's threads, of which a query that fails may leave none.
//!
//! The engine takes back the tasks of a query that fails; a thread that comes to one of those, while
//! another still waits for what it gives, ends. Functions of karat's never fail within a query for that
//! reason (`predicate/computed.rs`). Where the engine itself fails, the threads are asked before the
//! next query whether one is left, which would wait for ever otherwise.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use polars_async::executor::{TaskPriority, spawn};

use crate::engine::error::EngineError;

/// Whether a query failed or panicked in the engine since its threads were last asked.
static DOUBTED: AtomicBool = AtomicBool::new(false);

/// How long a thread may take to answer: it ends its share of another query first, on a machine that may
/// have much else to do.
const PATIENCE: Duration = Duration::from_mins(1);

/// Lets the engine run a query with its threads, unless there are none.
pub(in crate::engine::polars) fn used<T>(
    query: impl FnOnce() -> Result<T, EngineError>,
) -> Result<T, EngineError> {
    if DOUBTED.load(Ordering::Relaxed) {
        if !are_there() {
            return Err(EngineError::NoWorkers);
        }
        DOUBTED.store(false, Ordering::Relaxed);
    }
    let done = query();
    if done.is_err() {
        DOUBTED.store(true, Ordering::Relaxed);
    }
    done
}

fn are_there() -> bool {
    let (answer, answered) = sync_channel(1);
    let asked = spawn(TaskPriority::High, async move {
        // Nobody listens any more if it comes too late.
        let _ = answer.send(());
    });
    let is_there = answered.recv_timeout(PATIENCE).is_ok();
    drop(asked);
    is_there
}

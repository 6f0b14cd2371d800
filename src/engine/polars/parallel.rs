//! Work on all threads that the machine has for us.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::threads::threads;
use crate::source::SourceError;

/// Runs a task for each item, and gives what they came to in the order of the items.
///
/// # Errors
/// Of several errors, that of the first item.
pub(super) fn all<T: Sync, R: Send>(
    items: &[T],
    task: impl Fn(&T) -> Result<R, SourceError> + Sync,
) -> Result<Vec<R>, SourceError> {
    let threads = threads().min(items.len());
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else { return done };
            let result = task(item);
            if result.is_err() {
                // The others finish what they are at, and begin nothing more.
                next.store(items.len(), Ordering::Relaxed);
            }
            done.push((index, result));
        }
    };
    let mut done = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut done = work();
        for other in others {
            done.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        done
    });
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

//! Runs work on all threads of Polars' pool, which has nothing to do meanwhile.

use std::sync::atomic::{AtomicUsize, Ordering};

use polars_core::runtime::RAYON;
use rayon::prelude::{IndexedParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _};

use crate::source::SourceError;

/// Runs a task for each item, and returns the results in the order of the items.
///
/// # Errors
/// If several tasks fail, that of the first item. Rayon's own way to collect results would return any of
/// them.
pub(super) fn all<T: Sync, R: Send>(
    items: &[T],
    task: impl Fn(&T) -> Result<R, SourceError> + Sync,
) -> Result<Vec<R>, SourceError> {
    let failed = AtomicUsize::new(usize::MAX);
    let run = |(index, item)| {
        // Items after a failed one are not begun; items before it may fail, too.
        if failed.load(Ordering::Relaxed) < index {
            return None;
        }
        let result = task(item);
        if result.is_err() {
            failed.fetch_min(index, Ordering::Relaxed);
        }
        Some(result)
    };
    let done: Vec<Option<Result<R, SourceError>>> =
        RAYON.install(|| items.par_iter().enumerate().map(run).collect());
    done.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_errors_the_first_is_given() {
        let items: Vec<usize> = (0..2_000).collect();
        let error = |item: &usize| SourceError::NotATable { uri: item.to_string(), reason: String::new() };
        assert_eq!(all(&items, |item| Ok(item * 2)).unwrap(), (0..4_000).step_by(2).collect::<Vec<_>>());
        for first in [0, 1, 700, 1_500] {
            // Later ones fail sooner.
            let task = |item: &usize| match item {
                item if *item == first => {
                    std::thread::sleep(std::time::Duration::from_millis(5));
                    Err(error(item))
                }
                item if *item > first && item % 3 == 0 => Err(error(item)),
                item => Ok(*item),
            };
            assert!(
                matches!(all(&items, task), Err(SourceError::NotATable { uri, .. }) if uri == first.to_string())
            );
        }
    }
}

//! Separates the parts of a query that fail from those that do not.
//!
//! Many metrics are measured by one query, over one scan. If it fails although the data can be read, one of
//! them is to blame: then halves of them are queried, until each failing one is alone. All others have their
//! values, and are measured together as far as possible.

use super::execute::guarded;
use crate::engine::EngineError;

/// The results of isolating failures: each part was either found or failed.
pub(in crate::engine::polars) struct Isolated<T, R> {
    /// The results of the queries that succeeded.
    pub(in crate::engine::polars) found: Vec<R>,
    /// The parts that fail on their own.
    pub(in crate::engine::polars) failed: Vec<(T, EngineError)>,
}

impl<T, R> Default for Isolated<T, R> {
    fn default() -> Self {
        Self { found: Vec::new(), failed: Vec::new() }
    }
}

impl<T: Copy, R> Isolated<T, R> {
    fn add(&mut self, parts: &[T], ask: &mut Ask<'_, T, R>) -> Result<(), EngineError> {
        if parts.is_empty() {
            return Ok(());
        }
        match guarded(|| ask(parts)) {
            Ok(found) => self.found.push(found),
            Err(error) => self.add_halves(parts, error, ask)?,
        }
        Ok(())
    }

    fn add_halves(
        &mut self,
        parts: &[T],
        error: EngineError,
        ask: &mut Ask<'_, T, R>,
    ) -> Result<(), EngineError> {
        if !error.is_of_query() {
            return Err(error);
        }
        if let [alone] = parts {
            self.failed.push((*alone, error));
            return Ok(());
        }
        let (left, right) = parts.split_at(parts.len() / 2);
        self.add(left, ask)?;
        self.add(right, ask)
    }
}

/// Runs one query for some parts.
type Ask<'a, T, R> = dyn FnMut(&[T]) -> Result<R, EngineError> + 'a;

/// Asks for all parts in one query; if it fails or panics, bisects them. An error that is not the query's is
/// returned.
pub(in crate::engine::polars) fn isolate<T: Copy, R>(
    parts: &[T],
    ask: &mut Ask<'_, T, R>,
) -> Result<Isolated<T, R>, EngineError> {
    let mut isolated = Isolated::default();
    isolated.add(parts, ask)?;
    Ok(isolated)
}

/// Bisects parts whose common query failed with this error.
pub(in crate::engine::polars) fn isolate_failed<T: Copy, R>(
    parts: &[T],
    error: EngineError,
    ask: &mut Ask<'_, T, R>,
) -> Result<Isolated<T, R>, EngineError> {
    let mut isolated = Isolated::default();
    isolated.add_halves(parts, error, ask)?;
    Ok(isolated)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::collection::{btree_set, vec};
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::*;

    fn failed(reason: &str) -> EngineError {
        EngineError::Query { reason: reason.into() }
    }

    proptest! {
        #[test]
        fn each_part_is_found_unless_it_fails_alone(
            parts in 0_usize..60,
            bad in btree_set(0_usize..60, 0..5),
            quarrels in vec((0_usize..60, 0_usize..60), 0..3),
        ) {
            let parts: Vec<usize> = (0..parts).collect();
            let mut asked = 0;
            let isolated = isolate(&parts, &mut |parts| {
                asked += 1;
                assert!(!parts.iter().any(|part| bad.contains(part) && part % 2 == 0), "one of {parts:?}");
                if parts.iter().any(|part| bad.contains(part)) {
                    return Err(failed("one of them"));
                }
                // Some parts only fail together.
                let both = |(left, right)| left != right && parts.contains(left) && parts.contains(right);
                if quarrels.iter().any(|(left, right)| both((left, right))) {
                    return Err(failed("two of them"));
                }
                Ok(parts.to_vec())
            });
            let isolated = isolated.unwrap();
            let failed: BTreeSet<usize> = isolated.failed.iter().map(|(part, _)| *part).collect();
            let expected: BTreeSet<usize> = bad.into_iter().filter(|part| *part < parts.len()).collect();
            prop_assert_eq!(&failed, &expected);
            let mut found = isolated.found.concat();
            found.sort_unstable();
            prop_assert_eq!(found, parts.iter().copied().filter(|part| !failed.contains(part)).collect::<Vec<_>>());
            // Each failing part costs two queries for each halving.
            let halvings = parts.len().next_power_of_two().trailing_zeros() as usize;
            prop_assert!(asked <= 1 + 2 * halvings * (expected.len() + 2 * quarrels.len()), "{}", asked);
        }
    }

    #[test]
    fn who_stops_is_heard_at_once() {
        let mut asked = 0;
        let stopped = isolate(&[1, 2, 3], &mut |_| -> Result<(), EngineError> {
            asked += 1;
            Err(EngineError::Cancelled)
        });
        assert!(matches!(stopped, Err(EngineError::Cancelled)));
        assert_eq!(asked, 1);
    }
}

//! Puts rows aside in place, and completes first what an earlier such split has left half done.

use super::{InPlace, MovedParts, Split, SplitError, SplitOptions, split};
use crate::source::{At, Data, versioned};
use crate::suite::Suite;

/// Judges the newest version of a Delta table, and takes the rows of the quarantine out of it, as of [`Split::quarantine_in_place`].
///
/// If an earlier split has ended between its two commits, its version comes first, and then the newest one. `done` is given each
/// split with its version and what came of it: of that earlier version also [`SplitError::Withdrawn`], after which the newest one
/// follows, too. What it returns of each is returned.
///
/// # Errors
/// A version cannot be judged, or a check with `on_fail: stop` failed; or the URI names a version, and rows are deleted from the
/// newest one.
pub fn split_in_place<T>(
    suite: &Suite,
    uri: &str,
    options: &SplitOptions,
    to: &InPlace,
    mut done: impl FnMut(At, Split, Result<Option<MovedParts>, SplitError>) -> T,
) -> Result<Vec<T>, SplitError> {
    if versioned(uri).is_some() {
        let reason = "a version is named, and rows are deleted from the newest one";
        return Err(SplitError::NotInPlace(reason.to_owned()));
    }
    let move_rows = |at| {
        let mut split = split(suite, Data::Uri { uri: uri.to_owned(), at }, options)?;
        let moved = split.quarantine_in_place(to);
        Ok::<_, SplitError>((split, moved))
    };
    let (newest, moved) = move_rows(At::Latest)?;
    let Err(SplitError::Unfinished { version, .. }) = moved else {
        return Ok(vec![done(At::Latest, newest, moved)]);
    };
    let (earlier, moved) = move_rows(At::Version(version))?;
    let is_over = matches!(moved, Ok(_) | Err(SplitError::Withdrawn { .. }));
    let mut all = vec![done(At::Version(version), earlier, moved)];
    if is_over {
        let (newest, moved) = move_rows(At::Latest)?;
        all.push(done(At::Latest, newest, moved));
    }
    Ok(all)
}

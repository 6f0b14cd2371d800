//! Which versions of a table were not split yet.

use super::{Destinations, SplitError, SplitOptions};
use crate::engine::RowRequest;
use crate::privacy::Privacy;
use crate::run::{bound, now};
use crate::sink::{Destination, Part, Provenance, Sink};
use crate::source::{At, Data, Opened};
use crate::suite::Suite;

/// Returns the versions of a Delta table that are still to be split, in the order in which they must be: none if the newest one was.
/// If one of the parts lacks what the other one has, since a split ended in between, that comes first.
///
/// # Errors
/// The data is no table with versions, or a destination cannot be read.
pub fn remaining(
    suite: &Suite,
    uri: &str,
    to: &Destinations,
    options: &SplitOptions,
) -> Result<Vec<At>, SplitError> {
    let unjudged = |reason: String| SplitError::Unjudged { reason };
    let data = Data::Uri { uri: uri.to_owned(), at: At::Latest };
    let opened = bound(suite, data, &options.check).map_err(|error| unjudged(error.to_string()))?;
    let identity = opened.snapshot.identity();
    let Some(newest) = identity.version else {
        return Err(unjudged("only a Delta table says what is new in it".to_owned()));
    };
    let last = |to: &Destination, part| last(suite, to, part, opened.snapshot.as_ref(), options);
    let valid = last(&to.valid, Part::Valid)?;
    let quarantine = last(&to.quarantine, Part::Quarantine)?;
    Ok(versions(valid, quarantine, newest))
}

/// Returns the version of the data up to which a part was written.
fn last(
    suite: &Suite,
    to: &Destination,
    part: Part,
    data: &dyn Opened,
    options: &SplitOptions,
) -> Result<Option<u64>, SplitError> {
    let columns: Vec<String> = data.schema().names().map(str::to_owned).collect();
    let request = RowRequest { columns: &columns, rows: None, privacy: &Privacy::default() };
    let schema = options.check.engine.row_schema(data, request)?;
    let evolving = crate::sink::WriteOptions { evolve: true, ..crate::sink::WriteOptions::default() };
    let sink = Sink::open(to, schema, &evolving)?;
    // Whole versions and ranges of them are counted apart.
    let of = |input_from| Provenance {
        run_id: String::new(),
        suite: suite.name.clone(),
        suite_digest: suite.digest.clone(),
        part,
        input_uri: data.identity().uri.clone(),
        input_version: data.identity().version,
        input_from,
        input_digest: data.identity().digest.clone(),
        rows_digest: None,
        in_place: false,
        now: options.check.now.unwrap_or_else(now),
    };
    let (whole, changes) = (sink.last_input_version(&of(None))?, sink.last_input_version(&of(Some(0)))?);
    Ok(whole.max(changes))
}

fn versions(valid: Option<u64>, quarantine: Option<u64>, newest: u64) -> Vec<At> {
    let after = |last: Option<u64>, to: u64| match last {
        None => At::Version(to),
        Some(last) => At::Changes { from: last + 1, to: Some(to) },
    };
    let (behind, ahead) = (valid.min(quarantine), valid.max(quarantine));
    let mut versions = Vec::new();
    if let Some(ahead) = ahead.filter(|_| behind != ahead) {
        versions.push(after(behind, ahead));
    }
    if ahead.is_none_or(|ahead| ahead < newest) {
        versions.push(after(ahead, newest));
    }
    versions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_part_lacks_comes_first() {
        let changes = |from, to| At::Changes { from, to: Some(to) };
        assert_eq!(versions(None, None, 7), [At::Version(7)]);
        assert_eq!(versions(Some(7), Some(7), 7), []);
        assert_eq!(versions(Some(4), Some(4), 7), [changes(5, 7)]);
        assert_eq!(versions(Some(4), Some(6), 7), [changes(5, 6), changes(7, 7)]);
        assert_eq!(versions(None, Some(6), 6), [At::Version(6)]);
    }
}

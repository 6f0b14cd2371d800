//! The `result` of an outcome, in the keys of Great Expectations.

use serde_json::{Map, Value as Json};

use super::format::{ResultFormat, ValidationOptions};
use super::{observed, rows};
use crate::evaluate::{Outcome, Verdict};
use crate::run::SuiteRun;
use crate::suite::Check;

/// Returns the `result` of an outcome.
pub(super) fn result(
    suite: &SuiteRun,
    check: &Check,
    outcome: &Outcome,
    options: &ValidationOptions,
) -> Map<String, Json> {
    if outcome.verdict == Verdict::Error || options.result_format == ResultFormat::BooleanOnly {
        return Map::new();
    }
    match outcome.counts {
        // Great Expectations reports the number of rows of a query, even if karat counted them as failing
        // rows.
        Some(_) if check.definition.id == "unexpected_rows" => observed::result(check, outcome, options),
        Some(counts) => rows::result(suite, check, outcome, counts, options),
        None => observed::result(check, outcome, options),
    }
}

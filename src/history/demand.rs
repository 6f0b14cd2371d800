//! What a check demands, written so that a later run can say whether it demands more or less.

use serde_json::{Map, Value as Json, json};

use super::CheckRecord;
use crate::review::{Strength, compare};
use crate::run::Change;
use crate::suite::{Check, Limit, Suite};

/// The most bytes of a demand that a record keeps: a set of thousands of values stays in the suite.
const MOST_BYTES: usize = 4_000;

/// Returns a suite of the check alone, as YAML reads it; `None` if it is long.
pub(super) fn written(check: &Check) -> Option<Json> {
    let mut item = Map::new();
    item.insert(check.definition.id.to_owned(), check.arguments.clone());
    if let Some(condition) = check.condition() {
        item.insert("where".to_owned(), condition.to_string().into());
    }
    if !check.group_by.is_empty() {
        item.insert(
            "group_by".to_owned(),
            json!(check.group_by.iter().map(ToString::to_string).collect::<Vec<_>>()),
        );
    }
    item.insert("severity".to_owned(), check.severity.name().into());
    if check.definition.nature.counts_rows() {
        let limits = [("warn_if", check.thresholds.warn), ("fail_if", check.thresholds.fail)];
        for (name, limit) in limits.into_iter().filter_map(|(name, limit)| Some((name, limit?))) {
            let (name, limit) = match limit {
                Limit::Count { inclusive, count } => (name, json!(format!("{} {count}", sign(inclusive)))),
                Limit::Percent { inclusive, percent } => {
                    (name, json!(format!("{} {percent} %", sign(inclusive))))
                }
                Limit::Mostly(share) => ("mostly", json!(share)),
            };
            item.insert(name.to_owned(), limit);
        }
    }
    let suite = match &check.column {
        Some(column) => json!({ "suite": "s", "columns": { column.to_string(): [item] } }),
        None => json!({ "suite": "s", "table": [item] }),
    };
    (suite.to_string().len() <= MOST_BYTES).then_some(suite)
}

const fn sign(inclusive: bool) -> &'static str {
    if inclusive { ">=" } else { ">" }
}

/// Says how a check stands to an earlier one, of which it is known that it demands something else.
pub(super) fn change(old: &CheckRecord, new: &Check) -> Change {
    match read(old).map(|old| compare(&old, new)) {
        Some(Strength::Stronger) => Change::Stronger,
        Some(Strength::Weaker) => Change::Weaker,
        Some(Strength::Equal | Strength::Incomparable) | None => Change::Other,
    }
}

/// The same of two records.
pub(super) fn change_of_records(old: &CheckRecord, new: &CheckRecord) -> Change {
    read(new).map_or(Change::Other, |new| change(old, &new))
}

/// Returns the check that a record tells of. `None` if its demand was not kept, or cannot be read again: the digest tells.
fn read(record: &CheckRecord) -> Option<Check> {
    let suite = Suite::from_yaml(&record.demand.as_ref()?.to_string()).ok()?;
    suite.checks.into_iter().next().filter(|check| check.fingerprint() == record.fingerprint)
}

//! What a suite promises, for people who do not run karat.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::VERSION;
use super::dataset::{CheckHistory, DatasetHistory};
use crate::suite::Severity;

/// The contract of a dataset: `s/NAME.json`. It changes with its suite and the columns of the data only, so that a run
/// does not touch it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Contract {
    /// The version of this format: 1.
    pub site_version: u32,
    /// The name of the suite.
    pub suite: String,
    /// The name of its files, without their endings.
    pub slug: String,
    /// The layer.
    pub layer: Option<String>,
    /// The owner.
    pub owner: Option<String>,
    /// The author's description.
    pub description: Option<String>,
    /// The path of the suite's file.
    pub path: String,
    /// The policy of its gate.
    pub policy: String,
    /// What is promised, grouped by columns.
    pub promises: Vec<Promises>,
    /// The columns of the data of which nothing is promised.
    pub unpromised: Vec<String>,
}

/// What is promised of columns together; of the whole table, if there are none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Promises {
    /// The columns.
    pub columns: Vec<String>,
    /// The promises, in the order of the suite.
    pub of: Vec<Promise>,
}

/// What a check promises.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Promise {
    /// The check's name within the suite.
    pub id: String,
    /// The id of the expectation.
    pub expectation: String,
    /// The statement that holds when the check passes.
    pub sentence: String,
    /// The demand in words.
    pub demand: String,
    /// The predicate that selects the rows that it is about.
    pub filter: Option<String>,
    /// The limits on failing rows in words.
    pub thresholds: Option<String>,
    /// The reason of the demand.
    pub description: Option<String>,
    /// The severity.
    pub severity: Severity,
    /// Words to select the check by.
    pub tags: Vec<String>,
    /// Start of the first run that had it as it is, RFC 3339.
    pub since: String,
}

impl From<&DatasetHistory> for Contract {
    fn from(dataset: &DatasetHistory) -> Self {
        let mut promises: Vec<Promises> = Vec::new();
        for check in dataset.current() {
            let promise = Promise::from(check);
            match promises.iter_mut().find(|promises| promises.columns == check.columns) {
                Some(promises) => promises.of.push(promise),
                None => promises.push(Promises { columns: check.columns.clone(), of: vec![promise] }),
            }
        }
        let is_named = |column: &str| {
            dataset.current().any(|check| check.columns.iter().any(|named| of_column(named, column)))
        };
        Self {
            site_version: VERSION,
            suite: dataset.suite.clone(),
            slug: dataset.slug.clone(),
            layer: dataset.layer.clone(),
            owner: dataset.owner.clone(),
            description: dataset.description.clone(),
            path: dataset.path.clone(),
            policy: dataset.last().map(|run| run.policy.clone()).unwrap_or_default(),
            promises,
            unpromised: dataset.columns.iter().filter(|column| !is_named(column)).cloned().collect(),
        }
    }
}

impl From<&CheckHistory> for Promise {
    fn from(check: &CheckHistory) -> Self {
        Self {
            id: check.id.clone(),
            expectation: check.expectation.clone(),
            sentence: check.sentence.clone(),
            demand: check.demand.clone(),
            filter: check.filter.clone(),
            thresholds: check.thresholds.clone(),
            description: check.description.clone(),
            severity: check.severity,
            tags: check.tags.clone(),
            since: check.since.clone(),
        }
    }
}

/// Returns whether a path names a column or a part of it: `address.zip` is of `address`.
fn of_column(path: &str, column: &str) -> bool {
    path == column || path.strip_prefix(column).is_some_and(|rest| rest.starts_with(['.', '[']))
}

//! Where expectations are used.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::VERSION;
use super::index::SiteIndex;
use super::slug::slug;

/// Where an expectation is used: `e/NAME.json`. It changes with suites only, so that a run does not touch it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct ExpectationUses {
    /// The version of this format: 1.
    pub site_version: u32,
    /// The id of the expectation.
    pub id: String,
    /// The name of its files, without their endings.
    pub slug: String,
    /// Number of checks.
    pub checks: u64,
    /// The suites that use it.
    pub uses: Vec<Use>,
}

/// A suite that uses an expectation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Use {
    /// The name of the suite.
    pub suite: String,
    /// The name of its files, without their endings.
    pub slug: String,
    /// The layer.
    pub layer: Option<String>,
    /// The ids of the checks.
    pub checks: Vec<String>,
}

/// Returns where each expectation is used, by its id. Its suites stand by their names.
pub(super) fn uses(index: &SiteIndex) -> BTreeMap<&str, ExpectationUses> {
    let mut uses: BTreeMap<&str, ExpectationUses> = BTreeMap::new();
    let mut datasets: Vec<_> = index.datasets.iter().collect();
    datasets.sort_by_key(|line| &line.suite);
    for line in datasets {
        for check in &line.checks {
            let of = uses.entry(&check.expectation).or_insert_with(|| ExpectationUses {
                site_version: VERSION,
                id: check.expectation.clone(),
                slug: slug(&check.expectation),
                checks: 0,
                uses: Vec::new(),
            });
            of.checks += 1;
            match of.uses.last_mut().filter(|last| last.suite == line.suite) {
                Some(last) => last.checks.push(check.id.clone()),
                None => of.uses.push(Use {
                    suite: line.suite.clone(),
                    slug: line.slug.clone(),
                    layer: line.layer.clone(),
                    checks: vec![check.id.clone()],
                }),
            }
        }
    }
    uses
}

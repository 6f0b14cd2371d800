//! Fingerprints of metrics, which are the same in every process and on every machine.

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{Aggregate, GroupStatistic, Metric, UnmatchedResult};
use crate::data::hex;
use crate::predicate::SEMANTICS_VERSION;

/// The JSON document that is hashed.
#[derive(Debug, Serialize)]
struct Fingerprinted<'a> {
    /// The version of the semantics of expressions.
    expressions: u32,
    /// The version of the metric's kind, then that of the metric inside, if there is one.
    versions: Vec<u32>,
    metric: &'a Metric,
}

impl Metric {
    /// Returns a hash of the metric's definition and of the versions of its semantics. Two measurements with
    /// the same fingerprint over the same rows have the same result. The fingerprint of a metric of another
    /// dataset covers that dataset's name, but not its rows.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut versions = Vec::new();
        self.versions(&mut versions);
        let known = Fingerprinted { expressions: SEMANTICS_VERSION, versions, metric: self };
        // JSON refuses only maps whose keys are no strings, and a metric contains none.
        let text = serde_json::to_string(&known).unwrap_or_else(|_| format!("{known:?}"));
        hex(Sha256::new_with_prefix(text))
    }

    /// Pushes the version of the metric's kind, and that of the metric inside. Raise a version when the
    /// engines give another value than before for the same metric of the same rows.
    fn versions(&self, versions: &mut Vec<u32>) {
        versions.push(match self {
            Self::Count(_) => 1,
            Self::Aggregate { function, .. } => match function {
                Aggregate::Min => 1,
                Aggregate::Max => 1,
                Aggregate::Sum => 1,
                Aggregate::StandardDeviation => 1,
                Aggregate::Quantile { .. } => 1,
            },
            Self::Correlation { .. } => 1,
            Self::Tally(_) => 1,
            Self::Group { statistic, .. } => match statistic {
                GroupStatistic::Distinct => 1,
                GroupStatistic::DuplicatedRows => 1,
                GroupStatistic::DuplicatedKeys { .. } => 1,
                GroupStatistic::OutsideCount(_) => 1,
                GroupStatistic::Outside { .. } => 1,
                GroupStatistic::Inside(_) => 1,
                GroupStatistic::Singles => 1,
                GroupStatistic::ModeCount => 1,
                GroupStatistic::Modes { .. } => 1,
                GroupStatistic::ModesInside(_) => 1,
                GroupStatistic::Entropy => 1,
                GroupStatistic::Counts { .. } => 1,
            },
            Self::OutOfOrder(_) => 1,
            Self::Unmatched { result, .. } => match result {
                UnmatchedResult::Rows => 1,
                UnmatchedResult::Keys { .. } => 1,
            },
            Self::Differences(_) => 1,
            Self::QueryRows(_) => 1,
            Self::QueryDifference { .. } => 1,
            Self::OtherDataset { .. } => 1,
            Self::Each { .. } => 1,
        });
        if let Self::OtherDataset { metric, .. } | Self::Each { metric, .. } = self {
            metric.versions(versions);
        }
    }
}

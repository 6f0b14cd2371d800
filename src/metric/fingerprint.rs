//! What a metric is known by, in every process and on every machine.

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{Aggregate, GroupStatistic, Metric, Unmatched};
use crate::data::hex;
use crate::predicate::SEMANTICS_VERSION;

/// What is digested, as JSON.
#[derive(Debug, Serialize)]
struct Known<'a> {
    /// What the expressions in it mean.
    expressions: u32,
    /// What it counts, and what a metric within it counts.
    versions: Vec<u32>,
    metric: &'a Metric,
}

impl Metric {
    /// A digest of all that tells the metric from others, and of the version of what it counts: where it is
    /// the same, the same was measured, if it was of the same rows. Of a metric of another dataset it names
    /// that one, and says nothing of its rows.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut versions = Vec::new();
        self.versions(&mut versions);
        let known = Known { expressions: SEMANTICS_VERSION, versions, metric: self };
        // Nothing in it is a map whose keys are no texts, which is all that JSON could refuse.
        let text = serde_json::to_string(&known).unwrap_or_else(|_| format!("{known:?}"));
        hex(Sha256::new_with_prefix(text))
    }

    /// The version of each kind of metric: raise it when the engines give another value than before for the
    /// same metric of the same rows.
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
            Self::Misplaced(_) => 1,
            Self::Unmatched { told, .. } => match told {
                Unmatched::Rows => 1,
                Unmatched::Keys { .. } => 1,
            },
            Self::Differences(_) => 1,
            Self::Selected(_) => 1,
            Self::SelectedApart { .. } => 1,
            Self::Of { .. } => 1,
            Self::Each { .. } => 1,
        });
        if let Self::Of { metric, .. } | Self::Each { metric, .. } = self {
            metric.versions(versions);
        }
    }
}

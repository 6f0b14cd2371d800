//! What is demanded of measured values.

use serde::Serialize;

use super::aggregate::chi_square::FollowsPartition;
use super::aggregate::correlation::CorrelationWithin;
use super::aggregate::cramers_phi::WeaklyAssociated;
use super::aggregate::distinct_values::RelatedValues;
use super::aggregate::kl_divergence::SmallDivergence;
use super::aggregate::ks_test::FollowsDistribution;
use super::aggregate::mean::MeanWithin;
use super::aggregate::measure::FormulaWithin;
use super::aggregate::most_common::CommonestAllowed;
use super::aggregate::quantiles::QuantilesWithin;
use super::aggregate::ratio::RatioWithin;
use super::cross::query_matches::MatchingRows;
use super::cross::row_count_change::CountChange;
use super::cross::row_count_same_as::SameCount;
use super::cross::same_as::SameNumber;
use super::cross::same_rows_as;
use super::table::unexpected_rows;
use super::time::fresh::Recent;
use super::within::Within;
use super::{Facts, Judgement};
use crate::metric::Misshapen;

/// What a check demands of what was measured for it, in the order of its metrics. It is plain data, so that
/// a plan can be compared, written down and sent elsewhere; each is defined and judged in the file of the
/// expectation that makes it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Demand {
    /// A value lies within bounds.
    Within(Within),
    /// A mean, the quotient of a sum and a count, lies within bounds.
    MeanWithin(MeanWithin),
    /// The quotient of two counts lies within bounds.
    RatioWithin(RatioWithin),
    /// A correlation lies within bounds.
    CorrelationWithin(CorrelationWithin),
    /// A number computed of several values lies within bounds.
    FormulaWithin(FormulaWithin),
    /// Each quantile lies within bounds of its own.
    QuantilesWithin(QuantilesWithin),
    /// The distinct values are within a set, contain it or equal it.
    RelatedValues(RelatedValues),
    /// The most common value is one of a set.
    CommonestAllowed(CommonestAllowed),
    /// Values follow a distribution.
    FollowsDistribution(FollowsDistribution),
    /// Values are found as often as is expected of each.
    FollowsPartition(FollowsPartition),
    /// Values diverge little from the shares that are expected.
    SmallDivergence(SmallDivergence),
    /// Two columns are associated at most weakly.
    WeaklyAssociated(WeaklyAssociated),
    /// A number is the same in another dataset.
    SameNumber(SameNumber),
    /// There are as many rows as in another dataset.
    SameCount(SameCount),
    /// The number of rows has changed by so much.
    CountChange(CountChange),
    /// Another dataset has the same rows.
    SameRows,
    /// A query gives the same rows as one on another dataset.
    MatchingRows(MatchingRows),
    /// A query gives no rows.
    NoRows,
    /// The newest value, or the commit, is recent.
    Recent(Recent),
}

impl Demand {
    /// Judges what was measured.
    ///
    /// # Errors
    /// It has another shape than was asked for.
    pub fn judge(&self, facts: &Facts<'_>) -> Result<Judgement, Misshapen> {
        match self {
            Self::Within(demand) => demand.judge(facts),
            Self::MeanWithin(demand) => demand.judge(facts),
            Self::RatioWithin(demand) => demand.judge(facts),
            Self::CorrelationWithin(demand) => demand.judge(facts),
            Self::FormulaWithin(demand) => demand.judge(facts),
            Self::QuantilesWithin(demand) => demand.judge(facts),
            Self::RelatedValues(demand) => demand.judge(facts),
            Self::CommonestAllowed(demand) => demand.judge(facts),
            Self::FollowsDistribution(demand) => Ok(demand.judge(facts)),
            Self::FollowsPartition(demand) => Ok(demand.judge(facts)),
            Self::SmallDivergence(demand) => Ok(demand.judge(facts)),
            Self::WeaklyAssociated(demand) => Ok(demand.judge(facts)),
            Self::SameNumber(demand) => demand.judge(facts),
            Self::SameCount(demand) => demand.judge(facts),
            Self::CountChange(demand) => demand.judge(facts),
            Self::SameRows => same_rows_as::judge(facts),
            Self::MatchingRows(demand) => demand.judge(facts),
            Self::NoRows => unexpected_rows::judge(facts),
            Self::Recent(demand) => demand.judge(facts),
        }
    }
}

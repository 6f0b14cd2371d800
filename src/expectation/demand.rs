//! The demand on measured values.

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
use super::{Judgement, JudgementInput};
use crate::metric::Misshapen;

/// The demand of a check on the values of its metrics, in their order. A demand is plain data, so that a plan
/// can be compared, written down and sent elsewhere. The file of the expectation that makes a demand defines
/// and judges it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Demand {
    /// A value lies within bounds.
    Within(Within),
    /// A mean, the quotient of a sum and a count, lies within bounds.
    MeanWithin(MeanWithin),
    /// The quotient of two counts lies within bounds.
    RatioWithin(RatioWithin),
    /// A correlation lies within bounds.
    CorrelationWithin(CorrelationWithin),
    /// A number computed from several values lies within bounds.
    FormulaWithin(FormulaWithin),
    /// Each quantile lies within bounds of its own.
    QuantilesWithin(QuantilesWithin),
    /// The distinct values are within a set, contain it or equal it.
    RelatedValues(RelatedValues),
    /// The most common value is one of a set.
    CommonestAllowed(CommonestAllowed),
    /// Values follow a distribution.
    FollowsDistribution(FollowsDistribution),
    /// Values occur as often as the partition expects.
    FollowsPartition(FollowsPartition),
    /// Values diverge little from the expected shares.
    SmallDivergence(SmallDivergence),
    /// Two columns are associated at most weakly.
    WeaklyAssociated(WeaklyAssociated),
    /// A number is the same in another dataset.
    SameNumber(SameNumber),
    /// There are as many rows as in another dataset.
    SameCount(SameCount),
    /// The change of the number of rows lies within bounds.
    CountChange(CountChange),
    /// Another dataset has the same rows.
    SameRows,
    /// A query returns the same rows as a query on another dataset.
    MatchingRows(MatchingRows),
    /// A query returns no rows.
    NoRows,
    /// The newest value, or the commit, is recent.
    Recent(Recent),
}

impl Demand {
    /// Judges the measured values.
    ///
    /// # Errors
    /// It has another shape than was asked for.
    pub fn judge(&self, input: &JudgementInput<'_>) -> Result<Judgement, Misshapen> {
        match self {
            Self::Within(demand) => demand.judge(input),
            Self::MeanWithin(demand) => demand.judge(input),
            Self::RatioWithin(demand) => demand.judge(input),
            Self::CorrelationWithin(demand) => demand.judge(input),
            Self::FormulaWithin(demand) => demand.judge(input),
            Self::QuantilesWithin(demand) => demand.judge(input),
            Self::RelatedValues(demand) => demand.judge(input),
            Self::CommonestAllowed(demand) => demand.judge(input),
            Self::FollowsDistribution(demand) => Ok(demand.judge(input)),
            Self::FollowsPartition(demand) => Ok(demand.judge(input)),
            Self::SmallDivergence(demand) => Ok(demand.judge(input)),
            Self::WeaklyAssociated(demand) => Ok(demand.judge(input)),
            Self::SameNumber(demand) => demand.judge(input),
            Self::SameCount(demand) => demand.judge(input),
            Self::CountChange(demand) => demand.judge(input),
            Self::SameRows => same_rows_as::judge(input),
            Self::MatchingRows(demand) => demand.judge(input),
            Self::NoRows => unexpected_rows::judge(input),
            Self::Recent(demand) => demand.judge(input),
        }
    }
}

//! The rule that no value lies far from the others, for each measure of distance.

use serde::Serialize;

use super::super::{Condition, FailureRule, Lowered, RowRule, Site};
use super::infinite::Infinite;
use super::not_outlier::OutlierDistance;
use super::z_score::ZScores;
use crate::data::Value;
use crate::metric::{Measured, Metric, Misshapen};
use crate::predicate::Typed;

/// The condition that a value of a column lies far from the others, which follows from measured values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outlier {
    column: Typed,
    /// True on the rows whose values are considered; never null.
    among: Typed,
    beyond: OutlierMeasure,
    infinite: Infinite,
}

/// The measure by which a value is far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum OutlierMeasure {
    /// A z-score that is too high.
    ZScores(ZScores),
    /// A distance from the quartiles or from the mean that is too large.
    OutlierDistance(OutlierDistance),
}

impl Outlier {
    /// Returns the rule that no value of a column is an outlier.
    pub(super) fn rule(
        site: &Site<'_>,
        column: Typed,
        mut metrics: Vec<Metric>,
        beyond: OutlierMeasure,
        infinite: Infinite,
    ) -> Lowered {
        metrics.extend(infinite.metric(site, &column));
        let considered = site.filter_not_null([&column]);
        let outlying = Self { column, among: considered.clone(), beyond, infinite };
        let condition = Condition::Outlier(Box::new(outlying));
        Lowered::Rows(RowRule { considered, fails: FailureRule::MeasuredCondition { metrics, condition } })
    }

    /// Returns the condition that follows from measured values. It is true on the outliers.
    pub(in crate::expectation) fn of(&self, measured: &[Measured]) -> Result<Typed, String> {
        let values: Result<Vec<Value>, Misshapen> = measured.iter().map(Measured::value).collect();
        let values = values.map_err(|error| error.to_string())?;
        let beyond = self.infinite.condition_or_pass(&values, |values| self.beyond(values))?;
        let beyond = beyond.unwrap_or_else(|| Typed::always().negated());
        Ok(Typed::all([self.among.clone(), beyond.is_true()]))
    }

    /// Returns the condition on the values alone; none if no value can be an outlier.
    fn beyond(&self, values: &[Value]) -> Result<Option<Typed>, String> {
        match &self.beyond {
            OutlierMeasure::ZScores(scores) => scores.beyond(&self.column, values),
            OutlierMeasure::OutlierDistance(far) => far.beyond(&self.column, values),
        }
    }
}

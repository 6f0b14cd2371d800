//! `chi_square`: the values follow an expected distribution, by Pearson's chi-squared test.

use serde::Serialize;
use statrs::distribution::{ChiSquared, ContinuousCDF};

use super::super::{
    Arguments, Claim, Definition, Demand, Expectation, Family, Judgement, JudgementInput, LowerError,
    Lowered, Nature, Need, Parameter, ParameterKind, Scope, Site,
};
use super::partition::{Partition, Parts, bound, level, share, with_holdout};
use super::value_counts::ValueCounts;
use super::{distinct_groups, double};
use crate::data::{ColumnPath, Literal, Value};
use crate::document::Diagnostic;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "chi_square",
    family: Family::Aggregate,
    scope: Scope::Column,
    nature: Nature::Measured,
    summary: "the values follow an expected distribution, by Pearson's chi-squared test",
    parameters: &[
        Parameter::required("partition", ParameterKind::Partition, "the distribution expected"),
        Parameter::optional("p_value", ParameterKind::Number, "what the p-value must exceed"),
        Parameter::optional(
            "tail_weight_holdout",
            ParameterKind::Number,
            "the share expected of values that are not listed",
        ),
    ],
    bare: None,
    page: include_str!("../../../expectations/aggregate/chi_square.md"),
    read: |arguments| Ok(Box::new(ChiSquare::read(arguments)?)),
};

#[derive(Debug)]
struct ChiSquare {
    values: Vec<Literal>,
    weights: Vec<f64>,
    level: f64,
    holdout: f64,
}

impl ChiSquare {
    fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        let Partition { of: Parts::Values(values), weights } = Partition::read(arguments)? else {
            let span = arguments.required("partition")?.span;
            return Err(Diagnostic::new(span, "chi_square compares values, not bins")
                .help("kl_divergence and ks_test compare numbers"));
        };
        Ok(Self {
            values,
            weights,
            level: level(arguments)?,
            holdout: share(arguments, "tail_weight_holdout")?,
        })
    }
}

impl Expectation for ChiSquare {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let grouping = distinct_groups(site)?;
        let values = bound(&self.values, &site.comparable_column()?.data_type)?;
        let demand = FollowsPartition {
            values,
            weights: self.weights.clone(),
            level: self.level,
            holdout: self.holdout,
        };
        Ok(Lowered::Measured {
            metrics: ValueCounts::metrics(grouping),
            demand: Demand::FollowsPartition(demand),
        })
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        let Self { values, weights, level, holdout } = self;
        let subject = format!("chi-squared test of {} by {values:?} {weights:?} {holdout}", column?);
        Some(Claim::whole(subject).needing("level", Need::AtLeast(*level)))
    }

    fn demand(&self) -> String {
        format!("of {} values, p above {}", self.values.len(), Value::float(self.level))
    }
}

/// The demand that values occur as often as their weights expect.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FollowsPartition {
    values: Vec<Value>,
    /// The expected share of each value.
    weights: Vec<f64>,
    /// The p-value that the result must exceed.
    level: f64,
    /// The expected share of all other values.
    holdout: f64,
}

impl FollowsPartition {
    pub(in crate::expectation) fn judge(&self, input: &JudgementInput<'_>) -> Judgement {
        let counts = match ValueCounts::of(input) {
            Ok(counts) => counts,
            Err(judgement) => return *judgement,
        };
        let (found, others) = counts.beside(&self.values);
        match p_value(&found, &with_holdout(&self.weights, others, self.holdout)) {
            Some(p_value) => Judgement::new(p_value > self.level, Value::float(p_value)),
            None => Judgement::undefined().because("undefined: one value leaves nothing to compare"),
        }
    }
}

/// Returns the probability that counts are at least as far from the expected counts as these. Values that are
/// not expected and do not occur are left out.
fn p_value(found: &[f64], weights: &[f64]) -> Option<f64> {
    let (all, whole) = (found.iter().sum::<f64>(), weights.iter().sum::<f64>());
    let taking_part = found.iter().zip(weights).filter(|(found, weight)| **found > 0.0 || **weight > 0.0);
    let (mut statistic, mut parts) = (0.0, 0);
    for (found, weight) in taking_part {
        let expected = weight / whole * all;
        statistic += (found - expected).powi(2) / expected;
        parts += 1;
    }
    // A value occurs whose expected count is zero.
    if statistic == f64::INFINITY {
        return Some(0.0);
    }
    ChiSquared::new(double(parts) - 1.0).ok().map(|distribution| distribution.sf(statistic))
}

//! `ks_test`: the values follow a distribution, by the Kolmogorov-Smirnov test.

use serde::Serialize;

use super::super::{
    Arguments, Claim, Definition, Demand, Expectation, Family, Judgement, JudgementInput, LowerError,
    Lowered, Nature, Need, Parameter, ParameterKind, Scope, Site,
};
use super::distribution::{Distribution, NAMES};
use super::kolmogorov;
use super::partition::level;
use super::value_counts::ValueCounts;
use super::{distinct_groups, double};
use crate::data::{ColumnPath, Value};
use crate::document::Diagnostic;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "ks_test",
    family: Family::Aggregate,
    scope: Scope::Column,
    nature: Nature::Measured,
    summary: "the values follow a distribution, by the Kolmogorov-Smirnov test",
    parameters: &[
        Parameter::required(
            "distribution",
            ParameterKind::Choice(NAMES),
            "the distribution, as scipy calls it",
        ),
        Parameter::optional("params", ParameterKind::Numbers, "its parameters"),
        Parameter::optional("p_value", ParameterKind::Number, "what the p-value must reach"),
    ],
    bare: Some("distribution"),
    page: include_str!("../../../expectations/aggregate/ks_test.md"),
    read: |arguments| Ok(Box::new(KsTest::read(arguments)?)),
};

#[derive(Debug)]
struct KsTest {
    distribution: Distribution,
    level: f64,
}

impl KsTest {
    fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        Ok(Self { distribution: Distribution::read(arguments)?, level: level(arguments)? })
    }
}

impl Expectation for KsTest {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        site.numeric_column()?;
        let demand = FollowsDistribution { distribution: self.distribution.clone(), level: self.level };
        Ok(Lowered::Measured {
            metrics: ValueCounts::metrics(distinct_groups(site)?),
            demand: Demand::FollowsDistribution(demand),
        })
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        let subject = format!("Kolmogorov-Smirnov test of {} by {:?}", column?, self.distribution);
        Some(Claim::whole(subject).needing("level", Need::AtLeast(self.level)))
    }

    fn demand(&self) -> String {
        format!("{}, p at least {}", self.distribution.written(), Value::float(self.level))
    }
}

/// The demand that values follow a distribution.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FollowsDistribution {
    distribution: Distribution,
    /// The least p-value that passes.
    level: f64,
}

impl FollowsDistribution {
    pub(in crate::expectation) fn judge(&self, input: &JudgementInput<'_>) -> Judgement {
        let counts = match ValueCounts::of(input) {
            Ok(counts) => counts,
            Err(judgement) => return *judgement,
        };
        let p_value = p_value(&counts, &self.distribution);
        Judgement::new(p_value >= self.level, Value::float(p_value))
    }
}

/// Returns the probability that values drawn from the distribution are at least as far from the distribution
/// as these values; NaN if one of these is NaN.
fn p_value(counts: &ValueCounts<'_>, distribution: &Distribution) -> f64 {
    let all = double(counts.count);
    let (mut below, mut distance) = (0.0, 0.0_f64);
    for (value, rows) in counts.keys.first().copied().unwrap_or_default().iter().zip(&counts.rows) {
        let Some(number) = value.as_f64().filter(|number| !number.is_nan()) else { return f64::NAN };
        let expected = distribution.up_to(number);
        let up_to = below + rows;
        distance = distance.max(expected - below / all).max(up_to / all - expected);
        below = up_to;
    }
    kolmogorov::p_value(counts.count, distance)
}

//! `not_outlier`: no value lies far from the others.

use serde::Serialize;

use super::super::{
    Arguments, Claim, Definition, Expectation, Family, LowerError, Lowered, Nature, Need, Parameter,
    ParameterKind, Scope, Site,
};
use super::deviation_limits::{self, Limit, Side, Spread};
use super::infinite::Infinite;
use super::outlying::{Outlier, OutlierMeasure};
use crate::data::{ColumnPath, Exact, Float, Value};
use crate::document::Diagnostic;
use crate::metric::{Aggregate, Interpolation, Metric};
use crate::predicate::Typed;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "not_outlier",
    family: Family::Values,
    scope: Scope::Column,
    nature: Nature::Rows,
    summary: "no value lies far from the others",
    parameters: &[
        Parameter::optional(
            "method",
            ParameterKind::Choice(&["iqr", "std"]),
            "what far is measured by: the range between the quartiles, or the standard deviation",
        ),
        Parameter::optional("multiplier", ParameterKind::Number, "how many of those are far"),
        Infinite::PARAMETER,
    ],
    bare: Some("method"),
    page: include_str!("../../../expectations/values/not_outlier.md"),
    read: |arguments| Ok(Box::new(NotOutlier::read(arguments)?)),
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Method {
    Quartiles,
    Deviation,
}

#[derive(Debug)]
struct NotOutlier {
    far: OutlierDistance,
    infinite: Infinite,
}

impl NotOutlier {
    fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        const WANTED: &str = "a number that is not negative";
        let multiplier = match arguments.node("multiplier") {
            Some(node) => match node.number::<f64>(WANTED)? {
                multiplier if multiplier >= 0.0 && multiplier.is_finite() => multiplier,
                _ => return Err(node.expected_error(WANTED)),
            },
            None => 1.5,
        };
        let method = arguments.choice("method", &[("iqr", Method::Quartiles), ("std", Method::Deviation)])?;
        Ok(Self {
            far: OutlierDistance { method, multiplier: Float(multiplier) },
            infinite: Infinite::read(arguments)?,
        })
    }
}

impl Expectation for NotOutlier {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let column = site.numeric_column()?;
        let metrics = match self.far.method {
            Method::Quartiles => {
                let quartile = |at| Metric::Aggregate {
                    function: Aggregate::Quantile { at: Float(at), interpolation: Interpolation::Linear },
                    of: column.clone(),
                    filter: site.filter.clone(),
                };
                vec![quartile(0.25), quartile(0.75)]
            }
            Method::Deviation => deviation_limits::mean_and_deviation(site, &column),
        };
        Ok(Outlier::rule(
            site,
            column,
            metrics,
            OutlierMeasure::OutlierDistance(self.far.clone()),
            self.infinite,
        ))
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        let OutlierDistance { method, multiplier: Float(multiplier) } = self.far;
        let subject = format!("outliers of {} by {method:?}, infinite {:?}", column?, self.infinite);
        // A multiplier of 0 has a meaning of its own.
        let subject = if multiplier == 0.0 { format!("{subject}, by nothing") } else { subject };
        Some(Claim::whole(subject).needing("multiplier", Need::AtMost(multiplier)))
    }

    fn demand(&self) -> String {
        let of = match self.far.method {
            Method::Quartiles => "interquartile ranges beyond the quartiles",
            Method::Deviation => "standard deviations from the mean",
        };
        format!("{} {of}", self.far.multiplier.0)
    }
}

/// The distance at which a value is an outlier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct OutlierDistance {
    method: Method,
    multiplier: Float,
}

impl OutlierDistance {
    /// Returns the condition that a value is an outlier, which follows from measured values; none if no value
    /// can be.
    pub(super) fn beyond(&self, of: &Typed, values: &[Value]) -> Result<Option<Typed>, String> {
        let Float(multiplier) = self.multiplier;
        match self.method {
            Method::Quartiles => beyond_fences(of, values, multiplier),
            Method::Deviation => Ok(match deviation_limits::spread(values)? {
                Spread::Zero => None,
                // A value that equals the mean is no outlier, even at distance 0.
                Spread::Of { mean, .. } if multiplier == 0.0 => {
                    Some(outside(of, &mean, &mean, &Exact::integer(0)))
                }
                Spread::Of { mean, deviation } => {
                    deviation_limits::at_least_from_mean(of, &mean, &deviation, multiplier)
                }
            }),
        }
    }
}

/// Returns the condition that a value lies beyond Tukey's fences. If the quartiles are equal, both fences are
/// at that value, and every other value lies beyond them.
fn beyond_fences(of: &Typed, quartiles: &[Value], multiplier: f64) -> Result<Option<Typed>, String> {
    let [lower, upper] = quartiles else { return Ok(None) };
    if lower.is_null() || upper.is_null() {
        return Ok(None);
    }
    let not_finite = || "the quartiles are not finite".to_owned();
    let (Some(lower), Some(upper)) = (Exact::of(lower), Exact::of(upper)) else { return Err(not_finite()) };
    let range = upper.minus(&lower).ok_or_else(not_finite)?;
    let far = Exact::written(multiplier).and_then(|multiplier| multiplier.times(&range));
    Ok(Some(outside(of, &lower, &upper, &far.ok_or_else(not_finite)?)))
}

/// Returns the condition that a value lies more than `far` below `lower` or above `upper`.
fn outside(of: &Typed, lower: &Exact, upper: &Exact, far: &Exact) -> Typed {
    Typed::any(vec![
        deviation_limits::on_side(of, Side::Below, &Limit::new(lower.clone(), far.negated())),
        deviation_limits::on_side(of, Side::Above, &Limit::new(upper.clone(), far.clone())),
    ])
}

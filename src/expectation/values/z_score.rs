//! `z_score`: every value lies within a number of standard deviations of the mean.

use serde::Serialize;

use super::super::{
    Arguments, Claim, Definition, Expectation, Family, LowerError, Lowered, Nature, Need, Parameter,
    ParameterKind, Scope, Site,
};
use super::deviation_limits::{self, Spread};
use super::infinite::Infinite;
use super::outlying::{Outlier, OutlierMeasure};
use crate::data::{ColumnPath, Float, Value};
use crate::document::Diagnostic;
use crate::predicate::Typed;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "z_score",
    family: Family::Values,
    scope: Scope::Column,
    nature: Nature::Rows,
    summary: "every value lies within so many standard deviations of the mean",
    parameters: &[
        Parameter::required("threshold", ParameterKind::Number, "the z-score that is too high"),
        Parameter::optional(
            "double_sided",
            ParameterKind::Boolean,
            "whether values far below the mean fail too",
        ),
        Infinite::PARAMETER,
    ],
    bare: Some("threshold"),
    page: include_str!("../../../expectations/values/z_score.md"),
    read: |arguments| Ok(Box::new(ZScore::read(arguments)?)),
};

#[derive(Debug)]
struct ZScore {
    scores: ZScores,
    infinite: Infinite,
}

impl ZScore {
    fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        let node = arguments.required("threshold")?;
        let threshold: f64 = node.number("a number")?;
        if threshold.is_nan() {
            return Err(node.expected_error("a number"));
        }
        let double_sided = arguments.flag("double_sided", true)?;
        let scores = ZScores { threshold: Float(threshold), double_sided };
        Ok(Self { scores, infinite: Infinite::read(arguments)? })
    }
}

impl Expectation for ZScore {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let column = site.numeric_column()?;
        let metrics = deviation_limits::mean_and_deviation(site, &column);
        let beyond = OutlierMeasure::ZScores(self.scores.clone());
        Ok(Outlier::rule(site, column, metrics, beyond, self.infinite))
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        let (Float(threshold), double_sided) = (self.scores.threshold, self.scores.double_sided);
        // Far on either side is what exceeds the threshold without its sign.
        let most = if double_sided { threshold.abs() } else { threshold };
        let subject = format!("z-scores of {}, infinite {:?}", column?, self.infinite);
        let claim = Claim::whole(subject).needing("above", Need::AtMost(most));
        Some(if double_sided { claim.needing("below", Need::AtMost(most)) } else { claim })
    }

    fn demand(&self) -> String {
        let sides = if self.scores.double_sided { "" } else { ", above the mean" };
        format!("below {}{sides}", self.scores.threshold.0)
    }
}

/// The z-scores that are too high.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct ZScores {
    threshold: Float,
    /// True if values far below the mean fail too.
    double_sided: bool,
}

impl ZScores {
    /// Returns the condition that a value's z-score is too high, from the values of
    /// [`deviation_limits::mean_and_deviation`].
    pub(super) fn beyond(&self, of: &Typed, values: &[Value]) -> Result<Option<Typed>, String> {
        let Float(threshold) = self.threshold;
        Ok(match deviation_limits::spread(values)? {
            Spread::Zero => None,
            Spread::Of { mean, deviation } if self.double_sided => {
                deviation_limits::at_least_from_mean(of, &mean, &deviation, threshold.abs())
            }
            Spread::Of { mean, deviation } => deviation_limits::above(of, &mean, &deviation, threshold),
        })
    }
}

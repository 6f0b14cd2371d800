//! `z_score`: every value lies within so many standard deviations of the mean.

use super::super::{
    Arguments, Definition, Expectation, Family, LowerError, Lowered, Nature, Parameter, ParameterKind, Scope,
    Site,
};
use super::infinite::Infinite;
use super::relative::{self, Spread};
use crate::document::Diagnostic;

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
    threshold: f64,
    double_sided: bool,
    infinite: Infinite,
}

impl ZScore {
    fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        let node = arguments.required("threshold")?;
        let threshold: f64 = node.number("a number")?;
        if threshold.is_nan() {
            return Err(node.not("a number"));
        }
        let double_sided = arguments.flag("double_sided", true)?;
        Ok(Self { threshold, double_sided, infinite: Infinite::read(arguments)? })
    }
}

impl Expectation for ZScore {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let column = site.numeric_column()?;
        let (metrics, of) = (relative::mean_and_deviation(site, &column), column.clone());
        let (threshold, double_sided) = (self.threshold, self.double_sided);
        Ok(self.infinite.rule(site, &column, metrics, move |values| {
            Ok(match relative::spread(values)? {
                Spread::None => None,
                Spread::Of { mean, deviation } if double_sided => {
                    relative::far(&of, &mean, &deviation, threshold.abs())
                }
                Spread::Of { mean, deviation } => relative::above(&of, &mean, &deviation, threshold),
            })
        }))
    }

    fn demand(&self) -> String {
        let sides = if self.double_sided { "" } else { ", above the mean" };
        format!("below {}{sides}", self.threshold)
    }
}

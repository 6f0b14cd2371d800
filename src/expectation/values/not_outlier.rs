//! `not_outlier`: no value lies far from the others.

use super::super::{
    Arguments, Definition, Expectation, Family, LowerError, Lowered, Nature, Parameter, ParameterKind, Scope,
    Site,
};
use super::infinite::Infinite;
use super::relative::{self, Spread};
use crate::data::{Float, Value};
use crate::document::Diagnostic;
use crate::metric::{Aggregate, Interpolation, Metric};
use crate::predicate::{Comparison, Typed};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "not_outlier",
    great_expectations: &["expect_column_values_to_not_be_outliers"],
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

#[derive(Clone, Copy, Debug)]
enum Method {
    Quartiles,
    Deviation,
}

#[derive(Debug)]
struct NotOutlier {
    method: Method,
    multiplier: f64,
    infinite: Infinite,
}

impl NotOutlier {
    fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        const WANTED: &str = "a number that is not negative";
        let multiplier = match arguments.node("multiplier") {
            Some(node) => match node.number::<f64>(WANTED)? {
                multiplier if multiplier >= 0.0 && multiplier.is_finite() => multiplier,
                _ => return Err(node.not(WANTED)),
            },
            None => 1.5,
        };
        let method = arguments.choice("method", &[("iqr", Method::Quartiles), ("std", Method::Deviation)])?;
        Ok(Self { method, multiplier, infinite: Infinite::read(arguments)? })
    }
}

impl Expectation for NotOutlier {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let column = site.numeric_column()?;
        let (multiplier, of) = (self.multiplier, relative::double(column.clone()));
        Ok(match self.method {
            Method::Quartiles => {
                let quartile = |at| Metric::Aggregate {
                    function: Aggregate::Quantile { at: Float(at), interpolation: Interpolation::Linear },
                    of: column.clone(),
                    filter: site.filter.clone(),
                };
                let metrics = vec![quartile(0.25), quartile(0.75)];
                self.infinite
                    .rule(site, &column, metrics, move |values| beyond_fences(&of, values, multiplier))
            }
            Method::Deviation => {
                let metrics = relative::mean_and_deviation(site, &column);
                self.infinite.rule(site, &column, metrics, move |values| {
                    Ok(match relative::spread(values)? {
                        Spread::None => None,
                        Spread::Of { mean, deviation } => {
                            let distance = relative::magnitude(relative::difference(of.clone(), mean));
                            let far = multiplier * deviation;
                            // What lies on the mean is never far from it.
                            let how =
                                if far > 0.0 { Comparison::GreaterOrEqual } else { Comparison::Greater };
                            Some(relative::compared(distance, how, far))
                        }
                    })
                })
            }
        })
    }

    fn demand(&self) -> String {
        let of = match self.method {
            Method::Quartiles => "interquartile ranges beyond the quartiles",
            Method::Deviation => "standard deviations from the mean",
        };
        format!("{} {of}", self.multiplier)
    }
}

/// The condition that a value lies beyond Tukey's fences. Where the quartiles are equal, both fences are that
/// one value, and every other one lies beyond them.
fn beyond_fences(of: &Typed, quartiles: &[Value], multiplier: f64) -> Result<Option<Typed>, String> {
    let [Some(lower), Some(upper)] = [0, 1].map(|index| quartiles.get(index).and_then(Value::as_f64)) else {
        return Ok(None);
    };
    let range = upper - lower;
    if !range.is_finite() {
        return Err("the quartiles are not finite".to_owned());
    }
    let side = |how, fence| relative::compared(of.clone(), how, fence);
    Ok(Some(Typed::any(vec![
        side(Comparison::Less, lower - multiplier * range),
        side(Comparison::Greater, upper + multiplier * range),
    ])))
}

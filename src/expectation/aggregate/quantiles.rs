//! `quantiles`: the values at given positions of the order lie within bounds.

use serde::Serialize;

use super::super::bounds::BoundBounds;
use super::super::within::number_of;
use super::super::{
    Arguments, Claim, Definition, Demand, Expectation, Family, Judgement, JudgementInput, LowerError,
    Lowered, Nature, Need, Parameter, ParameterKind, Scope, Site,
};
use crate::data::{ColumnPath, DataType, Float, Literal, Value};
use crate::document::{Diagnostic, Node, did_you_mean};
use crate::expectation::bounds::Bounds;
use crate::metric::{Aggregate, Interpolation, Metric, Misshapen};

const INTERPOLATIONS: [(&str, Interpolation); 5] = [
    ("nearest", Interpolation::Nearest),
    ("linear", Interpolation::Linear),
    ("lower", Interpolation::Lower),
    ("higher", Interpolation::Higher),
    ("midpoint", Interpolation::Midpoint),
];

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "quantiles",
    family: Family::Aggregate,
    scope: Scope::Column,
    nature: Nature::Measured,
    summary: "the values at given positions of the order lie within bounds",
    parameters: &[
        Parameter::required("ranges", ParameterKind::QuantileRanges, "positions with their bounds"),
        Parameter::optional(
            "interpolation",
            ParameterKind::Choice(&["nearest", "linear", "lower", "higher", "midpoint"]),
            "what to take between two values",
        ),
        Parameter::optional(
            "tolerance",
            ParameterKind::Number,
            "how far beyond a bound a quantile may lie, as a share of the bound",
        ),
    ],
    bare: Some("ranges"),
    page: include_str!("../../../expectations/aggregate/quantiles.md"),
    read: |arguments| Ok(Box::new(Quantiles::read(arguments)?)),
};

#[derive(Debug)]
struct Quantiles {
    ranges: Vec<(Float, Bounds)>,
    interpolation: Interpolation,
    tolerance: f64,
}

impl Quantiles {
    fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        let node = arguments.required("ranges")?;
        let ranges: Vec<_> =
            node.list("a list of {at: 0.5, min: 1, max: 3}")?.iter().map(range).collect::<Result<_, _>>()?;
        if ranges.is_empty() {
            return Err(Diagnostic::new(node.span, "an empty list of ranges"));
        }
        let tolerance = match arguments.node("tolerance") {
            Some(node) => share(node)?,
            None => 0.0,
        };
        Ok(Self { ranges, interpolation: arguments.choice("interpolation", &INTERPOLATIONS)?, tolerance })
    }
}

fn range(node: &Node) -> Result<(Float, Bounds), Diagnostic> {
    const KEYS: [&str; 3] = ["at", "min", "max"];
    let (mut at, mut min, mut max) = (None, None, None);
    for (key, value) in node.map("{at: 0.5, min: 1, max: 3}")? {
        let literal = || value.scalar("a number").map(|scalar| Some(Literal::from_scalar(scalar)));
        match key.text.as_str() {
            "at" => at = Some(share(value)?),
            "min" if !value.is_null() => min = literal()?,
            "max" if !value.is_null() => max = literal()?,
            "min" | "max" => {}
            other => {
                return Err(Diagnostic::new(key.span, format!("a range has no {other:?}"))
                    .maybe_help(did_you_mean(other, KEYS)));
            }
        }
    }
    let at = at.ok_or_else(|| Diagnostic::new(node.span, "a range needs \"at\", between 0 and 1"))?;
    if min.is_none() && max.is_none() {
        return Err(Diagnostic::new(node.span, "a range needs min, max or both"));
    }
    Ok((Float(at), Bounds::of(min, max)))
}

/// Reads a number between 0 and 1.
fn share(node: &Node) -> Result<f64, Diagnostic> {
    const WANTED: &str = "a number between 0 and 1";
    node.number(WANTED)
        .and_then(|at| if (0.0..=1.0).contains(&at) { Ok(at) } else { Err(node.expected_error(WANTED)) })
}

impl Expectation for Quantiles {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let of = site.numeric_column()?;
        let mut metrics = Vec::with_capacity(self.ranges.len());
        let mut bounds: Vec<BoundBounds> = Vec::with_capacity(self.ranges.len());
        for (at, range) in &self.ranges {
            let function = Aggregate::Quantile { at: *at, interpolation: self.interpolation };
            metrics.push(Metric::Aggregate { function, of: of.clone(), filter: site.filter.clone() });
            bounds.push(range.bind_number(&of.data_type)?);
        }
        let demand = QuantilesWithin { of: of.data_type, bounds, tolerance: self.tolerance };
        Ok(Lowered::Measured { metrics, demand: Demand::QuantilesWithin(demand) })
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        let subject = format!("quantiles of {} by {:?}", column?, self.interpolation);
        if self.tolerance > 0.0 {
            // How far that reaches, each bound says anew.
            let all = format!("{subject} within {:?}", self.ranges);
            return Some(Claim::whole(all).needing("tolerance", Need::AtMost(self.tolerance)));
        }
        let needs = self.ranges.iter().map(|(at, bounds)| (at, Need::Within(bounds.clone())));
        Some(
            needs
                .fold(Claim::whole(subject), |claim, (at, need)| claim.needing(format!("at {}", at.0), need)),
        )
    }

    fn demand(&self) -> String {
        let ranges: Vec<_> = self
            .ranges
            .iter()
            .map(|(at, bounds)| format!("{} at {}", bounds.demand(), Value::Float(*at)))
            .collect();
        ranges.join(", ")
    }
}

/// The demand that each quantile lies within its own bounds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QuantilesWithin {
    /// The type of the column.
    of: DataType,
    bounds: Vec<BoundBounds>,
    /// The distance beyond a bound that is tolerated, as a share of the bound.
    tolerance: f64,
}

impl QuantilesWithin {
    pub(in crate::expectation) fn judge(&self, input: &JudgementInput<'_>) -> Result<Judgement, Misshapen> {
        let values = input.values()?;
        if values.iter().any(Value::is_null) {
            return Ok(Judgement::undefined());
        }
        let values: Vec<Value> = values.iter().map(|value| number_of(&self.of, value)).collect();
        let pairs = || self.bounds.iter().zip(&values);
        let met = pairs().all(|(bounds, value)| bounds.contain(value) || bounds.near(value, self.tolerance));
        let shown = pairs().map(|(bounds, value)| bounds.shown(value)).collect();
        Ok(Judgement::new(met, Value::List(shown)))
    }
}

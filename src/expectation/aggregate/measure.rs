//! `measure`: a number computed of aggregates lies within bounds.

use serde::Serialize;

use super::super::bounds::{BoundBounds, Bounds, MAX, MIN, STRICT_MAX, STRICT_MIN};
use super::super::{
    Claim, Definition, Demand, Expectation, Family, Judgement, JudgementInput, LowerError, Lowered, Nature,
    Parameter, ParameterKind, Scope, Site,
};
use super::formula::{BoundFormula, FormulaMetrics};
use super::number::Undefined;
use crate::data::{ColumnPath, DataType};
use crate::metric::Misshapen;
use crate::predicate::{Expression, Formula, parse_formula};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "measure",
    family: Family::Aggregate,
    scope: Scope::Either,
    nature: Nature::Measured,
    summary: "a number computed of aggregates lies within bounds",
    parameters: &[
        Parameter::required("of", ParameterKind::Sql, "aggregates and arithmetic, in SQL"),
        MIN,
        MAX,
        STRICT_MIN,
        STRICT_MAX,
    ],
    bare: None,
    page: include_str!("../../../expectations/aggregate/measure.md"),
    read: |arguments| {
        let node = arguments.required("of")?;
        let of = parse_formula(arguments.text("of")?).map_err(|error| error.inside(node))?;
        Ok(Box::new(Measure { of, bounds: arguments.bounds()? }))
    },
};

#[derive(Debug)]
struct Measure {
    of: Formula,
    bounds: Bounds,
}

impl Expectation for Measure {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let FormulaMetrics { of, metrics, exact } = FormulaMetrics::lower(&self.of, site)?;
        // A result computed from floats is a double, so the bounds are doubles too and not the exact numbers
        // written.
        let bounds = self.bounds.bind_number(if exact { &DataType::INT128 } else { &DataType::FLOAT64 })?;
        let demand = Demand::FormulaWithin(FormulaWithin { of, exact, bounds });
        Ok(Lowered::Measured { metrics, demand })
    }

    fn expressions(&self) -> Vec<Expression> {
        self.of.expressions()
    }

    fn claim(&self, _: Option<&ColumnPath>) -> Option<Claim> {
        Some(Claim::within(format!("measure of {}", self.of), &self.bounds))
    }

    fn demand(&self) -> String {
        format!("{} {}", self.of, self.bounds.demand())
    }
}

/// The demand that a number computed from measured values lies within bounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FormulaWithin {
    of: BoundFormula,
    /// True if the measured values are exact: none is computed from floats.
    exact: bool,
    bounds: BoundBounds,
}

impl FormulaWithin {
    pub(in crate::expectation) fn judge(&self, input: &JudgementInput<'_>) -> Result<Judgement, Misshapen> {
        Ok(match self.of.compute(&input.values()?) {
            Ok(number) if self.exact => self.bounds.judge(&number.value()),
            Ok(number) => self.bounds.judge(&number.rounded()),
            Err(Undefined::NoValues) => Judgement::undefined(),
            Err(why) => Judgement { reason: Some(format!("undefined: {why}")), ..Judgement::undefined() },
        })
    }
}

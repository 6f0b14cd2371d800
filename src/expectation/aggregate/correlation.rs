//! `correlation`: the correlation of two columns lies within bounds.

use serde::Serialize;

use super::super::bounds::{BoundBounds, Bounds, MAX, MIN, STRICT_MAX, STRICT_MIN};
use super::super::within::number_of;
use super::super::{
    Claim, Definition, Demand, Expectation, Family, Judgement, JudgementInput, LowerError, Lowered, Nature,
    Parameter, ParameterKind, Scope, Site,
};
use crate::data::{ColumnPath, DataType, Value};
use crate::metric::{Metric, Misshapen};
use crate::predicate::Typed;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "correlation",
    family: Family::Aggregate,
    scope: Scope::Table,
    nature: Nature::Measured,
    summary: "Pearson's correlation of two columns lies within bounds",
    parameters: &[
        Parameter::required("left", ParameterKind::Column, "the one"),
        Parameter::required("right", ParameterKind::Column, "the other"),
        MIN,
        MAX,
        STRICT_MIN,
        STRICT_MAX,
    ],
    bare: None,
    page: include_str!("../../../expectations/aggregate/correlation.md"),
    read: |arguments| {
        Ok(Box::new(Correlation {
            left: arguments.required_column("left")?,
            right: arguments.required_column("right")?,
            bounds: arguments.bounds()?,
        }))
    },
};

#[derive(Debug)]
struct Correlation {
    left: ColumnPath,
    right: ColumnPath,
    bounds: Bounds,
}

impl Expectation for Correlation {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let (left, right) = (site.numbers(&self.left)?, site.numbers(&self.right)?);
        let is_float = |of: &Typed| matches!(of.data_type, DataType::Float { .. });
        let of = if is_float(&right) { &right } else { &left }.data_type.clone();
        let demand = CorrelationWithin { bounds: self.bounds.bind_number(&of)?, of };
        let filter = site.filter_not_null([&left, &right]);
        let metric = Metric::Correlation { left, right, filter };
        Ok(Lowered::Measured { metrics: vec![metric], demand: Demand::CorrelationWithin(demand) })
    }

    fn claim(&self, _: Option<&ColumnPath>) -> Option<Claim> {
        Some(Claim::within(format!("correlation of {} and {}", self.left, self.right), &self.bounds))
    }

    fn demand(&self) -> String {
        format!("of {} and {} {}", self.left, self.right, self.bounds.demand())
    }
}

/// The demand that a correlation lies within bounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CorrelationWithin {
    /// The type of the values; the floating-point type if either column is of one.
    of: DataType,
    bounds: BoundBounds,
}

impl CorrelationWithin {
    pub(in crate::expectation) fn judge(&self, input: &JudgementInput<'_>) -> Result<Judgement, Misshapen> {
        Ok(match input.value(0)? {
            Value::Null => Judgement::undefined().because("undefined: a column does not vary"),
            value => self.bounds.judge_number(&number_of(&self.of, &value)),
        })
    }
}

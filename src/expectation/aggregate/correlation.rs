//! `correlation`: the correlation of two columns lies within bounds.

use super::super::bounds::{Bounds, MAX, MIN, STRICT_MAX, STRICT_MIN};
use super::super::{
    Definition, Expectation, Facts, Family, Judgement, LowerError, Lowered, Nature, Parameter, ParameterKind,
    Scope, Site,
};
use super::number_of;
use crate::data::{ColumnPath, DataType, Value};
use crate::metric::Metric;
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
        let data_type = if is_float(&right) { &right } else { &left }.data_type.clone();
        let bounds = self.bounds.bind_number(&data_type)?;
        let filter = site.with_values([&left, &right]);
        let metric = Metric::Correlation { left, right, filter };
        let judge = move |facts: &Facts<'_>| {
            Ok(match facts.value(0)? {
                Value::Null => Judgement::undefined().because("undefined: a column does not vary"),
                value => bounds.judge_number(&number_of(&data_type, &value)),
            })
        };
        Ok(Lowered::Measured { metrics: vec![metric], judge: Box::new(judge) })
    }

    fn demand(&self) -> String {
        format!("of {} and {} {}", self.left, self.right, self.bounds.demand())
    }
}

//! `row_count_change`: the change of the row count since another version of the table lies within bounds.

use std::cmp::Ordering;

use serde::Serialize;

use super::super::{
    Arguments, Claim, Definition, Demand, Expectation, Family, Judgement, JudgementInput, LowerError,
    Lowered, Nature, Need, Parameter, ParameterKind, Scope, Site,
};
use super::distance::Distance;
use crate::data::{ColumnPath, Dataset, Exact, Value};
use crate::document::Diagnostic;
use crate::metric::{Metric, Misshapen};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "row_count_change",
    family: Family::Cross,
    scope: Scope::Table,
    nature: Nature::Measured,
    summary: "the row count has changed by so much since another version of the table",
    parameters: &[
        Parameter::optional(
            "since",
            ParameterKind::Version,
            "the version compared with: its number, or previous",
        ),
        Parameter::optional(
            "min",
            ParameterKind::Tolerance,
            "the least change, in rows or percent; may be negative",
        ),
        Parameter::optional("max", ParameterKind::Tolerance, "the greatest change, in rows or percent"),
    ],
    bare: None,
    page: include_str!("../../../expectations/cross/row_count_change.md"),
    read: |arguments| Ok(Box::new(RowCountChange::read(arguments)?)),
};

#[derive(Debug)]
struct RowCountChange {
    since: Dataset,
    min: Option<Distance>,
    max: Option<Distance>,
}

impl RowCountChange {
    fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        let since = match arguments.node("since") {
            None => Dataset::Previous,
            Some(node) if node.text("a version") == Ok("previous") => Dataset::Previous,
            Some(node) => Dataset::Version(node.number("the number of a version, or previous")?),
        };
        let bound = |name| arguments.node(name).map(Distance::read).transpose();
        let (min, max) = (bound("min")?, bound("max")?);
        if min.is_none() && max.is_none() {
            return Err(Diagnostic::new(arguments.span, "neither min nor max is given")
                .help("{min: -10 %, max: 50 %}"));
        }
        Ok(Self { since, min, max })
    }
}

impl Expectation for RowCountChange {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let there = site.filter_in(site.others.schema(&self.since)?)?;
        let before =
            Metric::OtherDataset { dataset: self.since.clone(), metric: Box::new(Metric::Count(there)) };
        Ok(Lowered::Measured {
            metrics: vec![Metric::Count(site.filter.clone()), before],
            demand: Demand::CountChange(CountChange { min: self.min, max: self.max }),
        })
    }

    fn datasets(&self) -> Vec<Dataset> {
        vec![self.since.clone()]
    }

    fn claim(&self, _: Option<&ColumnPath>) -> Option<Claim> {
        let claim = Claim::whole(format!("change of the row count since {}", self.since));
        let min = self.min.map_or_else(Vec::new, |min| min.needs("min", Need::AtLeast));
        let max = self.max.map_or_else(Vec::new, |max| max.needs("max", Need::AtMost));
        Some(claim.needing_all(min).needing_all(max))
    }

    fn demand(&self) -> String {
        let bounds = match (self.min, self.max) {
            (Some(min), Some(max)) => format!("between {min} and {max}"),
            (Some(min), None) => format!("at least {min}"),
            (None, Some(max)) => format!("at most {max}"),
            (None, None) => String::new(),
        };
        format!("{bounds} since {}", self.since)
    }
}

/// The demand that the change of the number of rows lies within bounds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CountChange {
    min: Option<Distance>,
    max: Option<Distance>,
}

impl CountChange {
    pub(in crate::expectation) fn judge(&self, input: &JudgementInput<'_>) -> Result<Judgement, Misshapen> {
        let (now, before) = (input.count(0)?, input.count(1)?);
        let observed = Value::of_counts([("before", before), ("now", now)]);
        let (now, before) = (Exact::integer(now), Exact::integer(before));
        let change = now.minus(&before);
        let beside = |bound: Distance| change.as_ref()?.partial_cmp(&bound.signed(&before)?);
        let met = self.min.is_none_or(|min| beside(min).is_some_and(Ordering::is_ge))
            && self.max.is_none_or(|max| beside(max).is_some_and(Ordering::is_le));
        Ok(Judgement::new(met, observed))
    }
}

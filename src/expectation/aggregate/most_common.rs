//! `most_common`: the most common value is one of a set.

use serde::Serialize;

use super::super::other_types::OtherTypes;
use super::super::values::listed;
use super::super::{
    Claim, Definition, Demand, Expectation, Family, Judgement, JudgementInput, LowerError, Lowered, Nature,
    Need, Parameter, ParameterKind, Scope, Site,
};
use super::distinct_groups;
use crate::data::{ColumnPath, Literal, Value, thousands};
use crate::metric::{GroupStatistic, Metric, Misshapen};

/// The most values that the judgement lists.
const NAMED: usize = 20;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "most_common",
    family: Family::Aggregate,
    scope: Scope::Column,
    nature: Nature::Measured,
    summary: "the most common value is one of a set",
    parameters: &[
        Parameter::required("values", ParameterKind::Literals, "the values allowed"),
        Parameter::optional(
            "ties_okay",
            ParameterKind::Boolean,
            "whether one of several most common values is enough",
        ),
        OtherTypes::PARAMETER,
    ],
    bare: Some("values"),
    page: include_str!("../../../expectations/aggregate/most_common.md"),
    read: |arguments| {
        Ok(Box::new(MostCommon {
            values: arguments.literals("values")?,
            ties_okay: arguments.flag("ties_okay", false)?,
            other_types: OtherTypes::read(arguments)?,
        }))
    },
};

#[derive(Debug)]
struct MostCommon {
    values: Vec<Literal>,
    ties_okay: bool,
    other_types: OtherTypes,
}

impl Expectation for MostCommon {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let grouping = distinct_groups(site)?;
        let data_type = &site.comparable_column()?.data_type;
        let values = self.other_types.bind(&self.values, data_type)?.values;
        let metric = |statistic| Metric::Group { grouping: grouping.clone(), statistic };
        let metrics = vec![
            metric(GroupStatistic::ModeCount),
            metric(GroupStatistic::Modes { limit: NAMED }),
            metric(GroupStatistic::ModesInside(values)),
        ];
        let demand = CommonestAllowed { ties_okay: self.ties_okay };
        Ok(Lowered::Measured { metrics, demand: Demand::CommonestAllowed(demand) })
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        let subject = format!("most common value of {}, {}", column?, self.other_types.manner());
        let claim = Claim::whole(subject).needing("values", Need::Among(self.values.clone()));
        Some(if self.ties_okay { claim } else { claim.needing("alone", Need::Strictly) })
    }

    fn demand(&self) -> String {
        let ties = if self.ties_okay { ", ties okay" } else { "" };
        format!("in {}{ties}", listed(&self.values))
    }
}

/// The demand that the most common value is one of a set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CommonestAllowed {
    /// True if one of several equally common values may be in the set. Otherwise a tie fails.
    ties_okay: bool,
}

impl CommonestAllowed {
    pub(in crate::expectation) fn judge(&self, input: &JudgementInput<'_>) -> Result<Judgement, Misshapen> {
        let (count, modes, allowed) = (input.count(0)?, input.of(1)?.values()?, input.of(2)?.values()?);
        let tie = count != 1;
        if modes.is_empty() {
            return Ok(Judgement::undefined());
        }
        let judgement =
            Judgement::new(!allowed.is_empty() && (self.ties_okay || !tie), Value::List(modes.to_vec()));
        Ok(if tie {
            judgement.because(format!("{} values are equally common", thousands(&count.to_string())))
        } else {
            judgement
        })
    }
}

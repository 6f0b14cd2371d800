//! `distinct_values`: the set of distinct values is within, contains or equals a given set.

use serde::Serialize;

use super::super::other_types::OtherTypes;
use super::super::{
    Arguments, Claim, Definition, Demand, Expectation, Family, Judgement, JudgementInput, LowerError,
    Lowered, Nature, Need, Parameter, ParameterKind, Scope, Site,
};
use super::distinct_groups;
use crate::data::{ColumnPath, Literal, Value, counted};
use crate::document::Diagnostic;
use crate::metric::{GroupStatistic, Metric, Misshapen};

/// The most unexpected values that the judgement lists.
const NAMED: usize = 20;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "distinct_values",
    family: Family::Aggregate,
    scope: Scope::Column,
    nature: Nature::Measured,
    summary: "the set of distinct values is within, contains or equals a given set",
    parameters: &[
        Parameter::optional("in", ParameterKind::Literals, "the values allowed"),
        Parameter::optional("contain", ParameterKind::Literals, "the values that must be there"),
        Parameter::optional(
            "equal",
            ParameterKind::Literals,
            "the values allowed, all of which must be there",
        ),
        OtherTypes::PARAMETER,
    ],
    bare: None,
    page: include_str!("../../../expectations/aggregate/distinct_values.md"),
    read: |arguments| Ok(Box::new(DistinctValues::read(arguments)?)),
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Relation {
    In,
    Contain,
    Equal,
}

#[derive(Debug)]
struct DistinctValues {
    relation: Relation,
    literals: Vec<Literal>,
    other_types: OtherTypes,
}

impl DistinctValues {
    fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        let relations = [("in", Relation::In), ("contain", Relation::Contain), ("equal", Relation::Equal)];
        let given: Vec<_> =
            relations.into_iter().filter(|(name, _)| arguments.node(name).is_some()).collect();
        match given.as_slice() {
            [(name, relation)] => Ok(Self {
                relation: *relation,
                literals: arguments.literals(name)?,
                other_types: OtherTypes::read(arguments)?,
            }),
            _ => Err(Diagnostic::new(arguments.span, "exactly one of in, contain and equal is wanted")),
        }
    }
}

impl Expectation for DistinctValues {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let grouping = distinct_groups(site)?;
        let data_type = &site.comparable_column()?.data_type;
        let bound = self.other_types.bind(&self.literals, data_type)?;
        let mut values: Vec<Value> = Vec::with_capacity(bound.values.len());
        for value in bound.values {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        // Literals that equal no value of the column are always missing.
        let absent = bound.unequal.iter().map(|literal| literal.bind(&literal.natural_type()));
        let absent: Vec<Value> = absent.collect::<Result<_, _>>()?;
        let metric = |statistic| Metric::Group { grouping: grouping.clone(), statistic };
        let metrics = vec![
            metric(GroupStatistic::OutsideCount(values.clone())),
            metric(GroupStatistic::Outside { values: values.clone(), limit: NAMED }),
            metric(GroupStatistic::Inside(values.clone())),
        ];
        let demand = RelatedValues { relation: self.relation, wanted: values, absent };
        Ok(Lowered::Measured { metrics, demand: Demand::RelatedValues(demand) })
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        let claim = Claim::whole(format!("distinct values of {}, {}", column?, self.other_types.manner()));
        let only = |claim: Claim| claim.needing("only", Need::Among(self.literals.clone()));
        let all = |claim: Claim| claim.needing("all", Need::All(self.literals.clone()));
        Some(match self.relation {
            Relation::In => only(claim),
            Relation::Contain => all(claim),
            Relation::Equal => all(only(claim)),
        })
    }

    fn demand(&self) -> String {
        let relation = match self.relation {
            Relation::In => "in",
            Relation::Contain => "contain",
            Relation::Equal => "equal",
        };
        format!("{relation} {}", super::super::values::listed(&self.literals))
    }
}

/// The demand that the distinct values are within a set, contain the set or equal the set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RelatedValues {
    relation: Relation,
    /// The values of the set, each once.
    wanted: Vec<Value>,
    /// The members of the set that equal no value of the column.
    absent: Vec<Value>,
}

impl RelatedValues {
    pub(in crate::expectation) fn judge(&self, input: &JudgementInput<'_>) -> Result<Judgement, Misshapen> {
        let (outside_count, outside, inside) =
            (input.count(0)?, input.of(1)?.values()?, input.of(2)?.values()?);
        let missing = self.wanted.iter().filter(|value| !inside.contains(value)).chain(&self.absent);
        let missing: Vec<Value> = missing.cloned().collect();
        let unexpected = if self.relation == Relation::Contain { 0 } else { outside_count };
        let lacking = if self.relation == Relation::In { &[][..] } else { missing.as_slice() };
        let mut reasons = Vec::new();
        let mut observed = Vec::new();
        if unexpected > 0 {
            reasons.push(counted(
                unexpected,
                "distinct value is not allowed",
                "distinct values are not allowed",
            ));
            observed.push(("unexpected".to_owned(), Value::List(outside.to_vec())));
            observed.push(("unexpected_count".to_owned(), Value::of_count(outside_count)));
        }
        if !lacking.is_empty() {
            reasons.push(counted(lacking.len() as u64, "value is missing", "values are missing"));
            observed.push(("missing".to_owned(), Value::List(lacking.to_vec())));
        }
        let judgement = Judgement::new(
            reasons.is_empty(),
            if observed.is_empty() { Value::Null } else { Value::Struct(observed) },
        );
        Ok(if reasons.is_empty() { judgement } else { judgement.because(reasons.join(", ")) })
    }
}

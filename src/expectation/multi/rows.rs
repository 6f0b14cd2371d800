//! `rows`: a SQL predicate holds on every row; under a column, on those where it has a value.

use super::super::{
    Definition, Expectation, Family, LowerError, Lowered, Nature, Parameter, ParameterKind, Scope, Site,
};
use crate::predicate::{Expression, Typed, check_boolean, parse, prose};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "rows",
    great_expectations: &[],
    family: Family::Multi,
    scope: Scope::Either,
    nature: Nature::Rows,
    summary: "a predicate holds on every row",
    parameters: &[
        Parameter::required("predicate", ParameterKind::Sql, "the condition, in SQL"),
        Parameter::optional(
            "nulls",
            ParameterKind::Choice(&["fail", "pass"]),
            "what a row is on which it is null",
        ),
    ],
    bare: Some("predicate"),
    page: include_str!("../../../expectations/multi/rows.md"),
    read: |arguments| {
        let node = arguments.required("predicate")?;
        let predicate = parse(arguments.text("predicate")?).map_err(|error| error.inside(node))?;
        let nulls_pass = arguments.choice("nulls", &[("fail", false), ("pass", true)])?;
        Ok(Box::new(Rows { predicate, nulls_pass }))
    },
};

#[derive(Debug)]
struct Rows {
    predicate: Expression,
    nulls_pass: bool,
}

impl Expectation for Rows {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let holds =
            check_boolean(&self.predicate, site.schema, site.now).map_err(LowerError::in_predicate)?;
        let holds = if self.nulls_pass { Typed::any(vec![holds.clone(), holds.is_null()]) } else { holds };
        let considered = site.column.map(|_| site.column().map(Typed::is_not_null)).transpose()?;
        Ok(site.where_considered(considered, holds))
    }

    fn expressions(&self) -> Vec<Expression> {
        vec![self.predicate.clone()]
    }

    fn demand(&self) -> String {
        prose(&self.predicate)
    }
}

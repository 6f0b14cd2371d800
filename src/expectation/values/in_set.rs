//! `in_set`: every value is one of a set.

use super::super::other_types::OtherTypes;
use super::super::{
    Claim, Definition, Expectation, Family, LowerError, Lowered, Nature, Parameter, ParameterKind, Scope,
    Site,
};
use super::listed;
use crate::data::{ColumnPath, Literal};
use crate::predicate::logic::Subject;
use crate::predicate::{Term, Typed};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "in_set",
    family: Family::Values,
    scope: Scope::Column,
    nature: Nature::Rows,
    summary: "every value is one of a set",
    parameters: &[
        Parameter::required("values", ParameterKind::Literals, "the values allowed"),
        OtherTypes::PARAMETER,
    ],
    bare: Some("values"),
    page: include_str!("../../../expectations/values/in_set.md"),
    read: |arguments| {
        let (values, other_types) = (arguments.literals("values")?, OtherTypes::read(arguments)?);
        Ok(Box::new(InSet { values, other_types }))
    },
};

#[derive(Debug)]
struct InSet {
    values: Vec<Literal>,
    other_types: OtherTypes,
}

impl Expectation for InSet {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let column = site.comparable_column()?;
        let bound = self.other_types.bind(&self.values, &column.data_type)?;
        let found = Typed::boolean(Term::InSet(Box::new(column.clone()), bound.values));
        Ok(site.rule_where_not_null([column], found))
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        let column = column?;
        let of = Subject::column(column);
        Some(Claim::of_values(column, self.other_types.manner(), &self.other_types.among(&of, &self.values)))
    }

    fn demand(&self) -> String {
        listed(&self.values)
    }
}

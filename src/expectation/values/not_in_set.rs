//! `not_in_set`: no value is one of a set.

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
    id: "not_in_set",
    family: Family::Values,
    scope: Scope::Column,
    nature: Nature::Rows,
    summary: "no value is one of a set",
    parameters: &[
        Parameter::required("values", ParameterKind::Literals, "the values not allowed"),
        OtherTypes::PARAMETER,
    ],
    bare: Some("values"),
    page: include_str!("../../../expectations/values/not_in_set.md"),
    read: |arguments| {
        let (values, other_types) = (arguments.literals("values")?, OtherTypes::read(arguments)?);
        Ok(Box::new(NotInSet { values, other_types }))
    },
};

#[derive(Debug)]
struct NotInSet {
    values: Vec<Literal>,
    other_types: OtherTypes,
}

impl Expectation for NotInSet {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let column = site.comparable_column()?;
        let bound = self.other_types.bind_excluded(&self.values, &column.data_type)?;
        let found = Typed::boolean(Term::InSet(Box::new(column.clone()), bound.values));
        Ok(site.rule_where_not_null([column], found.negated()))
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        let column = column?;
        let found = self.other_types.among(&Subject::column(column), &self.values);
        // Where the column has a value, that it is not found and that it is found not are one.
        Some(Claim::of_values(column, self.other_types.manner(), &found.negated()))
    }

    fn demand(&self) -> String {
        listed(&self.values)
    }
}

//! `in_set`: every value is one of a set.

use super::super::{
    Definition, Expectation, Family, LowerError, Lowered, Nature, Parameter, ParameterKind, Scope, Site,
};
use super::listed;
use crate::data::Literal;
use crate::predicate::{Term, Typed};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "in_set",
    great_expectations: &["expect_column_values_to_be_in_set"],
    family: Family::Values,
    scope: Scope::Column,
    nature: Nature::Rows,
    summary: "every value is one of a set",
    parameters: &[Parameter::required("values", ParameterKind::Literals, "the values allowed")],
    bare: Some("values"),
    page: include_str!("../../../expectations/values/in_set.md"),
    read: |arguments| Ok(Box::new(InSet { values: arguments.literals("values")? })),
};

#[derive(Debug)]
struct InSet {
    values: Vec<Literal>,
}

impl Expectation for InSet {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let column = site.comparable_column()?;
        let values =
            self.values.iter().map(|value| value.bind(&column.data_type)).collect::<Result<_, _>>()?;
        let found = Typed::boolean(Term::InSet(Box::new(column.clone()), values));
        Ok(site.where_present([column], found))
    }

    fn demand(&self) -> String {
        listed(&self.values)
    }
}

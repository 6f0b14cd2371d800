//! `matches`: a regular expression is found in every value.

use super::super::{
    Definition, Expectation, Family, LowerError, Lowered, Nature, Parameter, ParameterKind, Scope, Site,
};
use crate::predicate::{Term, Typed, check_regex};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "matches",
    great_expectations: &["expect_column_values_to_match_regex"],
    family: Family::Values,
    scope: Scope::Column,
    nature: Nature::Rows,
    summary: "a regular expression is found in every value",
    parameters: &[Parameter::required("regex", ParameterKind::Text, "the regular expression")],
    bare: Some("regex"),
    page: include_str!("../../../expectations/values/matches.md"),
    read: |arguments| {
        let (node, regex) = (arguments.required("regex")?, arguments.text("regex")?.to_owned());
        check_regex(&regex).map_err(|error| error.inside(node))?;
        Ok(Box::new(Matches { regex }))
    },
};

#[derive(Debug)]
struct Matches {
    regex: String,
}

impl Expectation for Matches {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let column = site.text_column()?;
        let found = Typed::boolean(Term::Matches(Box::new(column.clone()), self.regex.clone()));
        Ok(site.where_present([column], found))
    }

    fn demand(&self) -> String {
        self.regex.clone()
    }
}

//! `not_matches`: a regular expression is found in no value.

use super::super::{
    Definition, Expectation, Family, LowerError, Lowered, Nature, Parameter, ParameterKind, Scope, Site,
};
use crate::predicate::{Term, Typed, check_regex};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "not_matches",
    great_expectations: &["expect_column_values_to_not_match_regex"],
    family: Family::Values,
    scope: Scope::Column,
    nature: Nature::Rows,
    summary: "a regular expression is found in no value",
    parameters: &[Parameter::required("regex", ParameterKind::Text, "the regular expression")],
    bare: Some("regex"),
    page: include_str!("../../../expectations/values/not_matches.md"),
    read: |arguments| {
        let (node, regex) = (arguments.required("regex")?, arguments.text("regex")?.to_owned());
        check_regex(&regex).map_err(|error| error.inside(node))?;
        Ok(Box::new(NotMatches { regex }))
    },
};

#[derive(Debug)]
struct NotMatches {
    regex: String,
}

impl Expectation for NotMatches {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let column = site.text_column()?;
        let found = Typed::boolean(Term::Matches(Box::new(column.clone()), self.regex.clone()));
        Ok(site.where_present([column], found.negated()))
    }

    fn demand(&self) -> String {
        self.regex.clone()
    }
}

//! `not_matches`: a regular expression is found in no value.

use super::super::{
    Claim, Definition, Expectation, Family, LowerError, Lowered, Nature, Parameter, ParameterKind, Scope,
    Site,
};
use super::patterns::Regexes;
use crate::data::ColumnPath;
use crate::predicate::Typed;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "not_matches",
    family: Family::Values,
    scope: Scope::Column,
    nature: Nature::Rows,
    summary: "a regular expression is found in no value",
    parameters: &[Parameter::required("regex", ParameterKind::Texts, "the regular expression, or several")],
    bare: Some("regex"),
    page: include_str!("../../../expectations/values/not_matches.md"),
    read: |arguments| Ok(Box::new(NotMatches { regexes: Regexes::read(arguments)? })),
};

#[derive(Debug)]
struct NotMatches {
    regexes: Regexes,
}

impl Expectation for NotMatches {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let column = site.text_column()?;
        let holds = Typed::all(self.regexes.absent_from(&column));
        Ok(site.rule_where_not_null([column], holds))
    }

    fn judged_by(&self) -> Option<&'static str> {
        Some(self.regexes.judged_by())
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        Claim::of_texts(self, column)
    }

    fn demand(&self) -> String {
        self.regexes.demand()
    }
}

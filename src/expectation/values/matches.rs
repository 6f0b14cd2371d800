//! `matches`: a regular expression is found in every value.

use super::super::{
    Claim, Definition, Expectation, Family, LowerError, Lowered, Nature, Parameter, ParameterKind, Scope,
    Site,
};
use super::patterns::{MATCH_ON, MatchOn, Regexes};
use crate::data::ColumnPath;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "matches",
    family: Family::Values,
    scope: Scope::Column,
    nature: Nature::Rows,
    summary: "a regular expression is found in every value",
    parameters: &[
        Parameter::required("regex", ParameterKind::Texts, "the regular expression, or several"),
        MATCH_ON,
    ],
    bare: Some("regex"),
    page: include_str!("../../../expectations/values/matches.md"),
    read: |arguments| {
        Ok(Box::new(Matches { regexes: Regexes::read(arguments)?, match_on: MatchOn::read(arguments)? }))
    },
};

#[derive(Debug)]
struct Matches {
    regexes: Regexes,
    match_on: MatchOn,
}

impl Expectation for Matches {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let column = site.text_column()?;
        let holds = self.match_on.of(self.regexes.found_in(&column));
        Ok(site.rule_where_not_null([column], holds))
    }

    fn judged_by(&self) -> Option<&'static str> {
        Some(self.regexes.judged_by())
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        Claim::of_texts(self, column)
    }

    fn demand(&self) -> String {
        match self.match_on {
            MatchOn::Any => self.regexes.demand(),
            MatchOn::All => format!("all of {}", self.regexes.demand()),
        }
    }
}

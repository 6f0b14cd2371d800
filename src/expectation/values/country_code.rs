//! `country_code`: every value is an ISO 3166-1 code of a country.

use super::super::{Definition, Family, Nature, Parameter, ParameterKind, Scope};
use super::EveryText;
use crate::predicate::{Letters, TextTest};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "country_code",
    family: Family::Values,
    scope: Scope::Column,
    nature: Nature::Rows,
    summary: "every value is an ISO 3166-1 code of a country",
    parameters: &[Parameter::optional("alpha", ParameterKind::Choice(&["2", "3"]), "the number of letters")],
    bare: Some("alpha"),
    page: include_str!("../../../expectations/values/country_code.md"),
    read: |arguments| {
        let letters = arguments.choice("alpha", &[("2", Letters::Two), ("3", Letters::Three)])?;
        Ok(EveryText::demanding(format!("of {letters} letters"), TextTest::CountryCode(letters)))
    },
};

//! `country_code`: every value is an ISO 3166-1 code of a country.

use super::super::{Definition, Family, Nature, Parameter, ParameterKind, Scope};
use super::EveryText;

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
        let (letters, is_code) = arguments.choice("alpha", &CODES)?;
        let name = format!("is a country code of {letters} letters");
        Ok(EveryText::demanding(format!("of {letters} letters"), &name, is_code))
    },
};

type Code = (&'static str, fn(&str) -> bool);

const CODES: [(&str, Code); 2] = [
    ("2", ("2", |text| rust_iso3166::from_alpha2(text).is_some())),
    ("3", ("3", |text| rust_iso3166::from_alpha3(text).is_some())),
];

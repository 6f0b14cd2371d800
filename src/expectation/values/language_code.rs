//! `language_code`: every value is an ISO 639 code of a language.

use super::super::{Definition, Family, Nature, Parameter, ParameterKind, Scope};
use isolang::Language;

use super::EveryText;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "language_code",
    family: Family::Values,
    scope: Scope::Column,
    nature: Nature::Rows,
    summary: "every value is an ISO 639 code of a language",
    parameters: &[Parameter::optional("alpha", ParameterKind::Choice(&["2", "3"]), "the number of letters")],
    bare: Some("alpha"),
    page: include_str!("../../../expectations/values/language_code.md"),
    read: |arguments| {
        let (letters, is_code) = arguments.choice("alpha", &CODES)?;
        let name = format!("is a language code of {letters} letters");
        Ok(EveryText::demanding(format!("of {letters} letters"), &name, is_code))
    },
};

type Code = (&'static str, fn(&str) -> bool);

const CODES: [(&str, Code); 2] = [
    ("2", ("2", |text| Language::from_639_1(text).is_some())),
    ("3", ("3", |text| Language::from_639_3(text).is_some())),
];

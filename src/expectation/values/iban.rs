//! `iban`: every value is an IBAN whose check digits are right.

use super::super::{Definition, Family, Nature, Scope};
use super::EveryText;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "iban",
    family: Family::Values,
    scope: Scope::Column,
    nature: Nature::Rows,
    summary: "every value is an IBAN whose check digits are right",
    parameters: &[],
    bare: None,
    page: include_str!("../../../expectations/values/iban.md"),
    read: |_| Ok(EveryText::that("is an IBAN", |text| text.parse::<iban::Iban>().is_ok())),
};

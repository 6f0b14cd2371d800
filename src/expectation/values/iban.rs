//! `iban`: every value is an IBAN whose check digits are right.

use super::super::{Definition, Family, Nature, Scope};
use super::EveryText;
use crate::predicate::TextTest;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "iban",
    family: Family::Values,
    scope: Scope::Column,
    nature: Nature::Rows,
    summary: "every value is an IBAN whose check digits are right",
    parameters: &[],
    bare: None,
    page: include_str!("../../../expectations/values/iban.md"),
    read: |_| Ok(EveryText::that(TextTest::Iban)),
};

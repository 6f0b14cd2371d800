//! `currency_code`: every value is an ISO 4217 code of a currency.

use super::super::{Definition, Family, Nature, Scope};
use super::EveryText;
use crate::predicate::TextTest;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "currency_code",
    family: Family::Values,
    scope: Scope::Column,
    nature: Nature::Rows,
    summary: "every value is an ISO 4217 code of a currency",
    parameters: &[],
    bare: None,
    page: include_str!("../../../expectations/values/currency_code.md"),
    read: |_| Ok(EveryText::that(TextTest::CurrencyCode)),
};

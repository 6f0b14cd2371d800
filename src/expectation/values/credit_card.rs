//! `credit_card`: every value is the number of a payment card, whose check digit is right.

use super::super::{Definition, Family, Nature, Scope};
use super::EveryText;
use crate::predicate::TextTest;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "credit_card",
    family: Family::Values,
    scope: Scope::Column,
    nature: Nature::Rows,
    summary: "every value is the number of a payment card, whose check digit is right",
    parameters: &[],
    bare: None,
    page: include_str!("../../../expectations/values/credit_card.md"),
    read: |_| Ok(EveryText::that(TextTest::CardNumber)),
};

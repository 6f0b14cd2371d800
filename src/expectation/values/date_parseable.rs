//! `date_parseable`: every value is read as a date, however it is written.

use super::super::{Definition, Family, Nature, Scope};
use super::EveryText;
use crate::predicate::TextTest;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "date_parseable",
    family: Family::Values,
    scope: Scope::Column,
    nature: Nature::Rows,
    summary: "every value is read as a date, however it is written",
    parameters: &[],
    bare: None,
    page: include_str!("../../../expectations/values/date_parseable.md"),
    read: |_| Ok(EveryText::that(TextTest::Dateutil)),
};

//! `json`: every value is a JSON document.

use super::super::{Definition, Family, Nature, Scope};
use super::EveryText;
use serde::de::IgnoredAny;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "json",
    great_expectations: &["expect_column_values_to_be_json_parseable"],
    family: Family::Values,
    scope: Scope::Column,
    nature: Nature::Rows,
    summary: "every value is a JSON document",
    parameters: &[],
    bare: None,
    page: include_str!("../../../expectations/values/json.md"),
    read: |_| {
        let is_json = |text: &str| serde_json::from_str::<IgnoredAny>(text).is_ok();
        Ok(EveryText::that("is JSON", is_json))
    },
};

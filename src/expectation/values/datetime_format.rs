//! `datetime_format`: every value is a time in a format.

use super::super::{Definition, Family, Nature, Parameter, ParameterKind, Scope};
use super::EveryText;
use crate::document::Diagnostic;
use crate::predicate::{TextTest, TimeFormat};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "datetime_format",
    family: Family::Values,
    scope: Scope::Column,
    nature: Nature::Rows,
    summary: "every value is a time in a format",
    parameters: &[Parameter::required(
        "format",
        ParameterKind::Text,
        "the format, with the directives of strftime",
    )],
    bare: Some("format"),
    page: include_str!("../../../expectations/values/datetime_format.md"),
    read: |arguments| {
        let node = arguments.required("format")?;
        let text = node.text("a format such as %Y-%m-%d")?;
        let format = TimeFormat::compile(text).map_err(|reason| {
            let message = format!("the format {text:?} says no time: {reason}");
            Diagnostic::new(node.span, message).help("such as '%Y-%m-%d' or '%d/%m/%Y %H:%M'")
        })?;
        Ok(EveryText::demanding(text.to_owned(), TextTest::Time(format)))
    },
};

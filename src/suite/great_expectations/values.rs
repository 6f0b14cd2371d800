//! Expectations on values, row by row.

use super::kwargs::Kwargs;
use super::mapping::{
    MappedArguments, Mapping, bounds, bounds_or_never_met, none, other_types_unequal, value_set,
};
use super::numbers;
use crate::document::{Diagnostic, Node};

pub(super) const MAPPINGS: &[Mapping] = &[
    Mapping::column("expect_column_values_to_not_be_null", "not_null", none),
    Mapping::column("expect_column_values_to_be_null", "null", none),
    Mapping::column("expect_column_values_to_be_unique", "unique", none),
    Mapping::column("expect_column_values_to_be_in_set", "in_set", set),
    Mapping::column("expect_column_values_to_not_be_in_set", "not_in_set", set),
    Mapping::column("expect_column_values_to_be_between", "between", bounds),
    Mapping::column("expect_column_values_to_be_increasing", "increasing", order),
    Mapping::column("expect_column_values_to_be_decreasing", "decreasing", order),
    Mapping::column("expect_column_value_lengths_to_be_between", "length_between", lengths),
    Mapping::column("expect_column_value_lengths_to_equal", "length_equal", |kwargs| {
        Ok(vec![("value", numbers::whole(kwargs.required("value")?))].into())
    }),
    Mapping::column("expect_column_values_to_match_regex", "matches", |kwargs| {
        let any = Node::derived_text("(?s).*", kwargs.span);
        Ok(vec![("regex", kwargs.take("regex").unwrap_or(any))].into())
    }),
    Mapping::column("expect_column_values_to_not_match_regex", "not_matches", |kwargs| {
        Ok(vec![("regex", kwargs.required("regex")?)].into())
    }),
    Mapping::column("expect_column_values_to_match_regex_list", "matches", |kwargs| {
        listed(kwargs, "regex_list", "regex")
    }),
    Mapping::column("expect_column_values_to_not_match_regex_list", "not_matches", |kwargs| {
        listed(kwargs, "regex_list", "regex")
    }),
    Mapping::column("expect_column_values_to_match_like_pattern", "like", |kwargs| {
        listed(kwargs, "like_pattern", "pattern")
    }),
    Mapping::column("expect_column_values_to_not_match_like_pattern", "not_like", |kwargs| {
        listed(kwargs, "like_pattern", "pattern")
    }),
    Mapping::column("expect_column_values_to_match_like_pattern_list", "like", |kwargs| {
        listed(kwargs, "like_pattern_list", "pattern")
    }),
    Mapping::column("expect_column_values_to_not_match_like_pattern_list", "not_like", |kwargs| {
        listed(kwargs, "like_pattern_list", "pattern")
    }),
    Mapping::column("expect_column_values_to_match_strftime_format", "datetime_format", |kwargs| {
        Ok(vec![("format", kwargs.required("strftime_format")?)].into())
    }),
    Mapping::column("expect_column_values_to_be_dateutil_parseable", "date_parseable", none),
    Mapping::column("expect_column_values_to_be_json_parseable", "json", |kwargs| {
        Ok(vec![("other_types", Node::derived_plain("fail", kwargs.span))].into())
    }),
    Mapping::column("expect_column_values_to_match_json_schema", "json_schema", |kwargs| {
        Ok(vec![("schema", kwargs.required("json_schema")?)].into())
    }),
];

fn set(kwargs: &mut Kwargs) -> Result<MappedArguments, Diagnostic> {
    let values = value_set(kwargs)?;
    let other_types = other_types_unequal(values.span);
    Ok(vec![("values", values), other_types].into())
}

#[expect(clippy::unnecessary_wraps, reason = "one of the functions that take arguments")]
fn order(kwargs: &mut Kwargs) -> Result<MappedArguments, Diagnostic> {
    Ok(kwargs.renamed(&[("strictly", "strictly")]).into())
}

/// Takes a pattern or a list of patterns, with its options.
fn listed(kwargs: &mut Kwargs, gx_type: &str, ours: &'static str) -> Result<MappedArguments, Diagnostic> {
    let mut arguments = vec![(ours, kwargs.required(gx_type)?)];
    arguments.extend(kwargs.renamed(&[("match_on", "match_on"), ("escape", "escape")]));
    Ok(arguments.into())
}

#[expect(clippy::unnecessary_wraps, reason = "one of the functions that take arguments")]
fn lengths(kwargs: &mut Kwargs) -> Result<MappedArguments, Diagnostic> {
    Ok(bounds_or_never_met(kwargs).into())
}

//! Expectations on one measured value of a column.

use super::kwargs::Kwargs;
use super::mapping::{MappedArguments, Mapping, count_bounds, number_bounds, other_types_unequal, value_set};
use crate::document::{Diagnostic, Node};

pub(super) const MAPPINGS: &[Mapping] = &[
    Mapping::column("expect_column_min_to_be_between", "min", number_bounds),
    Mapping::column("expect_column_max_to_be_between", "max", number_bounds),
    Mapping::column("expect_column_mean_to_be_between", "mean", number_bounds),
    Mapping::column("expect_column_median_to_be_between", "median", number_bounds),
    Mapping::column("expect_column_stdev_to_be_between", "stddev", count_bounds),
    Mapping::column("expect_column_sum_to_be_between", "sum", number_bounds),
    Mapping::column("expect_column_unique_value_count_to_be_between", "distinct_count", count_bounds),
    Mapping::column(
        "expect_column_proportion_of_unique_values_to_be_between",
        "distinct_ratio",
        count_bounds,
    ),
    Mapping::column(
        "expect_column_proportion_of_non_null_values_to_be_between",
        "non_null_ratio",
        count_bounds,
    ),
    Mapping::column("expect_column_distinct_values_to_be_in_set", "distinct_values", |kwargs| {
        distinct(kwargs, "in")
    }),
    Mapping::column("expect_column_distinct_values_to_contain_set", "distinct_values", |kwargs| {
        distinct(kwargs, "contain")
    }),
    Mapping::column("expect_column_distinct_values_to_equal_set", "distinct_values", |kwargs| {
        distinct(kwargs, "equal")
    }),
    Mapping::column("expect_column_most_common_value_to_be_in_set", "most_common", |kwargs| {
        let mut mapped = distinct(kwargs, "values")?;
        mapped.arguments.extend(kwargs.renamed(&[("ties_okay", "ties_okay")]));
        Ok(mapped)
    }),
    Mapping::column("expect_column_quantile_values_to_be_between", "quantiles", quantiles),
];

fn distinct(kwargs: &mut Kwargs, relation: &'static str) -> Result<MappedArguments, Diagnostic> {
    let values = value_set(kwargs)?;
    let span = values.span;
    Ok(vec![(relation, values), other_types_unequal(span)].into())
}

/// The tolerance of Great Expectations for a quantile beyond its bound, as a share of the bound.
const TOLERANCE: &str = "0.0001";

fn quantiles(kwargs: &mut Kwargs) -> Result<MappedArguments, Diagnostic> {
    let both = kwargs.required("quantile_ranges")?;
    let part = |name: &str| {
        let missing = || Diagnostic::new(both.span, format!("quantile_ranges need {name:?}"));
        both.get(name).ok_or_else(missing)?.list("a list")
    };
    let (quantiles, ranges) = (part("quantiles")?, part("value_ranges")?);
    if quantiles.len() != ranges.len() {
        return Err(Diagnostic::new(both.span, "there are not as many value_ranges as quantiles"));
    }
    let mut asked = Vec::new();
    for (at, range) in quantiles.iter().zip(ranges) {
        let [min, max] = range.list("[least, greatest]")? else {
            return Err(range.expected_error("[least, greatest]"));
        };
        let number = |node: &Node| node.number::<f64>("a number").ok();
        let mut entries = vec![("at", at.clone())];
        if let (Some(least), Some(greatest)) = (number(min), number(max))
            && least > greatest
        {
            // Karat would refuse reversed bounds, so a range that is never met replaces them.
            kwargs.note(format!("nothing lies between {least} and {greatest}: that range is never met"));
            entries.push(("min", Node::derived_plain(".inf", range.span)));
        } else {
            let bounds = [("min", min), ("max", max)].into_iter().filter(|(_, bound)| !bound.is_null());
            entries.extend(bounds.map(|(name, bound)| (name, bound.clone())));
        }
        asked.push(Node::derived_map(entries, range.span));
    }
    let mut arguments = vec![("ranges", Node::derived_list(asked, both.span))];
    if let Some(error) = kwargs.take("allow_relative_error") {
        match error.text("a way to interpolate")? {
            "false" | "False" => {}
            "true" | "True" => kwargs.note("allow_relative_error is ignored: quantiles are exact"),
            _ => arguments.push(("interpolation", error)),
        }
    }
    arguments.push(("tolerance", Node::derived_plain(TOLERANCE, both.span)));
    Ok(arguments.into())
}

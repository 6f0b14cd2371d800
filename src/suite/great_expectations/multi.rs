//! Expectations on several columns of a row.

use super::kwargs::{Kwargs, NamedArguments};
use super::mapping::{MappedArguments, Mapping, other_types_unequal};
use crate::document::{Diagnostic, Node};

pub(super) const MAPPINGS: &[Mapping] = &[
    Mapping::table("expect_column_pair_values_to_be_equal", "pair", |kwargs| pair(kwargs, "=")),
    Mapping::table("expect_column_pair_values_a_to_be_greater_than_b", "pair", greater),
    // Releases before 0.13 use this spelling.
    Mapping::table("expect_column_pair_values_A_to_be_greater_than_B", "pair", greater),
    Mapping::table("expect_column_pair_values_to_be_in_set", "pair_in_set", |kwargs| {
        let mut arguments = vec![
            ("left", kwargs.column("column_A")?),
            ("right", kwargs.column("column_B")?),
            ("values", kwargs.required("value_pairs_set")?),
        ];
        arguments.extend(ignore_pair_if(kwargs));
        arguments.push(other_types_unequal(kwargs.span));
        Ok(arguments.into())
    }),
    Mapping::table("expect_compound_columns_to_be_unique", "unique", column_list),
    Mapping::table(
        "expect_select_column_values_to_be_unique_within_record",
        "unique_within_row",
        unequal_several,
    ),
    Mapping::table("expect_multicolumn_values_to_be_unique", "unique_within_row", unequal_several),
    Mapping::table("expect_multicolumn_values_to_be_equal", "equal_columns", unequal_several),
    Mapping::table("expect_multicolumn_sum_to_equal", "row_sum", |kwargs| {
        let mut arguments =
            vec![("columns", kwargs.columns("column_list")?), ("equal", kwargs.required("sum_total")?)];
        arguments.extend(ignore_row_if(kwargs));
        Ok(arguments.into())
    }),
];

fn pair(kwargs: &mut Kwargs, relation: &str) -> Result<MappedArguments, Diagnostic> {
    let span = kwargs.span;
    let mut arguments = vec![
        ("left", kwargs.column("column_A")?),
        ("is", Node::derived_text(relation, span)),
        ("right", kwargs.column("column_B")?),
    ];
    arguments.extend(ignore_pair_if(kwargs));
    arguments.push(other_types_unequal(span));
    Ok(arguments.into())
}

fn greater(kwargs: &mut Kwargs) -> Result<MappedArguments, Diagnostic> {
    let relation = if kwargs.flag("or_equal")? { ">=" } else { ">" };
    pair(kwargs, relation)
}

/// Takes columns whose values are equal only if they are equal in Python.
fn unequal_several(kwargs: &mut Kwargs) -> Result<MappedArguments, Diagnostic> {
    let mut mapped = column_list(kwargs)?;
    mapped.arguments.push(other_types_unequal(kwargs.span));
    Ok(mapped)
}

fn column_list(kwargs: &mut Kwargs) -> Result<MappedArguments, Diagnostic> {
    let mut arguments = vec![("columns", kwargs.columns("column_list")?)];
    arguments.extend(ignore_row_if(kwargs));
    Ok(arguments.into())
}

/// Takes `ignore_row_if`, unless it is the default.
fn ignore_row_if(kwargs: &mut Kwargs) -> NamedArguments {
    let mut given = kwargs.renamed(&[("ignore_row_if", "ignore_row_if")]);
    given.retain(|(_, node)| node.text("") != Ok("all_values_are_missing"));
    given
}

fn ignore_pair_if(kwargs: &mut Kwargs) -> NamedArguments {
    let mut given = kwargs.renamed(&[("ignore_row_if", "ignore_row_if")]);
    given.retain(|(_, node)| node.text("") != Ok("both_values_are_missing"));
    for (_, node) in &mut given {
        if node.text("") == Ok("never") {
            *node = Node::derived_plain("neither", node.span);
        }
    }
    given
}

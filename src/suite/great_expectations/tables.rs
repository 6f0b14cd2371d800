//! Expectations on the table, its columns and other tables.

use super::kwargs::Kwargs;
use super::mapping::{MappedArguments, Mapping, column_bounds, row_bounds};
use super::{columns, numbers};
use crate::document::{Diagnostic, Node};

pub(super) const MAPPINGS: &[Mapping] = &[
    Mapping::table("expect_table_row_count_to_be_between", "row_count", row_bounds),
    Mapping::table("expect_table_row_count_to_equal", "row_count", equal),
    Mapping::table("expect_table_column_count_to_be_between", "column_count", column_bounds),
    Mapping::table("expect_table_column_count_to_equal", "column_count", equal),
    Mapping::table("expect_table_columns_to_match_ordered_list", "columns", |kwargs| {
        let Some(list) = kwargs.take("column_list") else { return Ok(any_columns(kwargs)) };
        Ok(vec![("ordered", columns::column_names(&list)?)].into())
    }),
    Mapping::table("expect_table_columns_to_match_set", "columns", set),
    Mapping::column("expect_column_to_exist", "exists", |kwargs| {
        let index = kwargs.take("column_index").map(numbers::whole);
        Ok(index.map(|index| ("index", index)).into_iter().collect::<Vec<_>>().into())
    }),
    Mapping::table("expect_table_row_count_to_equal_other_table", "row_count_same_as", |kwargs| {
        Ok(vec![("data", other_table(kwargs.required("other_table_name")?)?)].into())
    }),
    Mapping::table("unexpected_rows_expectation", "unexpected_rows", |kwargs| {
        Ok(vec![("query", kwargs.required("unexpected_rows_query")?)].into())
    }),
    Mapping::table("expect_query_results_to_match_comparison", "query_matches", comparison),
];

fn equal(kwargs: &mut Kwargs) -> Result<MappedArguments, Diagnostic> {
    Ok(vec![("equal", numbers::whole(kwargs.required("value")?))].into())
}

/// Takes a set of columns. Without a set, the check demands nothing if the match is not exact, and otherwise
/// no columns.
fn set(kwargs: &mut Kwargs) -> Result<MappedArguments, Diagnostic> {
    let exact = kwargs.take("exact_match");
    match kwargs.take("column_set") {
        Some(set) => {
            let mut arguments = vec![("set", columns::column_names(&set)?)];
            arguments
                .extend(exact.filter(|exact| exact.text("") != Ok("true")).map(|exact| ("exact", exact)));
            Ok(arguments.into())
        }
        None if exact.as_ref().is_some_and(|exact| exact.text("") == Ok("false")) => Ok(any_columns(kwargs)),
        None => {
            Ok(MappedArguments::other("column_count", vec![("equal", Node::derived_plain("0", kwargs.span))]))
        }
    }
}

fn any_columns(kwargs: &Kwargs) -> MappedArguments {
    MappedArguments::other("column_count", vec![("min", Node::derived_plain("0", kwargs.span))])
}

/// Returns the path or URI of another table. The name of a table in a data source of Great Expectations is
/// refused.
fn other_table(name: Node) -> Result<Node, Diagnostic> {
    let text = name.text("the path or URI of a table")?;
    if text.contains(['/', '\\']) || text.ends_with(".parquet") {
        return Ok(name);
    }
    let message = format!("{text:?} names a table of a Great Expectations data source");
    Err(Diagnostic::new(name.span, message).help("give the path or URI of the other table"))
}

fn comparison(kwargs: &mut Kwargs) -> Result<MappedArguments, Diagnostic> {
    let source = kwargs.required("comparison_data_source_name")?;
    let text = source.text("the path or URI of a table")?;
    if !text.contains(['/', '\\']) {
        let message = format!("{text:?} is a Great Expectations data source, which karat does not have");
        return Err(Diagnostic::new(source.span, message).help("query_matches compares with another table"));
    }
    let mut arguments = vec![("data", source)];
    arguments.extend(kwargs.renamed(&[
        ("base_query", "query"),
        ("comparison_query", "other"),
        ("mostly", "share"),
    ]));
    Ok(arguments.into())
}

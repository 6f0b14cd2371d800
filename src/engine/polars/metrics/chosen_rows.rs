//! Selects rows of a frame, with only the fields that are needed.

use polars::prelude::{Expr, LazyFrame, PlSmallStr, as_struct};

use crate::engine::polars::expression::to_polars;
use crate::predicate::Typed;

/// Column with all needed fields of a row.
const ROW: &str = "\u{1}chosen row";

/// Selects named fields of the rows that pass a filter, in the frame's order. The filter is part of the
/// expression: a filter in front of it would split the scan. `query` tells apart the queries of one
/// execution, as in [`groups`](super::groups::groups).
pub(in crate::engine::polars) fn chosen(
    frame: &LazyFrame,
    fields: Vec<(PlSmallStr, Expr)>,
    filter: &Typed,
    query: usize,
) -> LazyFrame {
    let row = PlSmallStr::from(format!("{ROW}{query}"));
    let (names, fields): (Vec<_>, Vec<_>) =
        fields.into_iter().map(|(name, field)| (name.clone(), field.alias(name))).unzip();
    let rows = as_struct(fields).filter(to_polars(filter)).alias(row.clone());
    let field = |name: PlSmallStr| Expr::Column(row.clone()).struct_().field_by_name(&name).alias(name);
    frame.clone().select([rows]).select(names.into_iter().map(field).collect::<Vec<_>>())
}

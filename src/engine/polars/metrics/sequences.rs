//! Sequences: each considered row is compared with the rows before it.

use std::sync::Arc;

use polars::prelude::{Expr, LazyFrame, PlSmallStr, SortMultipleOptions, WindowMapping, lit};

use super::chosen_rows::chosen;
use crate::engine::polars::expression::to_polars;
use crate::metric::Sequence;
use crate::predicate::{Comparison, Typed};

/// Columns with the value of a row, and with the value that later rows are compared with.
const VALUE: &str = "\u{1}value";
const BEFORE: &str = "\u{1}before";

/// Selects the considered rows in their order, with the fields that they carry. `query` tells apart the
/// queries of one execution, as in [`groups`](super::groups::groups).
pub(in crate::engine::polars) fn in_order(
    frame: &LazyFrame,
    sequence: &Sequence,
    carried: Vec<Expr>,
    query: usize,
) -> LazyFrame {
    let named = |terms: &[Typed], name: fn(usize) -> PlSmallStr| -> Vec<(PlSmallStr, Expr)> {
        terms.iter().enumerate().map(|(index, term)| (name(index), to_polars(term))).collect()
    };
    let mut fields =
        vec![(VALUE.into(), to_polars(&sequence.value)), (BEFORE.into(), to_polars(&sequence.before))];
    fields.extend(named(&sequence.within, within_name));
    fields.extend(named(&sequence.order_by, order_name));
    fields.extend(carried.into_iter().enumerate().map(|(index, term)| (carried_name(index), term)));
    let rows = chosen(frame, fields, &sequence.filter, query);
    let order =
        (0..sequence.within.len()).map(within_name).chain((0..sequence.order_by.len()).map(order_name));
    let order: Vec<Expr> = order.map(Expr::Column).collect();
    if order.is_empty() {
        rows
    } else {
        rows.sort_by_exprs(order, SortMultipleOptions::default().with_maintain_order(true))
    }
}

/// Returns an expression, over the rows in order, that is true if a row violates the order with its
/// predecessors.
pub(in crate::engine::polars) fn out_of_order(sequence: &Sequence) -> Expr {
    let before = if sequence.greatest { column(BEFORE).cum_max(false) } else { column(BEFORE) };
    let mut before = before.shift(lit(1));
    if !sequence.within.is_empty() {
        let within = (0..sequence.within.len()).map(|index| Expr::Column(within_name(index)));
        before = Expr::Over {
            function: Arc::new(before),
            partition_by: within.collect(),
            order_by: None,
            mapping: WindowMapping::GroupsToRows,
        };
    }
    let value = column(VALUE);
    let stands = match sequence.must_be {
        Comparison::Equal => value.eq(before),
        Comparison::NotEqual => value.neq(before),
        Comparison::Less => value.lt(before),
        Comparison::LessOrEqual => value.lt_eq(before),
        Comparison::Greater => value.gt(before),
        Comparison::GreaterOrEqual => value.gt_eq(before),
    };
    // The first row has no predecessor: its comparison is null, and it is not misplaced.
    stands.not().fill_null(lit(false))
}

/// Returns a field that a row carries, by its index.
pub(in crate::engine::polars) fn carried(index: usize) -> Expr {
    Expr::Column(carried_name(index))
}

fn carried_name(index: usize) -> PlSmallStr {
    PlSmallStr::from(format!("\u{1}carried{index}"))
}

fn within_name(index: usize) -> PlSmallStr {
    PlSmallStr::from(format!("\u{1}within{index}"))
}

fn order_name(index: usize) -> PlSmallStr {
    PlSmallStr::from(format!("\u{1}order{index}"))
}

fn column(name: &'static str) -> Expr {
    Expr::Column(PlSmallStr::from_static(name))
}

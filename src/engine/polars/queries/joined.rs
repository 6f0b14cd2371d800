//! Joins rows with rows of other relations.

use polars::prelude::{
    DataType as PlType, Expr, JoinArgs, JoinCoalesce, JoinType, LazyFrame, Null, PlSmallStr, len, lit, when,
};
use polars_core::prelude::polars_err;

use super::rows::{all, column, grouped};
use crate::data::Field;
use crate::engine::polars::expression::{computed_of, polars_type, to_polars};
use crate::predicate::{JoinKind, Relation, Typed};

/// Column with the same value in all rows, by which one row is joined to all.
const ONE: &str = "\u{1}one";
/// Columns: true if a value was found, the number of values, and the number of nulls among them.
const FOUND: &str = "\u{1}found";
const VALUES: &str = "\u{1}values";
const NULLS: &str = "\u{1}nulls";
/// Column with the value that is looked for.
const SOUGHT: &str = "\u{1}sought";

/// Joins the rows of two relations that have equal keys.
pub(super) fn paired(
    left: LazyFrame,
    right: LazyFrame,
    how: JoinKind,
    on: &[(Typed, Typed)],
    columns: &[Field],
) -> LazyFrame {
    let name = |side: &str, index: usize| PlSmallStr::from(format!("\u{1}{side} key {index}"));
    let mut here: Vec<Expr> = Vec::new();
    let mut there: Vec<Expr> = Vec::new();
    for (index, (one, other)) in on.iter().enumerate() {
        here.push(to_polars(one).alias(name("left", index)));
        there.push(to_polars(other).alias(name("right", index)));
    }
    if on.is_empty() {
        here.push(lit(0_i64).cast(PlType::Int64).alias(name("left", 0)));
        there.push(lit(0_i64).cast(PlType::Int64).alias(name("right", 0)));
    }
    let keys = |side: &str| (0..here.len()).map(|index| Expr::Column(name(side, index))).collect::<Vec<_>>();
    let (left_on, right_on) = (keys("left"), keys("right"));
    let how = match how {
        JoinKind::Inner => JoinType::Inner,
        JoinKind::Left => JoinType::Left,
        JoinKind::Right => JoinType::Right,
        JoinKind::Full => JoinType::Full,
    };
    let args = JoinArgs::new(how).with_coalesce(JoinCoalesce::KeepColumns);
    left.with_columns(here).join(right.with_columns(there), left_on, right_on, args).select(all(columns))
}

/// Adds a column that is true if a value is among those of a relation. As in SQL, it is null where a null may
/// be the value that is looked for.
pub(super) fn among(
    of: LazyFrame,
    value: &Typed,
    values: LazyFrame,
    relation: &Relation,
    columns: &[Field],
) -> LazyFrame {
    let own = relation.columns.first().map_or("", |field| field.name.as_str());
    let present = values.clone().filter(column(own).is_not_null());
    let known = grouped(present, &[column(own)], vec![len().alias("\u{1}size")])
        .select([column(own), lit(true).alias(FOUND)]);
    let facts = values.select([
        len().cast(PlType::Int64).alias(VALUES),
        column(own).null_count().cast(PlType::Int64).alias(NULLS),
    ]);
    let left = || JoinArgs::new(JoinType::Left).with_coalesce(JoinCoalesce::KeepColumns);
    let found = when(column(VALUES).eq(lit(0)))
        .then(lit(false))
        .when(column(FOUND).is_not_null())
        .then(lit(true))
        .when(column(SOUGHT).is_null().or(column(NULLS).gt(lit(0))))
        .then(lit(Null {}).cast(PlType::Boolean))
        .otherwise(lit(false));
    let name = columns.last().map_or("", |field| field.name.as_str());
    let of = of.with_columns([to_polars(value).alias(SOUGHT)]);
    let of = of.join(known, [column(SOUGHT)], [column(own)], left());
    one_beside(of, facts).with_columns([found.alias(name)]).select(all(columns))
}

/// Adds a column with the one value of a relation.
pub(super) fn beside(of: LazyFrame, value: LazyFrame, relation: &Relation, columns: &[Field]) -> LazyFrame {
    let (own, data_type) = match relation.columns.first() {
        Some(field) => (field.name.as_str(), polars_type(&field.data_type)),
        None => ("", PlType::Null),
    };
    let name = columns.last().map_or("", |field| field.name.as_str());
    let single = value.select([column(own).first().alias(name), len().cast(PlType::Int64).alias(VALUES)]);
    // A relation of several rows has no single value.
    let checked = computed_of(vec![column(name), column(VALUES)], data_type, |parts| match parts {
        [value, rows] if rows.i64()?.iter().flatten().all(|rows| rows <= 1) => Ok(value.clone()),
        _ => Err(polars_err!(ComputeError: "a query in the place of a value gives several rows")),
    });
    one_beside(of, single.select([checked.alias(name)])).select(all(columns))
}

/// Joins each row with the one row of another frame.
fn one_beside(of: LazyFrame, one: LazyFrame) -> LazyFrame {
    let there = "\u{1}one there";
    of.with_columns([lit(0_i64).cast(PlType::Int64).alias(ONE)]).join(
        one.with_columns([lit(0_i64).cast(PlType::Int64).alias(there)]),
        [column(ONE)],
        [column(there)],
        JoinArgs::new(JoinType::Left).with_coalesce(JoinCoalesce::KeepColumns),
    )
}

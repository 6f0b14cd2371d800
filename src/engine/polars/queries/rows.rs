//! Converts a relation to a lazy frame.

use polars::prelude::{
    DataType as PlType, Expr, IdxSize, LazyFrame, PlSmallStr, SortMultipleOptions, UnionArgs, concat, len,
    lit,
};

use super::aggregates::aggregated;
use super::joined::{among, beside, paired};
use crate::data::Field;
use crate::engine::EngineError;
use crate::engine::polars::expression::to_polars;
use crate::predicate::{Relation, SetOperation, SortKey, Step, Typed};

/// Column with the number of rows of a group.
const SIZE: &str = "\u{1}size";
/// Column that is true if a row meets a condition.
const JUDGED: &str = "\u{1}judged";
/// Key that is the same for all rows.
const SAME: &str = "\u{1}same";
/// Columns with the number of rows that come from the first of two relations, and from the second.
const LEFT: &str = "\u{1}left";
const RIGHT: &str = "\u{1}right";

/// Returns the rows of a relation over the rows of the table.
pub(super) fn rows(relation: &Relation, table: &LazyFrame) -> Result<LazyFrame, EngineError> {
    let rows = |of: &Relation| rows(of, table);
    Ok(match relation.step.as_ref() {
        Step::Table => table.clone(),
        Step::Filter(of, condition) if is_constant(condition) => {
            // Polars would take a constant without a column for the condition of one row.
            let judged = rows(of)?.with_columns([to_polars(condition).alias(JUDGED)]);
            judged.filter(column(JUDGED)).select(all(&relation.columns))
        }
        Step::Filter(of, condition) => rows(of)?.filter(to_polars(condition)),
        Step::Project(of, values) => {
            let values = values.iter().zip(&relation.columns);
            computed(rows(of)?, values.map(|(value, column)| Computed::of(value, &column.name)).collect())
        }
        Step::Aggregate(of, keys, aggregates) => aggregated(rows(of)?, keys, aggregates, &relation.columns),
        Step::Distinct(of) => distinct(rows(of)?, &relation.columns),
        Step::Sort(of, by) => sorted(rows(of)?, by),
        Step::Slice { of, offset, limit } => {
            let most = limit.map_or(IdxSize::MAX, |limit| IdxSize::try_from(limit).unwrap_or(IdxSize::MAX));
            let from = i64::try_from(*offset).unwrap_or(i64::MAX);
            rows(of)?.slice(from, most)
        }
        Step::Join { left, right, how, on } => paired(rows(left)?, rows(right)?, *how, on, &relation.columns),
        Step::Combine { how, left, right } => combined(*how, rows(left)?, rows(right)?, &relation.columns)?,
        Step::Among { of, value, values } => {
            among(rows(of)?, value, rows(values)?, values, &relation.columns)
        }
        Step::Value { of, value } => beside(rows(of)?, rows(value)?, value, &relation.columns),
    })
}

/// A column that is computed for each row.
#[derive(Clone)]
pub(super) struct Computed {
    pub(super) name: PlSmallStr,
    pub(super) value: Expr,
    /// True if the value is the same for all rows.
    pub(super) constant: bool,
}

impl Computed {
    pub(super) fn of(typed: &Typed, name: &str) -> Self {
        Self { name: name.into(), value: to_polars(typed), constant: is_constant(typed) }
    }
}

pub(super) fn is_constant(typed: &Typed) -> bool {
    let mut constant = true;
    typed.each_column(&mut |_| constant = false);
    constant
}

/// Computes these columns for each row.
pub(super) fn computed(frame: LazyFrame, columns: Vec<Computed>) -> LazyFrame {
    // From constants alone, Polars would make one row.
    let constant = columns.iter().all(|column| column.constant);
    let names: Vec<Expr> = columns.iter().map(|column| Expr::Column(column.name.clone())).collect();
    let values: Vec<Expr> = columns.into_iter().map(|column| column.value.alias(column.name)).collect();
    if constant { frame.with_columns(values).select(names) } else { frame.select(values) }
}

pub(super) fn column(name: &str) -> Expr {
    Expr::Column(name.into())
}

pub(super) fn all(columns: &[Field]) -> Vec<Expr> {
    columns.iter().map(|field| column(&field.name)).collect()
}

/// Removes duplicate rows.
fn distinct(frame: LazyFrame, columns: &[Field]) -> LazyFrame {
    let groups = grouped(frame, &all(columns), vec![len().alias(SIZE)]);
    groups.select(all(columns))
}

/// Groups rows by some columns, and aggregates `found` for each group.
pub(super) fn grouped(frame: LazyFrame, keys: &[Expr], found: Vec<Expr>) -> LazyFrame {
    // Where Polars does not stream, it panics at a single key of 128 bits; several keys are encoded as one of
    // bytes.
    let mut keys = keys.to_vec();
    keys.push(column(SAME));
    frame.with_columns([lit(false).alias(SAME)]).group_by(keys).agg(found)
}

pub(super) fn sorted(frame: LazyFrame, by: &[SortKey]) -> LazyFrame {
    let options = SortMultipleOptions {
        descending: by.iter().map(|key| key.descending).collect(),
        nulls_last: by.iter().map(|key| !key.nulls_first).collect(),
        maintain_order: true,
        ..SortMultipleOptions::default()
    };
    frame.sort_by_exprs(by.iter().map(|key| to_polars(&key.of)).collect::<Vec<_>>(), options)
}

/// Combines two relations of the same columns.
fn combined(
    how: SetOperation,
    left: LazyFrame,
    right: LazyFrame,
    columns: &[Field],
) -> Result<LazyFrame, EngineError> {
    let appended = |left, right| concat([left, right], UnionArgs::default());
    if how == SetOperation::Append {
        return Ok(appended(left, right)?);
    }
    if how == SetOperation::Union {
        return Ok(distinct(appended(left, right)?, columns));
    }
    let marked = |frame: LazyFrame, is_left: bool| {
        frame.with_columns([
            lit(i64::from(is_left)).cast(PlType::Int64).alias(LEFT),
            lit(i64::from(!is_left)).cast(PlType::Int64).alias(RIGHT),
        ])
    };
    let both = appended(marked(left, true), marked(right, false))?;
    let counted = grouped(both, &all(columns), vec![column(LEFT).sum(), column(RIGHT).sum()]);
    let other = match how {
        SetOperation::Except => column(RIGHT).eq(lit(0)),
        _ => column(RIGHT).gt(lit(0)),
    };
    Ok(counted.filter(column(LEFT).gt(lit(0)).and(other)).select(all(columns)))
}

//! Group metrics: one grouping beside the `select`, and a `select` of statistics on its groups.

use std::f64::consts::E;

use polars::prelude::{
    DataType, Expr, LazyFrame, PlSmallStr, SortMultipleOptions, SortOptions, as_struct, len, lit, when,
};

use crate::data::Value;
use crate::metric::{GroupStatistic, Grouping};
use crate::predicate::{Term, Typed, to_polars, value_series};
use crate::source::ROW_COLUMN;

/// The number of rows of a group.
const SIZE: &str = "\u{1}size";
/// The number of the first row of a group.
const FIRST: &str = "\u{1}first";
/// Whether the rows of a group pass the filter.
const KEPT: &str = "\u{1}kept";

/// The groups of a grouping's rows, as a frame with the keys as columns. `query` tells apart the
/// groupings of one execution: of two queries that share more than their scan, the engine shares
/// that and scans once more for it.
pub(super) fn groups(frame: &LazyFrame, grouping: &Grouping, query: usize) -> LazyFrame {
    let size = PlSmallStr::from(format!("{SIZE}{query}"));
    groups_with(frame, grouping, vec![len().alias(size.clone())], vec![Expr::Column(size).alias(SIZE)])
}

/// The same of a frame that numbers its rows, with the first row of each group.
pub(super) fn placed_groups(frame: &LazyFrame, grouping: &Grouping, query: usize) -> LazyFrame {
    let (size, first) =
        (PlSmallStr::from(format!("{SIZE}{query}")), PlSmallStr::from(format!("{FIRST}{query}")));
    let found = vec![len().alias(size.clone()), column(ROW_COLUMN).min().alias(first.clone())];
    let named = vec![Expr::Column(size).alias(SIZE), Expr::Column(first).alias(FIRST)];
    groups_with(frame, grouping, found, named)
}

/// The groups with what is found of each, under its final names.
fn groups_with(frame: &LazyFrame, grouping: &Grouping, found: Vec<Expr>, named: Vec<Expr>) -> LazyFrame {
    let grouped = |keys: &[Expr]| frame.clone().group_by(keys).agg(found);
    let keys = grouping.keys.iter().map(to_polars);
    let passes = to_polars(&grouping.filter);
    if filters_by_keys(grouping) {
        // The filter can be asked of the groups as well as of the rows.
        let keys: Vec<Expr> = keys.collect();
        let names = keys.iter().enumerate().map(|(index, key)| key.clone().alias(key_name(index)));
        let columns: Vec<Expr> = names.chain(named).chain([passes.alias(KEPT)]).collect();
        return grouped(&keys).select(columns);
    }
    let kept_keys = keys.enumerate().map(|(index, key)| {
        when(passes.clone()).then(key).otherwise(lit(polars::prelude::Null {})).alias(key_name(index))
    });
    let keys: Vec<Expr> = kept_keys.chain([passes.clone().alias(KEPT)]).collect();
    let names = (0..grouping.keys.len()).map(group_key);
    let columns: Vec<Expr> = names.chain(named).chain([column(KEPT)]).collect();
    grouped(&keys).select(columns)
}

/// Whether the keys are plain columns and the filter reads no others.
fn filters_by_keys(grouping: &Grouping) -> bool {
    let plain = |typed: &Typed| matches!(&typed.term, Term::Column(path) if path.parts().len() == 1);
    let mut only_keys = grouping.keys.iter().all(plain);
    grouping.filter.each_column(&mut |path| {
        only_keys &= grouping.keys.iter().any(|key| key.term == Term::Column(path.clone()));
    });
    only_keys
}

/// A statistic of groups, as an expression over their frame.
pub(super) fn statistic(grouping: &Grouping, statistic: &GroupStatistic) -> Expr {
    let kept = || column(KEPT);
    let duplicated = || kept().and(column(SIZE).gt(lit(1)));
    match statistic {
        GroupStatistic::Distinct => kept().sum(),
        GroupStatistic::DuplicatedRows => column(SIZE).filter(duplicated()).sum(),
        GroupStatistic::DuplicatedKeys { limit } => {
            let keys: Vec<Expr> = (0..grouping.keys.len()).map(group_key).collect();
            as_struct(keys)
                .filter(duplicated())
                .sort_by([column(FIRST).filter(duplicated())], SortMultipleOptions::default())
                .head(Some(*limit))
                .implode(true)
        }
        GroupStatistic::OutsideCount(values) => outside(grouping, values).sum(),
        GroupStatistic::Outside { values, limit } => group_key(0)
            .filter(outside(grouping, values))
            .sort(SortOptions::default())
            .head(Some(*limit))
            .implode(true),
        GroupStatistic::Inside(values) => group_key(0)
            .filter(kept().and(inside(grouping, values)))
            .sort(SortOptions::default())
            .implode(true),
        GroupStatistic::Singles => kept().and(column(SIZE).eq(lit(1))).sum(),
        GroupStatistic::ModeCount => is_mode().sum(),
        GroupStatistic::Modes { limit } => {
            group_key(0).filter(is_mode()).sort(SortOptions::default()).head(Some(*limit)).implode(true)
        }
        GroupStatistic::ModesInside(values) => group_key(0)
            .filter(is_mode().and(inside(grouping, values)))
            .sort(SortOptions::default())
            .implode(true),
        GroupStatistic::Entropy => entropy(&column(SIZE).filter(kept()).cast(DataType::Float64)),
        GroupStatistic::Counts { limit } => {
            let keys: Vec<Expr> = (0..grouping.keys.len()).map(group_key).collect();
            let by: Vec<Expr> = keys.iter().map(|key| key.clone().filter(kept())).collect();
            let least = |list: Expr| {
                list.filter(kept())
                    .sort_by(by.clone(), SortMultipleOptions::default())
                    .head(Some(*limit))
                    .implode(true)
            };
            as_struct(keys.into_iter().chain([column(SIZE)]).map(least).collect())
        }
    }
}

/// Whether a group is one of the largest.
fn is_mode() -> Expr {
    let kept = column(KEPT);
    kept.clone().and(column(SIZE).eq(column(SIZE).filter(kept).max()))
}

/// The entropy of groups of these sizes.
fn entropy(sizes: &Expr) -> Expr {
    let rows = || sizes.clone().sum();
    let share = || sizes.clone() / rows();
    // From zero: the negation of a sum that is 0 would be -0.
    let entropy = lit(0.0) - (share() * share().log(lit(E))).sum();
    when(rows().gt(lit(0.0))).then(entropy).otherwise(lit(polars::prelude::Null {}))
}

fn outside(grouping: &Grouping, values: &[Value]) -> Expr {
    column(KEPT).and(inside(grouping, values).not())
}

fn inside(grouping: &Grouping, values: &[Value]) -> Expr {
    match grouping.keys.first() {
        Some(typed) if !values.is_empty() => {
            group_key(0).is_in(lit(value_series(values, &typed.data_type)).implode(true), false)
        }
        _ => lit(false),
    }
}

/// Whether the rows of a group pass the filter.
pub(super) fn kept() -> Expr {
    column(KEPT)
}

/// The number of rows of a group.
pub(super) fn size() -> Expr {
    column(SIZE)
}

/// A key of a group, over the frame of groups.
pub(super) fn group_key(index: usize) -> Expr {
    Expr::Column(key_name(index))
}

fn key_name(index: usize) -> PlSmallStr {
    PlSmallStr::from(format!("\u{1}key{index}"))
}

fn column(name: &'static str) -> Expr {
    Expr::Column(PlSmallStr::from_static(name))
}

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
    grouped(frame, grouping, &[], &[sizes()], query)
}

/// The same of a frame that numbers its rows, with the first row of each group.
pub(super) fn placed_groups(frame: &LazyFrame, grouping: &Grouping, query: usize) -> LazyFrame {
    grouped(frame, grouping, &[], &[sizes(), (FIRST, column(ROW_COLUMN).min())], query)
}

/// The same within the groups that further keys make of all rows: these are columns too.
pub(super) fn groups_within(
    frame: &LazyFrame,
    grouping: &Grouping,
    outer: &[Typed],
    query: usize,
) -> LazyFrame {
    grouped(frame, grouping, outer, &[sizes()], query)
}

fn sizes() -> (&'static str, Expr) {
    (SIZE, len())
}

/// Groups with what is found of each.
fn grouped(
    frame: &LazyFrame,
    grouping: &Grouping,
    outer: &[Typed],
    found: &[(&str, Expr)],
    query: usize,
) -> LazyFrame {
    let own = |name: &str| PlSmallStr::from(format!("{name}{query}"));
    let aggregates: Vec<Expr> = found.iter().map(|(name, of)| of.clone().alias(own(name))).collect();
    let found = found.iter().map(|(name, _)| Expr::Column(own(name)).alias(*name));
    let keys = grouping.keys.iter().map(to_polars);
    let passes = to_polars(&grouping.filter);
    if outer.is_empty() && filters_by_keys(grouping) {
        // The filter can be asked of the groups as well as of the rows.
        let keys: Vec<Expr> = keys.collect();
        let named = keys.iter().enumerate().map(|(index, key)| key.clone().alias(key_name(index)));
        let columns: Vec<Expr> = named.chain(found).chain([passes.alias(KEPT)]).collect();
        // The engine groups by no column twice.
        let mut distinct: Vec<Expr> = Vec::with_capacity(keys.len());
        for key in keys {
            if !distinct.contains(&key) {
                distinct.push(key);
            }
        }
        return frame.clone().group_by(&distinct).agg(aggregates).select(columns);
    }
    let kept_keys = keys.enumerate().map(|(index, key)| {
        let null = lit(polars::prelude::Null {});
        when(passes.clone()).then(key).otherwise(null).alias(key_name(index))
    });
    let outer_keys = outer.iter().enumerate().map(|(index, key)| to_polars(key).alias(outer_name(index)));
    let keys: Vec<Expr> = kept_keys.chain(outer_keys).chain([passes.clone().alias(KEPT)]).collect();
    let names = (0..grouping.keys.len()).map(group_key).chain((0..outer.len()).map(outer_key));
    let columns: Vec<Expr> = names.chain(found).chain([column(KEPT)]).collect();
    frame.clone().group_by(&keys).agg(aggregates).select(columns)
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

/// A key of the groups that a group lies within.
pub(super) fn outer_key(index: usize) -> Expr {
    Expr::Column(outer_name(index))
}

fn outer_name(index: usize) -> PlSmallStr {
    PlSmallStr::from(format!("\u{1}outer{index}"))
}

fn key_name(index: usize) -> PlSmallStr {
    PlSmallStr::from(format!("\u{1}key{index}"))
}

fn column(name: &'static str) -> Expr {
    Expr::Column(PlSmallStr::from_static(name))
}
